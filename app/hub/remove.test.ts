import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { removeModel } from './remove.ts';

let folder: string;
let models: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'remove-'));
  models = join(folder, 'models');
  for (const inner of ['mine/onnx', '.downloads/half', '../elsewhere'])
    await mkdir(join(models, inner), { recursive: true });
  await writeFile(join(models, 'mine', 'config.json'), '{}');
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

it('removes a model, and what an interrupted removal left', async () => {
  await mkdir(join(models, '.downloads', 'removed-0123'));
  await removeModel(join(models, 'mine'), models);
  expect(await readdir(models)).toEqual(['.downloads']);
  expect(await readdir(join(models, '.downloads'))).toEqual(['half']);
});

it.each(['.', '..', '../elsewhere', 'mine/onnx', 'mine/config.json', '.downloads', '.downloads/half', 'link'])(
  'removes nothing but models: %s',
  async (path) => {
    await symlink(join(folder, 'elsewhere'), join(models, 'link'));
    await expect(removeModel(join(models, path), models)).rejects.toMatchObject({ kind: 'invalid-request' });
    expect(existsSync(join(folder, 'elsewhere'))).toBe(true);
    expect(existsSync(join(models, 'mine', 'config.json'))).toBe(true);
  },
);

it('says when there is nothing', async () => {
  await expect(removeModel(join(models, 'none'), models)).rejects.toMatchObject({ kind: 'not-found' });
});
