import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { z } from 'zod';
import { writeAtomically } from '../media/write-file.ts';
import type { Preprocessing } from './preprocessing.ts';

const fingerprintSchema = z.object({
  /** SHA-256 of the preprocessing, the graph and the weights beside it. */
  fingerprint: z.string().length(64),
  /** Of the graph and the weights beside it. */
  bytes: z.int().nonnegative(),
});
export type Fingerprint = Readonly<z.infer<typeof fingerprintSchema>>;

/** By path of the graph; `stamp` is all that its files and the preprocessing show without being read. */
const cacheSchema = z.record(z.string(), fingerprintSchema.extend({ stamp: z.string() }));
type Cache = z.infer<typeof cacheSchema>;

/** A file that was written this short a time ago may be written again within one tick of its file system's clock. */
const SETTLED_MS = 2000;

/**
 * What tells an image graph and its preprocessing from others.
 *
 * @param cache a JSON file that remembers those of files that have not changed: a large model takes seconds to read
 */
export const fingerprintOf = async (
  graph: string,
  preprocessing: Preprocessing,
  cache: string | undefined,
): Promise<Fingerprint> => {
  const files = await withWeights(graph);
  const prepared = JSON.stringify(preprocessing);
  const { stamp, isSettled } = await stampOf(files, prepared);
  const known = cache === undefined ? undefined : (await readCache(cache))[graph];
  if (known?.stamp === stamp) return { fingerprint: known.fingerprint, bytes: known.bytes };
  const read = await hashOf(files, prepared);
  // What changed while it was read has to be read again next time.
  if (cache !== undefined && isSettled && (await stampOf(files, prepared)).stamp === stamp) {
    const entries: Cache = { ...(await readCache(cache)), [graph]: { ...read, stamp } };
    // A cache that cannot be written only costs time.
    await writeAtomically(cache, Buffer.from(JSON.stringify(entries))).catch(() => undefined);
  }
  return read;
};

/** Weights beyond 2 GB lie beside the graph: `_data`, `_data_1`, … */
const withWeights = async (graph: string): Promise<string[]> => {
  const files = [graph];
  for (let part = `${graph}_data`; await isFile(part); part = `${graph}_data_${files.length - 1}`) files.push(part);
  return files;
};

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (entry) => entry.isFile(),
    () => false,
  );

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
    // A stream without encoding gives buffers.
    for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20 }) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      bytes += chunk.length;
    }
  }
  return { fingerprint: hash.digest('hex'), bytes };
};

/** A damaged cache is an empty one. */
const readCache = async (path: string): Promise<Cache> => {
  try {
    return cacheSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return {};
  }
};
