import type { Dialog, Shell } from 'electron';
import { words } from '../words.ts';

/** Places that the interface itself points at, each with its reason. Anything else is asked about first. */
const KNOWN_HOSTS: ReadonlyMap<string, string> = new Map([
  ['huggingface.co', 'Pages and licences of models in the catalogue.'],
  ['github.com', 'Sources and licences of models in the catalogue.'],
  ['www.apache.org', 'The Apache licence.'],
  ['opensource.org', 'The MIT licence.'],
  ['creativecommons.org', 'Licences of data.'],
]);

/** The parsed address when it may be shown to a person at all: https, without a name or password in it. */
export const webAddress = (address: string): URL | null => {
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  return url.protocol === 'https:' && url.username === '' && url.password === '' ? url : null;
};

/**
 * The one way to the system's browser. Any other scheme could start any other program; an unknown place is opened only
 * when the person says so.
 */
export const externalOpener =
  (shell: Pick<Shell, 'openExternal'>, dialog: Pick<Dialog, 'showMessageBox'>) =>
  async (address: string): Promise<void> => {
    const url = webAddress(address);
    if (url === null) return;
    if (!KNOWN_HOSTS.has(url.host)) {
      const { response } = await dialog.showMessageBox({
        type: 'question',
        message: words.openAddress(url.host),
        detail: url.href.slice(0, 500),
        buttons: [words.cancel, words.openInBrowser],
        defaultId: 0,
        cancelId: 0,
      });
      if (response !== 1) return;
    }
    await shell.openExternal(url.href);
  };
