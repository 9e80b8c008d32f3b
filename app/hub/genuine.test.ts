import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { entryOf, sha256 } from '../../test/support/hub-server.ts';
import { genuineEntry } from './genuine.ts';
import { hashOf, writePins } from './pins.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'afterimage-genuine-'));
});
afterEach(() => rm(folder, { recursive: true }));

const contents = { 'config.json': Buffer.from('{}'), 'vision.onnx': Buffer.from('weights') };
const entry = entryOf(
  Object.entries(contents).map(([path, content]) => ({ path, bytes: content.length, sha256: sha256(content) })),
);
const fill = async (): Promise<void> => {
  for (const [path, content] of Object.entries(contents)) await writeFile(join(folder, path), content);
  await writePins(folder, entry, []);
};

it('knows a model of the catalogue by its files', async () => {
  await fill();
  expect(await genuineEntry(folder, [entry], hashOf)).toEqual(entry);
});

it('believes no folder whose files are others, are missing, or are vouched for by nobody', async () => {
  await fill();
  await writeFile(join(folder, 'vision.onnx'), 'WEIGHTS');
  expect(await genuineEntry(folder, [entry], hashOf)).toBe(null);
  await rm(join(folder, 'vision.onnx'));
  expect(await genuineEntry(folder, [entry], hashOf)).toBe(null);
  await fill();
  expect(await genuineEntry(folder, [{ ...entry, revision: 'f'.repeat(40) }], hashOf)).toBe(null);
  expect(await genuineEntry(folder, [{ ...entry, id: 'another' }], hashOf)).toBe(null);
  const unknown = entryOf(entry.files.map((file) => ({ ...file, sha256: null })));
  expect(await genuineEntry(folder, [unknown], hashOf)).toBe(null);
  await rm(join(folder, 'afterimage-model.json'));
  expect(await genuineEntry(folder, [entry], hashOf)).toBe(null);
});
