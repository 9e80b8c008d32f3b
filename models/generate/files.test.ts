import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { generatedFiles } from './files.ts';

const GOLDEN = 'starter/golden.json';

const committed = (path: string): Promise<Buffer> => readFile(new URL(`../${path}`, import.meta.url));

test('the committed files are what the generator writes (npm run generate)', async () => {
  for (const [path, bytes] of await generatedFiles()) {
    if (path !== GOLDEN) expect(Buffer.from(bytes).equals(await committed(path)), path).toBe(true);
  }
});

test('two runs write the same bytes', async () => {
  expect(await generatedFiles()).toEqual(await generatedFiles());
});

test('the committed golden vectors are what the graphs give here, on whatever processor', async () => {
  const golden = (await generatedFiles()).get(GOLDEN)!;
  const near = (_key: string, value: unknown): unknown =>
    typeof value === 'number' ? (expect.closeTo(value, 4) as unknown) : value;
  expect(JSON.parse(new TextDecoder().decode(golden))).toEqual(JSON.parse(String(await committed(GOLDEN)), near));
});

test('the starter model stays small', async () => {
  const files = [...(await generatedFiles())].filter(([path]) => path.startsWith('starter/'));
  expect(files.reduce((sum, [, bytes]) => sum + bytes.length, 0)).toBeLessThan(2_000_000);
});
