// The bridge's end in the page's own world: makes functions of the names that the preload script exposes. CHANNEL is a
// random name that replaces itself here; this runs before every script of the page.
{
  const channel = 'CHANNEL';
  const pending = new Map<number, { resolve: (value: unknown) => void; reject: (error: unknown) => void }>();
  let next = 0;
  const define = (name: string, members: readonly string[]): void => {
    const api = Object.fromEntries(
      members.map((member) => [
        member,
        (...args: unknown[]): Promise<unknown> =>
          new Promise((resolve, reject) => {
            const id = next++;
            pending.set(id, { resolve, reject });
            window.dispatchEvent(new CustomEvent(`${channel}:call`, { detail: { id, name, member, args } }));
          }),
      ]),
    );
    Object.defineProperty(window, name, { value: Object.freeze(api), enumerable: true });
  };
  window.addEventListener(`${channel}:expose`, (event) => {
    const { name, members } = (event as CustomEvent<{ name: string; members: string[] }>).detail;
    if (!(name in window)) define(name, members);
  });
  window.addEventListener(`${channel}:result`, (event) => {
    const { id, value, error } = (event as CustomEvent<{ id: number; value?: unknown; error?: string }>).detail;
    const entry = pending.get(id);
    pending.delete(id);
    if (error === undefined) entry?.resolve(value);
    else entry?.reject(new Error(error));
  });
  window.dispatchEvent(new CustomEvent(`${channel}:hello`));
}
