import { existsSync } from 'node:fs';
import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Client, Duplicate, Likeness } from '../../app/contract/index.ts';
import type { Connection } from '../../main/engine/connect.ts';
import { connectBuilt } from '../support/built.ts';
import { run, temporaryFolder } from '../support/command-line.ts';
import { writeDuplicates } from '../support/duplicates.ts';
import { rawFiles } from '../support/raw-files.ts';
import type { Scene } from '../support/scenes.ts';

let folder = '';
let photos = '';
let library = '';
let remove: () => Promise<void>;
let connection: Connection;
let client: Client;
let copied: Scene;
let savedAgain: Scene;
let burst: Scene;

beforeAll(async () => {
  [folder, remove] = await temporaryFolder();
  photos = join(folder, 'Pictures');
  library = join(folder, 'library');
  vi.stubEnv('HOME', folder);
  vi.stubEnv('XDG_DATA_HOME', join(folder, 'data'));
  ({ copied, savedAgain, burst } = await writeDuplicates(photos));
  const preview = await readFile(join(photos, copied.name));
  const raw = rawFiles({ large: preview, small: preview, orientation: 1 }).get('nef') ?? '';
  await writeFile(join(photos, copied.name.replace('.jpg', '.nef')), raw);
  connection = await connectBuilt(library);
  ({ client } = connection);
  await client.call('models.use', { id: 'starter' });
  await client.call('roots.add', { path: photos });
  expect((await client.call('index.run', {})).failures).toEqual([]);
});
afterAll(async () => {
  await connection.close();
  await remove();
});

const groups = async (likeness: Likeness): Promise<Duplicate[][]> =>
  (await client.call('photos.duplicates', { likeness })).groups.map(({ files }) => files);
const names = (files: readonly Duplicate[]): string[] => files.map(({ path }) => path.slice(photos.length + 1)).sort();
const renamed = ({ name }: Scene, end: string): string => name.replace('.jpg', `${end}.jpg`);

/** Puts back what lies in the trash, as the desktop does. */
const restore = async (): Promise<void> => {
  const trash = join(folder, 'data', 'Trash');
  for (const note of await readdir(join(trash, 'info'))) {
    const path = /^Path=(.*)$/mu.exec(await readFile(join(trash, 'info', note), 'utf8'))?.[1] ?? '';
    const name = basename(note, '.trashinfo');
    if (existsSync(join(trash, 'files', name))) await rename(join(trash, 'files', name), decodeURI(path));
  }
};

describe('duplicates of a library', () => {
  it('are the same picture in two folders, of which the one with raw data stays', async () => {
    const found = await groups('exact');
    expect(found.map(names)).toEqual([[join('backup', copied.name), copied.name].sort()]);
    expect(found[0]?.map(({ path, keep }) => [path, keep])).toEqual([
      [join(photos, copied.name), true],
      [join(photos, 'backup', copied.name), false],
    ]);
    expect(new Set(found[0]?.map(({ id }) => id)).size).toBe(1);
  });

  it('are photos of the same moment, saved again or taken in a burst', async () => {
    const found = await groups('same-shot');
    expect(found.map(names).sort()).toEqual(
      [
        [join('backup', 'sent to a friend.jpg'), renamed(savedAgain, '-edited'), savedAgain.name].sort(),
        [burst.name, renamed(burst, ' b'), renamed(burst, ' c')].sort(),
      ].sort(),
    );
    expect(found.map(([kept]) => basename(kept?.path ?? '')).sort()).toEqual([savedAgain.name, burst.name].sort());
    for (const [kept, ...others] of found)
      expect([kept, ...others].map((file) => file?.keep)).toEqual([true, false, false]);
  });

  it('are in groups of one kind only', async () => {
    const all = await Promise.all((['exact', 'same-shot', 'similar'] as const).map(groups));
    const files = all.flat(2).map(({ fileId }) => fileId);
    expect(new Set(files).size).toBe(files.length);
  });

  it('are listed on the command line', async () => {
    const { stdout, stderr, code } = await run('duplicates', '--library', library);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('1 group of files that hold the same picture');
    expect(stdout).toContain(JSON.stringify(join(photos, 'backup', copied.name)));
    expect((await run('duplicates', '--library', library, '--likeness', 'twins')).code).toBe(2);
  });
});

describe.runIf(process.platform === 'linux')('duplicates in the trash', () => {
  it('are out of the library at once, and out of their folder', async () => {
    const [group = []] = await groups('exact');
    const [, other] = group;
    expect(await client.call('photos.trash', { fileIds: [other?.fileId ?? ''] })).toEqual({ done: 1, failures: [] });
    expect(existsSync(other?.path ?? '')).toBe(false);
    expect(await groups('exact')).toEqual([]);
    // The photo has one file left, with its raw data.
    const { files } = await client.call('photos.details', { id: other?.id ?? '' });
    expect(files.map(({ path, companion }) => [path, companion])).toEqual([
      [group[0]?.path, null],
      [group[0]?.path.replace('.jpg', '.nef'), 'raw'],
    ]);
  });

  it('come back without being indexed again', async () => {
    const [shots = []] = await groups('same-shot');
    const before = (await client.call('status', {})).library.photos;
    const fileIds = shots.map(({ fileId }) => fileId);
    expect(await client.call('photos.trash', { fileIds })).toMatchObject({ done: 3 });
    expect((await client.call('status', {})).library.photos).toBe(before - 3);
    await restore();
    expect(await client.call('index.run', {})).toMatchObject({ indexed: 0, failed: 0 });
    expect((await groups('same-shot')).map(names)).toContainEqual(names(shots));
    expect((await groups('exact')).map(names)).toHaveLength(1);
    expect((await client.call('status', {})).library.photos).toBe(before);
  });
});
