import type { Session } from 'electron';

/** Permissions the page has, each with its reason. Whatever is not here is denied. */
const GRANTED: ReadonlyMap<string, string> = new Map([
  ['clipboard-sanitized-write', 'A link to a search, or a command from a notice, is copied as text.'],
]);

/** Denies every permission that has no reason in the table: when it is asked for, and when it is only looked up. */
export const guardPermissions = (
  session: Pick<Session, 'setPermissionRequestHandler' | 'setPermissionCheckHandler' | 'setDevicePermissionHandler'>,
  isOurs: (address: string) => boolean,
): void => {
  session.setPermissionRequestHandler((_contents, permission, answer, { requestingUrl, isMainFrame }) => {
    answer(isMainFrame && isOurs(requestingUrl) && GRANTED.has(permission));
  });
  session.setPermissionCheckHandler((_contents, permission, origin) => isOurs(origin) && GRANTED.has(permission));
  session.setDevicePermissionHandler(() => false);
};
