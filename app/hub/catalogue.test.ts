import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { downloadBytes, findEntry, readCatalogue } from './catalogue.ts';

const path = fileURLToPath(new URL('../../models/catalogue.json', import.meta.url));

it('offers a default, a small and a multilingual model, and says of each what it takes', async () => {
  const entries = await readCatalogue(path);
  for (const slot of ['default', 'small', 'multilingual'])
    expect(entries.filter((entry) => entry.slot === slot)).toHaveLength(1);
  expect(findEntry(entries, 'default')).toMatchObject({ id: 'siglip2-base', languages: 'multilingual' });
  expect(findEntry(entries, 'clip-small')).toMatchObject({ slot: 'small', dimension: 512 });
  // Sums as published for the pairs of graphs with their tokenizer; settings are a few kilobytes more.
  const sums: Record<string, number> = {
    'siglip2-base': 663_274_148,
    'clip-small': 242_809_285,
    'siglip2-light': 503_840_830,
    'siglip2-fast': 788_599_532,
    'siglip2-best': 1_601_848_796,
  };
  expect(entries.map(({ id }) => id).sort()).toEqual(Object.keys(sums).sort());
  for (const entry of entries) {
    expect(downloadBytes(entry) - sums[entry.id]!).toBeLessThan(100_000);
    expect(downloadBytes(entry)).toBeGreaterThanOrEqual(sums[entry.id]!);
  }
});

it('names all files that a model folder needs, and 8-bit graphs for texts alone', async () => {
  for (const { files } of await readCatalogue(path)) {
    const paths = files.map((file) => file.path);
    for (const name of ['config.json', 'preprocessor_config.json', 'tokenizer.json', 'tokenizer_config.json'])
      expect(paths).toContain(name);
    // Their vectors depend on what else is in the batch.
    expect(paths.some((name) => /vision_model(_fp16)?\.onnx$/u.test(name))).toBe(true);
    expect(paths.some((name) => /vision.*(int8|quantized)/u.test(name))).toBe(false);
    expect(paths.some((name) => name.startsWith('onnx/text_model'))).toBe(true);
  }
});

it('tells that the SigLIP tokenizers may have terms of their own', async () => {
  for (const { id, licence } of await readCatalogue(path))
    expect(licence.tokenizer?.name ?? null).toBe(id.startsWith('siglip2') ? 'Gemma Terms of Use' : null);
});

it('names what it offers when it is asked for something else', async () => {
  const entries = await readCatalogue(path);
  expect(() => findEntry(entries, 'clip-huge')).toThrow(/“clip-huge”.*siglip2-base, clip-small/u);
});

it.each([
  ['a licence that forbids products', (json: string) => json.replace('"MIT"', '"CC-BY-NC-4.0"')],
  ['a path that leads elsewhere', (json: string) => json.replace('"config.json"', '"../config.json"')],
  ['a branch instead of a commit', (json: string) => json.replace(/"[0-9a-f]{40}"/u, '"main"')],
  ['one id twice', (json: string) => json.replace('"siglip2-best"', '"siglip2-base"')],
  ['half a file', (json: string) => json.slice(0, json.length / 2)],
])('refuses %s', async (_what, change) => {
  const folder = await mkdtemp(join(tmpdir(), 'catalogue-'));
  const changed = join(folder, 'catalogue.json');
  const json = await readFile(path, 'utf8');
  expect(change(json)).not.toBe(json);
  await writeFile(changed, change(json));
  await expect(readCatalogue(changed)).rejects.toMatchObject({ kind: 'internal' });
  await rm(folder, { recursive: true });
});
