import { lookup, type LookupAddress, type LookupOptions } from 'node:dns';
import { isSafe, parseAddress } from './address.ts';
import { isPrivateAddress, namesPrivatePlace } from './private-address.ts';

type Looked = (error: Error | null, address: string | LookupAddress[], family?: number) => void;
type Lookup = (hostname: string, options: LookupOptions, callback: Looked) => void;

/** A name that leads to a place where we do not go. */
export class PrivatePlace extends Error {
  override readonly name = 'PrivatePlace';
}

/**
 * Where a hub may send us: to encrypted addresses on the internet. To this machine, or a network around it, leads only a hub
 * that the person has chosen there. Names are judged by the addresses that they stand for when a connection is made.
 */
export class Destinations {
  readonly #hub: URL;
  readonly #resolve: typeof lookup;
  #isHubPrivate: boolean;

  /** @param hub as the person has configured it */
  constructor(hub: URL, resolve: typeof lookup = lookup) {
    this.#hub = hub;
    this.#resolve = resolve;
    this.#isHubPrivate = namesPrivatePlace(hub);
  }

  /** @returns null when we do not go where an answer from `from` sends us */
  next(from: URL, location: string): URL | null {
    const url = parseAddress(location, from);
    if (url === null || !isSafe(url) || url.username !== '') return null;
    return namesPrivatePlace(url) && !this.#isHubPrivate ? null : url;
  }

  /** Looks a name up for a connection; fails with `PrivatePlace` for one that leads where we do not go. */
  readonly lookup: Lookup = (hostname, options, callback) => {
    // All at once: each of them may be connected to.
    this.#resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) {
        callback(error, '');
        return;
      }
      const isPrivate = addresses.some(({ address }) => isPrivateAddress(address));
      if (hostname === this.#hub.hostname) this.#isHubPrivate ||= isPrivate;
      else if (isPrivate && !this.#isHubPrivate) {
        callback(new PrivatePlace(`${hostname} leads to this computer or its network`), '');
        return;
      }
      const [first] = addresses;
      if (options.all === true) callback(null, addresses);
      else callback(null, first?.address ?? '', first?.family);
    });
  };
}
