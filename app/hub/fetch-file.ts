import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { OwnFolder } from '../base/disk.ts';
import { givenUp, Interrupted, refused } from './failures.ts';
import type { Answer, Hub, Stated } from './hub.ts';
import { Part } from './part.ts';
import { fileSize, hashOf, type Pin } from './pins.ts';

/** How much is borne before a download is given up; milliseconds where nothing else is said. */
export interface Limits {
  /** Files that are fetched at the same time. */
  readonly connections: number;
  /** Tries in a row that bring little or nothing. */
  readonly attempts: number;
  /** The first wait between two tries; each further one is twice as long. */
  readonly backoff: number;
  /** A server that asks for more patience than this is believed, and asked another day. */
  readonly patience: number;
  /** Silence after which a connection is given up. */
  readonly stall: number;
}

/** A file as it is to be; null where only the hub says it. */
export interface Wanted {
  readonly path: string;
  readonly bytes: number | null;
  readonly sha256: string | null;
}

export interface Fetching {
  readonly hub: Hub;
  /** Where the file's path begins. */
  readonly folder: string;
  readonly limits: Limits;
  readonly signal: AbortSignal;
  /** Called with the bytes that are there, as often as some arrive. */
  readonly onBytes: (bytes: number) => void;
}

/** A connection that brought this much was worth it: the tries are counted anew. */
const WORTH_BYTES = 2 ** 20;
/** What nobody vouches for is taken up to this size only: settings, no graph. */
const UNVOUCHED_BYTES = 2 ** 20;
/** Tries before anything came from a hub: somebody without a network is not kept waiting. */
const FIRST_CONTACT = 2;

/**
 * Fetches one file to `<folder>/<path>`, or goes on where a former run ended. It stands there once it is verified; until
 * then, and after a failure that another try may mend, there is a `.part`.
 *
 * @returns its size and SHA-256
 * @throws AfterimageError `download-failed`, `offline`, `disk-full`; whatever the signal makes of it when it is aborted
 */
export const fetchFile = async (wanted: Wanted, url: URL, fetching: Fetching): Promise<Pin> => {
  const target = join(fetching.folder, wanted.path);
  const there = await verified(target, wanted);
  if (there !== null) {
    fetching.onBytes(there.bytes);
    return there;
  }
  const own = new OwnFolder(fetching.folder);
  if (dirname(target) === own.path) await own.create();
  else await own.makeFolder(dirname(target));
  const part = await Part.open(own, target);
  try {
    await fillRightly(part, wanted, url, fetching);
    await part.keep();
    return { path: wanted.path, bytes: part.bytes, sha256: part.sha256 };
  } finally {
    await part.close();
  }
};

/** A file that a former run has put in its place; one that is wrong goes. */
const verified = async (target: string, wanted: Wanted): Promise<Pin | null> => {
  const bytes = await fileSize(target);
  if (bytes === null) return null;
  const sha256 = await hashOf(target);
  if (bytes === (wanted.bytes ?? bytes) && sha256 === (wanted.sha256 ?? sha256))
    return { path: wanted.path, bytes, sha256 };
  await new OwnFolder(dirname(target)).remove(target);
  return null;
};

const fillRightly = async (part: Part, wanted: Wanted, url: URL, fetching: Fetching): Promise<void> => {
  // What a crash left on the disk is no fault of the server's: one more try.
  for (let tries = part.bytes > 0 ? 2 : 1; tries > 0; tries--) {
    const stated = await fill(part, wanted, url, fetching);
    const problem = await wrongBytes(part, wanted, stated);
    if (problem === null) return;
    await part.restart();
    if (tries === 1) throw refused(url, problem);
  }
};

const wrongBytes = async (part: Part, wanted: Wanted, stated: Stated): Promise<string | null> => {
  const sha256 = wanted.sha256 ?? stated.sha256;
  if (sha256 !== null)
    return sha256 === part.sha256
      ? null
      : `what arrived is not the file that was asked for (SHA-256 ${part.sha256} instead of ${sha256}), and was deleted`;
  if (isUnvouched(part.bytes, wanted, stated)) return UNVOUCHED;
  // Small files are known by git's name for them only.
  if (stated.blobSha1 === null || stated.blobSha1 === (await part.blobSha1())) return null;
  return `what arrived is not the file that the hub describes (git's ${stated.blobSha1}), and was deleted`;
};

const UNVOUCHED =
  'neither the catalogue nor the hub says what it should hold, so nobody could tell whether it is right';

const isUnvouched = (bytes: number, { sha256 }: Wanted, stated: Stated): boolean =>
  bytes > UNVOUCHED_BYTES && (sha256 ?? stated.sha256 ?? stated.blobSha1) === null;

