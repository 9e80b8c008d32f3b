/** Networks of version 4 that are not the internet: this machine, those around it, and what is reserved. @see RFC 6890 */
const PRIVATE_4 = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const;

/** The same of version 6, by the bits of its first group: unique local, link-local with the former site-local, multicast. */
const PRIVATE_6 = [
  [0xfc00, 7],
  [0xfe80, 9],
  [0xff00, 8],
] as const;

const VERSION_4 = /^\d{1,3}(?:\.\d{1,3}){3}$/u;

const numberOf = (address: string): number =>
  address.split('.').reduce((number, part) => number * 256 + Number(part), 0);

const isPrivate4 = (address: number): boolean =>
  PRIVATE_4.some(([network, bits]) => Math.floor(address / 2 ** (32 - bits)) === numberOf(network) / 2 ** (32 - bits));

/** The eight groups of an address as URLs write it: in small letters, shortened, without dots. */
const groupsOf = (address: string): readonly number[] => {
  const [head = [], tail = []] = address.split('::').map((half) => half.split(':').filter((group) => group !== ''));
  const zeros = Array.from({ length: 8 - head.length - tail.length }, () => '0');
  return [...head, ...zeros, ...tail].map((group) => Number.parseInt(group, 16));
};

const isPrivate6 = (address: string): boolean => {
  const groups = groupsOf(address);
  const pair = (at: number): number => (groups[at] ?? 0) * 65_536 + (groups[at + 1] ?? 0);
  const startsWith = (...start: readonly number[]): boolean => start.every((group, at) => groups[at] === group);
  // An address of version 4 at the end, plain or mapped, or translated by a network that has none of them; and in 6to4.
  const isAtEnd = [
    [0, 0, 0, 0, 0, 0],
    [0, 0, 0, 0, 0, 0xffff],
    [0x64, 0xff9b, 0, 0, 0, 0],
  ].some((start) => startsWith(...start));
  if (isAtEnd) return isPrivate4(pair(6));
  if (startsWith(0x2002)) return isPrivate4(pair(1));
  return PRIVATE_6.some(([network, bits]) => (groups[0] ?? 0) >> (16 - bits) === network >> (16 - bits));
};

/**
 * Whether an IP address belongs to this machine or to a network that is not the internet.
 *
 * @param address of version 4 or 6, in any notation; a zone (`%eth0`) is left out
 */
export const isPrivateAddress = (address: string): boolean => {
  if (VERSION_4.test(address)) return isPrivate4(numberOf(address));
  const url = `http://[${address.replace(/%.*$/u, '')}]/`;
  // What is no address is nowhere to go to.
  return !URL.canParse(url) || isPrivate6(new URL(url).hostname.slice(1, -1));
};

/** What stands in brackets in a URL, without them; a full stop at the end of a name says nothing. */
const hostOf = ({ hostname }: URL): string => hostname.replaceAll(/^\[|\]$|\.$/gu, '');

const isAddress = (host: string): boolean => VERSION_4.test(host) || host.includes(':');

/** Names that are given out within a network only, and all without a dot. */
const LOCAL_NAME = /(?:^|\.)(?:localhost|local|internal|lan|home\.arpa)$|^[^.]*$/u;

/** Whether a URL names this machine. */
export const isLoopback = (url: URL): boolean => {
  const host = hostOf(url);
  return host === '::1' || /(?:^|\.)localhost$/u.test(host) || (VERSION_4.test(host) && host.startsWith('127.'));
};

/** Whether a URL by itself names a place that is not on the internet; other names may still lead to one. */
export const namesPrivatePlace = (url: URL): boolean => {
  const host = hostOf(url);
  return isAddress(host) ? isPrivateAddress(host) : LOCAL_NAME.test(host);
};
