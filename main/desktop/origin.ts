/**
 * Where the window's page lives: a scheme that only this program answers. Links from outside have another one,
 * `afterimage:`, so that nobody else can name a page of ours, and no link has a page's rights.
 */
export const PAGE_SCHEME = 'app';
export const ORIGIN = `${PAGE_SCHEME}://afterimage`;

/** Whether an address is one of our page's; compared by its parsed parts, never by how it begins. */
export const isOurs = (address: string): boolean => {
  if (!URL.canParse(address)) return false;
  const { protocol, host, username, password } = new URL(address);
  return `${protocol}//${host}` === ORIGIN && username === '' && password === '';
};
