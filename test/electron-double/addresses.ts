/** Schemes of the program's own; Chromium knows none of them, so each has a name below `.localhost` there. */
const schemes = new Set<string>();
const TAIL = '.localhost';

export const registerScheme = (scheme: string): void => void schemes.add(scheme);

/** `app://host/path` as Chromium gets it. */
export const toBrowser = (address: string): string => {
  const {
    scheme = '',
    host = '',
    rest = '',
  } = /^(?<scheme>[a-z]+):\/\/(?<host>[^/?#]+)(?<rest>.*)$/su.exec(address)?.groups ?? {};
  return schemes.has(scheme) ? `http://${host}.${scheme}${TAIL}${rest === '' ? '/' : rest}` : address;
};

/** The address as the program knows it. */
export const toProgram = (address: string): string => {
  const {
    host = '',
    scheme = '',
    rest = '',
  } = /^http:\/\/(?<host>[^/?#]+)\.(?<scheme>[a-z]+)\.localhost(?<rest>.*)$/su.exec(address)?.groups ?? {};
  return schemes.has(scheme) ? `${scheme}://${host}${rest}` : address;
};
