import { copyFile, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { fingerprintOf } from './model-fingerprint.ts';
import type { Preprocessing } from './preprocessing.ts';

const preprocessing: Preprocessing = {
  resize: { width: 8, height: 8 },
  kernel: 'cubic',
  crop: { width: 8, height: 8 },
  rescale: 1,
  mean: [0, 0, 0],
  std: [1, 1, 1],
};
const prepared = JSON.stringify(preprocessing);
/** Long enough ago that a file system's clock has moved on. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 2100));

let folder: string;
let graph: string;
let cache: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'afterimage-fingerprints-'));
  graph = join(folder, 'vision_model.onnx');
  cache = join(folder, 'a new folder', 'hashes.json');
  await writeFile(graph, 'weights');
});
afterEach(() => rm(folder, { recursive: true }));

const entriesSchema = z.record(z.string(), z.object({ fingerprint: z.string(), bytes: z.number(), stamp: z.string() }));
const entries = async () => entriesSchema.parse(JSON.parse(await readFile(cache, 'utf8')));

it('believes the cache as long as nothing has changed', async () => {
  const read = await fingerprintOf([graph], prepared, undefined);
  await settled();
  expect(await fingerprintOf([graph], prepared, cache)).toEqual(read);
  // What the cache says shows that it is asked.
  const marked = { ...(await entries())[graph]!, fingerprint: 'f'.repeat(64) };
  await writeFile(cache, JSON.stringify({ [graph]: marked }));
  expect((await fingerprintOf([graph], prepared, cache)).fingerprint).toBe(marked.fingerprint);
  expect(await fingerprintOf([graph], JSON.stringify({ ...preprocessing, kernel: 'linear' }), cache)).not.toMatchObject(
    marked,
  );
});

it('reads a file again that was exchanged under the same size and time', async () => {
  const time = new Date(1_700_000_000_000);
  await utimes(graph, time, time);
  await settled();
  const old = await fingerprintOf([graph], prepared, cache);
  expect((await entries())[graph]).toMatchObject(old);
  await writeFile(join(folder, 'other'), 'WEIGHTS');
  await copyFile(join(folder, 'other'), graph);
  await utimes(graph, time, time);
  expect((await fingerprintOf([graph], prepared, cache)).fingerprint).not.toBe(old.fingerprint);
});

it('does not remember a file that was written a moment ago', async () => {
  // By its own clock, so that it stays a moment ago.
  const now = new Date(Date.now() + 60_000);
  await utimes(graph, now, now);
  await fingerprintOf([graph], prepared, cache);
  await expect(entries()).rejects.toThrow('ENOENT');
});

it.each(['', '{"half', '[]', '{"x":1}'])('reads all anew when the cache holds %o', async (damage) => {
  const read = await fingerprintOf([graph], prepared, undefined);
  const damaged = join(folder, 'hashes.json');
  await writeFile(damaged, damage);
  expect(await fingerprintOf([graph], prepared, damaged)).toEqual(read);
});