/** Tries until the file is whole. @returns what the hub says it should be */
const fill = async (part: Part, wanted: Wanted, url: URL, fetching: Fetching): Promise<Stated> => {
  const { hub, limits, signal } = fetching;
  for (let failures = 0; ;) {
    const before = part.bytes;
    try {
      return await attempt(part, wanted, url, fetching);
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
      failures = part.bytes - before >= WORTH_BYTES ? 1 : failures + 1;
      const wait = error.waitMs ?? limits.backoff * 2 ** (failures - 1);
      const isEnough = failures >= (hub.answered ? limits.attempts : Math.min(FIRST_CONTACT, limits.attempts));
      if (isEnough || wait > limits.patience) throw givenUp(url, error, hub.answered);
      await pause(wait, undefined, { signal });
    }
  }
};

const attempt = async (part: Part, wanted: Wanted, url: URL, { hub, signal, onBytes }: Fetching): Promise<Stated> => {
  if (wanted.bytes !== null && part.bytes > wanted.bytes) await part.restart();
  onBytes(part.bytes);
  if (wanted.sha256 !== null && wanted.bytes === part.bytes) return NOTHING_STATED;
  const answer = await hub.get(url, part.bytes, signal);
  try {
    const told = await lengthSaid(part, answer, url);
    const expected = wanted.bytes ?? answer.stated.bytes ?? told;
    // A page that stands in for the file, as a network's login does, costs nothing that was fetched before.
    for (const size of [answer.stated.bytes, told])
      if (size !== null && size !== expected)
        throw refused(url, `it has ${size} bytes there instead of the ${expected ?? 0} that it should have`);
    if (isUnvouched(expected ?? 0, wanted, answer.stated)) throw refused(url, UNVOUCHED);
    if (answer.status === 416) return answer.stated;
    if (answer.status === 200) await part.restart();
    for await (const chunk of arriving(answer.body)) {
      await part.append(chunk);
      onBytes(part.bytes);
      if (expected !== null && part.bytes > expected) {
        await part.restart();
        throw refused(url, `more arrived than the ${expected} bytes that it should have, and was deleted`);
      }
    }
    if (expected !== null && part.bytes < expected) throw new Interrupted('the connection ended early');
    return answer.stated;
  } catch (error) {
    throw Interrupted.of(error, signal);
  } finally {
    answer.body.destroy();
  }
};

/** A body without encoding, chunk by chunk; all that came before the connection broke, and only then the error. */
const arriving = async function* (body: Readable): AsyncGenerator<Buffer> {
  try {
    yield* body;
  } catch (error) {
    // Iterating leaves out what a broken stream still holds.
    for (let rest: unknown; (rest = body.read()) instanceof Buffer;) yield rest;
    throw error;
  }
};

const NOTHING_STATED: Stated = { bytes: null, sha256: null, blobSha1: null };

/**
 * Looks whether an answer fits the part.
 *
 * @returns how long the answer says the file is
 * @throws Interrupted for what another try may mend, AfterimageError `download-failed`
 */
const lengthSaid = async (part: Part, { status, header }: Answer, url: URL): Promise<number | null> => {
  if (status === 200) {
    const length = header('content-length');
    return length === null ? null : Number(length);
  }
  if (status === 206 || status === 416) {
    const [, start, total] = /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/u.exec(header('content-range') ?? '') ?? [];
    const size = total === undefined || total === '*' ? null : Number(total);
    if (status === 206 ? Number(start) === part.bytes : size === part.bytes) return size;
    await part.restart();
    throw new Interrupted(`other bytes were sent than asked for (${status})`, { status });
  }
  if (status === 408 || status === 429 || status >= 500) throw busy(status, header('retry-after') ?? '');
  throw refused(url, `${url.host} answers ${status}${MEANINGS[status] ?? ''}`, status);
};

const MEANINGS: Readonly<Record<number, string>> = {
  401: ', that is, asks for a login',
  403: ', that is, refuses it',
  404: ', that is, does not have it',
};

/** @param retryAfter seconds, or a date */
const busy = (status: number, retryAfter: string): Interrupted => {
  const ms = /^\d+$/u.test(retryAfter) ? Number(retryAfter) * 1000 : Date.parse(retryAfter) - Date.now();
  if (Number.isNaN(ms)) return new Interrupted(`the server answers ${status}`, { status });
  const waitMs = Math.max(0, ms);
  const seconds = Math.ceil(waitMs / 1000);
  return new Interrupted(`the server answers ${status} and wants to be asked in ${seconds} s again`, {
    status,
    waitMs,
  });
};
