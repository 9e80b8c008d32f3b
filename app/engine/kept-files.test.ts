import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { OwnFolder } from '../base/disk.ts';
import { KeptFiles } from './kept-files.ts';

let library = '';
let folder = '';
beforeEach(async () => {
  library = await mkdtemp(join(tmpdir(), 'afterimage-kept-'));
  folder = join(library, 'cache');
  await mkdir(folder);
});
afterEach(() => rm(library, { recursive: true }));

const put = async (name: string, seconds: number): Promise<void> => {
  await writeFile(join(folder, name), '');
  await utimes(join(folder, name), seconds, seconds);
};

it('removes what was not used for longest, once there is too much', async () => {
  const kept = new KeptFiles(new OwnFolder(library), folder, 8);
  for (let age = 0; age < 8; age++) await put(`${String(age)}.jpg`, 1000 + age);
  await kept.trim();
  expect(await readdir(folder)).toHaveLength(8);
  expect(await kept.use(join(folder, '0.jpg'))).toBe(true);
  expect(await kept.use(join(folder, 'none.jpg'))).toBe(false);
  await put('8.jpg', 1008);
  await kept.trim();
  expect((await readdir(folder)).sort()).toEqual(['0.jpg', '4.jpg', '5.jpg', '6.jpg', '7.jpg', '8.jpg']);
});

it('keeps what is needed, however old it is', async () => {
  const kept = new KeptFiles(new OwnFolder(library), folder, 4);
  for (let age = 0; age < 10; age++) await put(`${String(age)}.jpg`, 1000 + age);
  await kept.trim((name) => name === '0.jpg');
  expect((await readdir(folder)).sort()).toEqual(['0.jpg', '7.jpg', '8.jpg', '9.jpg']);
});

it('does without the folder', async () => {
  await rm(folder, { recursive: true });
  await expect(new KeptFiles(new OwnFolder(library), folder, 4).trim()).resolves.toBeUndefined();
});
