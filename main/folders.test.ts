import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { FolderTokens } from './folders.ts';

let home = '';

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'afterimage-folders-'));
  return () => rm(home, { recursive: true });
});

const fill = async (folder: string, count: number): Promise<void> => {
  await mkdir(folder);
  await Promise.all(Array.from({ length: count }, (_, index) => mkdir(join(folder, String(index)))));
};

describe('folders under tokens', () => {
  it('are those that lie in a folder, links to folders among them, and pictures are counted', async () => {
    for (const name of ['b', 'a10', 'a9', '.hidden']) await mkdir(join(home, name));
    for (const name of ['one.jpg', 'two.png', 'text.txt']) await writeFile(join(home, name), '');
    await symlink(join(home, 'b'), join(home, 'c'));
    await symlink(join(home, 'one.jpg'), join(home, 'no folder'));
    await symlink(join(home, 'nowhere'), join(home, 'broken'));
    const tokens = new FolderTokens();
    const { here, folders, pictures, isWhole } = await tokens.list(home);
    expect(folders.map(({ name }) => name)).toEqual(['a9', 'a10', 'b', 'c']);
    expect([pictures, isWhole]).toEqual([2, true]);
    expect(tokens.pathOf(here.token)).toBe(home);
    expect(tokens.pathOf(folders[3]?.token ?? '')).toBe(join(home, 'c'));
    await expect(tokens.list(join(home, 'one.jpg'))).rejects.toMatchObject({ kind: 'unreadable' });
  });

  it('are a part of those in a folder that has very many, and it says so', async () => {
    await fill(join(home, 'many'), 2001);
    const { folders, isWhole } = await new FolderTokens().list(join(home, 'many'));
    expect([folders.length, isWhole]).toEqual([2000, false]);
  });

  it('are forgotten when very many others were shown since, and never one that was shown again', async () => {
    const parents = Array.from({ length: 11 }, (_, index) => join(home, `p${String(index)}`));
    for (const parent of parents) await fill(parent, 2000);
    const tokens = new FolderTokens();
    const [first, ...others] = parents;
    const shown = await tokens.list(first ?? '');
    const known = await tokens.list(home);
    for (const parent of others) {
      await tokens.list(parent);
      await tokens.list(home);
    }
    expect(() => tokens.pathOf(shown.folders[0]?.token ?? '')).toThrow(/Choose again/u);
    for (const { token, name } of known.folders) expect(tokens.pathOf(token)).toBe(join(home, name));
    expect((await tokens.list(home)).folders).toEqual(known.folders);
  });
});
