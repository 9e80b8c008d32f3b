import { symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rootSchema } from '../../app/contract/index.ts';
import { ForeignLibrary, hashesOf, PHOTOS } from '../support/hostile/foreign-library.ts';
import { writeMany } from '../support/paintings.ts';

const foreign = ForeignLibrary.inThisFile();

describe('a library that was not made here', () => {
  it('changes nothing before it is approved, and says what it would do', async () => {
    await foreign.makeByStranger();
    const before = await hashesOf(foreign.home, foreign.stick);
    for (const args of [
      ['index', foreign.photos],
      ['library', 'delete', '--yes'],
    ]) {
      const { code, stderr } = await foreign.run(...args);
      expect([args, code, stderr]).toEqual([args, 1, expect.stringContaining('was not made here')]);
      for (const shown of [foreign.photos, join(foreign.stick, 'photos'), '--trust']) expect(stderr).toContain(shown);
    }
    expect(await hashesOf(foreign.home, foreign.stick)).toEqual(before);
  });

  it('is approved with the folders that were shown, not with others that links or steps upwards lead to', async () => {
    await foreign.makeByStranger();
    const private_ = join(foreign.home, 'Private');
    await writeMany(private_, 1);
    await symlink(private_, join(foreign.stick, 'linked'), 'dir');
    const planted = [
      join(foreign.stick, 'linked'),
      `${foreign.stick}/photos/../../${basename(foreign.home)}/Private`,
      'Private',
    ];
    await foreign.editManifest(({ roots: [root] }) => ({
      roots: planted.map((path, number) => ({ ...root, device: '1', id: `planted-${String(number)}`, path })),
    }));
    const before = await hashesOf(private_);
    const trusted = await foreign.status('--trust');
    expect(trusted.roots.map(({ path, state }) => [path, state])).toEqual(planted.map((path) => [path, 'waiting']));
    expect(await foreign.index()).toMatchObject({ copied: PHOTOS, failed: 0 });
    expect(await foreign.status()).toMatchObject({ library: { photos: PHOTOS } });
    expect(await hashesOf(private_)).toEqual(before);
    // To name a folder of one's own approves that one, however it was reached.
    expect(await foreign.json(rootSchema, 'roots', 'add', join(foreign.stick, 'linked'))).toMatchObject({
      path: private_,
      state: 'ready',
    });
  });
});
