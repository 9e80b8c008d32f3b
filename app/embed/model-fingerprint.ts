import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { z } from 'zod';
import { openRegular, readJsonBounded } from '../base/read.ts';
import { writeCache } from './write-cache.ts';

const fingerprintSchema = z.object({
  /** SHA-256 of the preprocessing, the graph and the weights beside it. */
  fingerprint: z.string().length(64),
  /** Of the graph and the weights beside it. */
  bytes: z.int().nonnegative(),
});
export type Fingerprint = Readonly<z.infer<typeof fingerprintSchema>>;

/** By path of the graph; `stamp` is all that its files and the preprocessing show without being read. */
const cacheSchema = z.record(z.string(), fingerprintSchema.extend({ stamp: z.string() }));
const MAX_CACHE_BYTES = 4e6;
/** Graphs that are remembered; of more than that, those that were read first are forgotten. */
const REMEMBERED = 500;
type Cache = z.infer<typeof cacheSchema>;

/** A file that was written this short a time ago may be written again within one tick of its file system's clock. */
const SETTLED_MS = 2000;

/**
 * What tells an image graph and its preprocessing from others.
 *
 * @param files the graph, then the weights beside it
 * @param prepared the preprocessing as text
 * @param cache a JSON file that remembers those of files that have not changed: a large model takes seconds to read
 */
export const fingerprintOf = async (
  files: readonly string[],
  prepared: string,
  cache: string | undefined,
): Promise<Fingerprint> => {
  const [graph = ''] = files;
  const { stamp, isSettled } = await stampOf(files, prepared);
  const known = cache === undefined ? undefined : (await readCache(cache))[graph];
  if (known?.stamp === stamp) return { fingerprint: known.fingerprint, bytes: known.bytes };
  const read = await hashOf(files, prepared);
  // What changed while it was read has to be read again next time.
  if (cache !== undefined && isSettled && (await stampOf(files, prepared)).stamp === stamp) {
    const others = Object.entries(await readCache(cache)).filter(([other]) => other !== graph);
    const entries: Cache = Object.fromEntries([...others.slice(1 - REMEMBERED), [graph, { ...read, stamp }]]);
    await writeCache(cache, entries);
  }
  return read;
};

const stampOf = async (
  files: readonly string[],
  prepared: string,
): Promise<{ readonly stamp: string; readonly isSettled: boolean }> => {
  const stamps = [createHash('sha256').update(prepared).digest('hex')];
  let changed = 0n;
  for (const path of files) {
    const { dev, ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
    stamps.push([dev, ino, size, mtimeNs, ctimeNs].join(' '));
    for (const time of [mtimeNs, ctimeNs]) if (time > changed) changed = time;
  }
  return { stamp: stamps.join('; '), isSettled: Date.now() - Number(changed / 1_000_000n) > SETTLED_MS };
};

const hashOf = async (files: readonly string[], prepared: string): Promise<Fingerprint> => {
  const hash = createHash('sha256').update(prepared);
  let bytes = 0;
  for (const path of files) {
    const stream = (await openRegular(path)).createReadStream({ highWaterMark: 2 ** 20 });
    // A stream without encoding gives buffers.
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      hash.update(chunk);
      bytes += chunk.length;
    }
  }
  return { fingerprint: hash.digest('hex'), bytes };
};

/** A damaged cache is an empty one. */
const readCache = async (path: string): Promise<Cache> => {
  try {
    return await readJsonBounded(path, cacheSchema, { maxBytes: MAX_CACHE_BYTES });
  } catch {
    return {};
  }
};
