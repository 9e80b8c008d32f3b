import { AfterimageError } from '../contract/index.ts';
import { isLoopback } from './private-address.ts';

const PUBLIC_HUB = 'https://huggingface.co';

/** @returns null for what is no address */
export const parseAddress = (text: string, base?: URL): URL | null =>
  URL.canParse(text, base?.href) ? new URL(text, base) : null;

/** Encrypted, or within this machine. */
export const isSafe = (url: URL): boolean => url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url));

/**
 * The hub or its mirror, as `HF_ENDPOINT` names it.
 *
 * @throws AfterimageError `invalid-request` when that is no address that may be used
 */
export const endpoint = (text: string = process.env.HF_ENDPOINT ?? ''): URL => {
  const url = parseAddress(text === '' ? PUBLIC_HUB : text);
  if (url === null || !isSafe(url) || url.username !== '') {
    throw new AfterimageError(
      'invalid-request',
      `HF_ENDPOINT names “${text}”, from which no model can be fetched. Give an https address without a user name, as in ${PUBLIC_HUB}.`,
    );
  }
  return url;
};

/** `<hub>/<repository>/resolve/<revision>/<path>`. @see https://huggingface.co/docs/hub/models-downloading */
export const fileAddress = (hub: URL, repository: string, revision: string, path: string): URL =>
  new URL(`${hub.origin}${hub.pathname.replace(/\/+$/u, '')}/${repository}/resolve/${revision}/${path}`);
