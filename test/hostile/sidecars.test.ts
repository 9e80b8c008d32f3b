import { lstat, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Client } from '../../app/contract/index.ts';
import type { Connection } from '../../main/engine/connect.ts';
import { readHolder } from '../../main/engine/lock.ts';
import { connectBuilt } from '../support/built.ts';
import { temporaryFolder } from '../support/command-line.ts';
import { pipe } from '../support/hostile/entries.ts';
import { paint } from '../support/paintings.ts';
import { isWhole } from '../support/hostile/whole.ts';

const SECRET = 'something of the person';
/** More than there are threads for files, each of which a pipe would hold for ever. */
const PHOTOS = 12;

let folder = '';
let photos = '';
let victim = '';
let remove: () => Promise<void>;
let connection: Connection;
let client: Client;
let engine = 0;

const nameOf = (index: number): string => `photo ${index}.jpg`;

beforeEach(async () => {
  [folder, remove] = await temporaryFolder();
  photos = join(folder, 'photos');
  victim = join(folder, 'victim.txt');
  await mkdir(photos);
  await writeFile(victim, SECRET);
  for (let index = 0; index < PHOTOS; index++)
    await writeFile(
      join(photos, nameOf(index)),
      await paint(64, 48, (x, y) => [20 * index, 255 * x, 255 * y])
        .jpeg()
        .toBuffer(),
    );
  const library = join(folder, 'library');
  connection = await connectBuilt(library);
  ({ client } = connection);
  engine = (await readHolder(library))?.pid ?? 0;
  await client.call('models.use', { id: 'starter' });
  await client.call('roots.add', { path: photos });
});
afterEach(async () => {
  await connection.close();
  await remove();
});

/** Indexes, gives all photos five stars, and writes that beside them. */
const writeAll = async () => {
  await client.call('index.run', {});
  const { photos: found } = await client.call('photos.page', {});
  const ids = found.map(({ id }) => id);
  await client.call('photos.mark', { ids, rating: 5 });
  return client.call('photos.writeSidecars', { ids });
};

describe.runIf(process.platform !== 'win32')('sidecars that somebody has prepared', () => {
  it('are not written through links that lie where a draft may', async () => {
    for (let index = 0; index < PHOTOS; index++)
      for (const stem of [nameOf(index), `photo ${index}`])
        for (const draft of [`${engine}.new`, 'new', 'tmp', 'part', '000000000000.new'])
          await symlink(victim, join(photos, `${stem}.xmp.${draft}`));
    expect(await writeAll()).toEqual({ done: PHOTOS, failures: [] });
    expect(await readFile(victim, 'utf8')).toBe(SECRET);
    const written = (await readdir(photos)).filter((name) => name.endsWith('.xmp'));
    expect(written).toHaveLength(PHOTOS);
    for (const name of written) expect(await readFile(join(photos, name), 'utf8')).toContain('5');
  });

  if (isWhole)
    it('are not written through a link, nor is the link replaced', async () => {
      const link = join(photos, `${nameOf(0)}.xmp`);
      await symlink(victim, link);
      await symlink(join(folder, 'not there'), join(photos, `${nameOf(1)}.xmp`));
      const { done, failures } = await writeAll();
      expect(done).toBe(PHOTOS - 2);
      expect(failures.map(({ path }) => path).sort()).toEqual([0, 1].map((index) => join(photos, nameOf(index))));
      for (const { message } of failures) expect(message).toMatch(/link/u);
      expect(await readFile(victim, 'utf8')).toBe(SECRET);
      expect((await lstat(link)).isSymbolicLink()).toBe(true);
      expect(await readdir(folder)).not.toContain('not there');
    });

  it('that are pipes hold up neither indexing nor writing', async () => {
    for (let index = 1; index < PHOTOS; index++) await pipe(join(photos, `${nameOf(index)}.xmp`));
    const { done, failures } = await writeAll();
    expect([done, failures.length]).toEqual([1, PHOTOS - 1]);
    expect((await client.call('index.run', {})).failed).toBe(0);
    expect((await client.call('search', { query: 'red' })).total).toBe(PHOTOS);
    for (let index = 1; index < PHOTOS; index++)
      expect((await lstat(join(photos, `${nameOf(index)}.xmp`))).isFIFO()).toBe(true);
  });
});
