import { cp, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rootSchema, searchOutputSchema } from '../../../app/contract/index.ts';
import { ForeignLibrary, hashesOf, PHOTOS } from '../../support/hostile/foreign-library.ts';
import { changedModel } from '../../support/model-folders.ts';
import { writeMany } from '../../support/paintings.ts';

const foreign = ForeignLibrary.inThisFile();

describe('a library that was not made here', () => {
  it('changes nothing and reads nothing before it is approved, whatever is asked of it', async () => {
    await foreign.makeByStranger();
    const before = await hashesOf(foreign.home, foreign.stick);
    for (const args of [
      ['status'],
      ['status', '--json'],
      ['search', 'red', '--json'],
      // Naming a folder approves that folder, not the library.
      ['index', foreign.photos],
      ['index', foreign.photos, '--model', 'starter'],
      ['eval', join(foreign.home, 'captions.json')],
      ['roots', 'add', foreign.photos],
      ['roots', 'list'],
      ['doctor', '--repair'],
      ['models', 'use', 'starter'],
      ['searches', 'forget'],
      ['library', 'export', join(foreign.home, 'export.json')],
      ['library', 'delete', '--yes'],
      ['library', 'move', join(foreign.home, 'moved')],
    ]) {
      const { code, stdout, stderr } = await foreign.run(...args);
      const said = args[0] === 'doctor' ? stdout : stderr;
      expect([args, code, said]).toEqual([args, 1, expect.stringContaining('was not made here')]);
      expect(said).toContain(foreign.photos);
      expect(said).toContain(join(foreign.stick, 'photos'));
      if (args.includes('--json')) expect(stdout).toBe('');
      else expect(args[0] === 'doctor' || stderr.includes('--trust')).toBe(true);
    }
    expect(await hashesOf(foreign.home, foreign.stick)).toEqual(before);
  });

  it('is approved with its folders by --trust, once and for all', async () => {
    await foreign.makeByStranger();
    const trusted = await foreign.status('--trust');
    expect(trusted).toMatchObject({ awaiting: null, notices: [] });
    expect(trusted.roots.map(({ state }) => state)).toEqual(['ready', 'ready']);
    expect(await foreign.index()).toMatchObject({ indexed: 0, copied: PHOTOS, failed: 0 });
    expect(await foreign.status()).toMatchObject({ library: { photos: PHOTOS } });
  });

  it('asks again at another place, and of another person', async () => {
    await foreign.index();
    await cp(foreign.library, join(foreign.stick, 'copy'), { recursive: true });
    const copy = await foreign.as(foreign.home, 'status', '--library', join(foreign.stick, 'copy'));
    expect([copy.code, copy.stderr]).toEqual([1, expect.stringContaining('was not made here')]);
    expect((await foreign.as(await foreign.temporary(), 'status', '--library', foreign.library)).code).toBe(1);
    // Another library at the place of one that is known is another one.
    const other = await foreign.temporary();
    expect((await foreign.as(other, 'index', foreign.photos, '--library', join(other, 'library'))).code).toBe(0);
    await rm(foreign.library, { recursive: true });
    await cp(join(other, 'library'), foreign.library, { recursive: true });
    expect((await foreign.run('status')).code).toBe(1);
  });

  it('is known by its id, whatever is written in the place of that', async () => {
    await foreign.index();
    for (const identity of [null, { id: 'a'.repeat(32), signatures: [] }, { id: 7 }, 'mine']) {
      const manifest = await readFile(foreign.manifestPath, 'utf8');
      await foreign.editManifest(() => ({ identity }));
      expect([identity, (await foreign.run('status')).code]).toEqual([identity, 1]);
      await writeFile(foreign.manifestPath, manifest);
    }
    expect((await foreign.run('status')).code).toBe(0);
  });

  it('opens without asking where this program keeps libraries, but not through a link there', async () => {
    await foreign.makeByStranger();
    const own = join(foreign.home, '.local', 'share', 'afterimage', 'libraries');
    await mkdir(own, { recursive: true });
    await symlink(foreign.library, join(own, 'linked'), 'dir');
    expect((await foreign.as(foreign.home, 'status', '--library', join(own, 'linked'))).code).toBe(1);
    await cp(foreign.library, join(own, 'copied'), { recursive: true });
    expect((await foreign.as(foreign.home, 'status', '--library', join(own, 'copied'))).code).toBe(0);
  });
});

