import type { Session } from 'electron';
import { isOurs, PAGE_SCHEME } from '../origin.ts';
import { guardPermissions } from './permissions.ts';

/** What a window may load, each with its reason. */
const LOADED: ReadonlyMap<string, string> = new Map([
  [`${PAGE_SCHEME}:`, 'The interface, and photos by their id.'],
  ['blob:', 'A picture that was dropped, and the file of an export.'],
  ['devtools:', 'The tools of a developer.'],
]);

const schemeOf = (address: string): string => (URL.canParse(address) ? new URL(address).protocol : '');

/** Closes a session to the network: nothing is fetched but what this program answers itself, nothing is looked up. */
export const guardSession = (
  session: Pick<
    Session,
    | 'setPermissionRequestHandler'
    | 'setPermissionCheckHandler'
    | 'setDevicePermissionHandler'
    | 'webRequest'
    | 'setSpellCheckerEnabled'
    | 'on'
  >,
): void => {
  guardPermissions(session, isOurs);
  // Elsewhere than on macOS its dictionaries would be downloaded.
  session.setSpellCheckerEnabled(false);
  session.webRequest.onBeforeRequest(({ url }, answer) => {
    const scheme = schemeOf(url);
    answer({ cancel: !LOADED.has(scheme) || (scheme === `${PAGE_SCHEME}:` && !isOurs(url)) });
  });
  // The interface saves one kind of file: an export that it made itself.
  session.on('will-download', (event, item) => {
    if (schemeOf(item.getURL()) !== 'blob:') event.preventDefault();
  });
};