describe('a library that was made here', () => {
  it('stays approved when it is moved by the program, also from where it needed no approval', async () => {
    await foreign.index();
    const place = foreign.library;
    foreign.library = join(foreign.stick, 'elsewhere');
    expect((await foreign.as(foreign.home, 'library', 'move', foreign.library, '--library', place)).code).toBe(0);
    expect(await foreign.index()).toMatchObject({ indexed: 0, unchanged: PHOTOS });
    const own = join(foreign.home, '.local', 'share', 'afterimage', 'libraries', 'mine');
    expect((await foreign.as(foreign.home, 'index', foreign.photos, '--library', own)).code).toBe(0);
    // As one from before approvals were kept.
    await rm(join(foreign.home, '.local', 'share', 'afterimage', 'approvals'), { recursive: true });
    foreign.library = join(foreign.stick, 'from-own');
    expect((await foreign.as(foreign.home, 'library', 'move', foreign.library, '--library', own)).code).toBe(0);
    expect(await foreign.index()).toMatchObject({ indexed: 0, unchanged: PHOTOS });
    expect(await foreign.status()).toMatchObject({ roots: [{ state: 'ready' }] });
  });

  it('does not look at a folder that somebody has written into it, until the person names it', async () => {
    await foreign.index();
    const private_ = join(foreign.home, 'Private');
    await writeMany(private_, PHOTOS + 1);
    await foreign.editManifest(({ roots }) => ({
      roots: [...roots, { ...roots[0], id: 'stranger', path: private_, device: '1' }],
    }));
    const before = await hashesOf(private_);
    expect(await foreign.index()).toMatchObject({ indexed: 0 });
    const { roots, notices, library: shown } = await foreign.status();
    expect(roots).toMatchObject([{ state: 'ready' }, { path: private_, state: 'waiting', photos: 0 }]);
    expect(notices).toMatchObject([{ kind: 'approval', rootId: 'stranger' }]);
    expect(shown.photos).toBe(PHOTOS);
    expect(await hashesOf(private_)).toEqual(before);

    expect(await foreign.json(rootSchema, 'roots', 'add', private_)).toMatchObject({ id: 'stranger', state: 'ready' });
    expect((await foreign.status()).notices).toEqual([]);
  });

  it('goes on with a folder whose device has another number, and leaves one alone that is another folder', async () => {
    await foreign.index();
    await foreign.editManifest(({ roots }) => ({ roots: roots.map((root) => ({ ...root, device: '987654' })) }));
    expect(await foreign.index()).toMatchObject({ indexed: 0, unchanged: PHOTOS });
    await rename(foreign.photos, join(foreign.home, 'Kept'));
    await writeMany(foreign.photos, PHOTOS);
    await foreign.editManifest(({ roots }) => ({ roots: roots.map((root) => ({ ...root, paused: false })) }));
    expect(await foreign.status()).toMatchObject({ roots: [{ state: 'waiting' }] });
    await rm(foreign.photos, { recursive: true });
    await symlink(join(foreign.home, 'Kept'), foreign.photos, 'dir');
    expect(await foreign.status()).toMatchObject({ roots: [{ state: 'waiting' }] });
    expect(await foreign.json(searchOutputSchema, 'search', 'red')).toMatchObject({ total: PHOTOS });
    await rm(foreign.photos);
    await rename(join(foreign.home, 'Kept'), foreign.photos);
    expect(await foreign.status()).toMatchObject({ roots: [{ state: 'ready' }] });
  });

  it('does not load a model that somebody has written into it, or exchanged', async () => {
    const model = join(foreign.stick, 'model');
    await changedModel(model, { 'golden.json': null });
    await foreign.index('--model', model);
    expect(await foreign.status()).toMatchObject({ model: { name: 'model' }, modelProblem: null });

    // The text side is exchanged, which vectors of foreign.photos do not depend on.
    const tokenizer = await readFile(join(model, 'tokenizer.json'), 'utf8');
    await writeFile(join(model, 'tokenizer.json'), `${tokenizer} `);
    const problem = expect.stringContaining('other files lie now');
    expect(await foreign.status()).toMatchObject({
      model: null,
      modelProblem: problem,
      notices: [{ kind: 'approval' }],
    });
    expect((await foreign.run('search', 'red')).code).toBe(1);
    await writeFile(join(model, 'tokenizer.json'), tokenizer);
    expect(await foreign.status()).toMatchObject({ modelProblem: null });

    await rename(model, join(foreign.stick, 'theirs'));
    await foreign.editManifest(({ models }) => ({
      models: models.map((each) => ({ ...each, directory: join(foreign.stick, 'theirs') })),
    }));
    expect(await foreign.status()).toMatchObject({
      model: null,
      modelProblem: expect.stringContaining('not approved'),
    });
    expect((await foreign.run('search', 'red')).stderr).toContain(join(foreign.stick, 'theirs'));
    expect(await foreign.status('--trust')).toMatchObject({ model: { name: 'theirs' }, notices: [] });
    expect(await foreign.status()).toMatchObject({ modelProblem: null });
  });
});
