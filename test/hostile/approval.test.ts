import { createHash } from 'node:crypto';
import { cp, mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { indexReportSchema, rootSchema, searchOutputSchema, statusSchema } from '../../app/contract/index.ts';
import { finished, startAt, temporaryFolder, type Outcome } from '../support/command-line.ts';
import { changedModel } from '../support/model-folders.ts';
import { writeMany } from '../support/paintings.ts';

const PHOTOS = 3;

/** What stands in library.json, as far as it is changed here. */
const manifestSchema = z.looseObject({
  roots: z.array(z.looseObject({ path: z.string(), device: z.string() })),
  models: z.array(z.looseObject({ directory: z.string() })),
});
type Manifest = z.infer<typeof manifestSchema>;

/** A home with a folder of photos, and a stick with a library that somebody else made of photos of their own. */
let home = '';
let stick = '';
let library = '';
let photos = '';
const removals: (() => Promise<void>)[] = [];

const temporary = async (): Promise<string> => {
  const [path, remove] = await temporaryFolder();
  removals.push(remove);
  return path;
};

beforeEach(async () => {
  home = await temporary();
  stick = await temporary();
  library = join(stick, 'library');
  photos = join(home, 'Pictures');
  await writeMany(photos, PHOTOS);
});
afterEach(async () => {
  for (const remove of removals.splice(0)) await remove();
});

const as = (person: string, ...args: readonly string[]): Promise<Outcome> => finished(startAt(person, ...args));
const run = (...args: readonly string[]): Promise<Outcome> => as(home, ...args, '--library', library);
const told = async <S extends z.ZodType>(schema: S, ...args: readonly string[]): Promise<z.output<S>> => {
  const { code, stdout, stderr } = await run(...args, '--json');
  if (code !== 0) throw new Error(`afterimage ${args.join(' ')} ended with ${String(code)}: ${stderr}`);
  return schema.parse(JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? ''));
};
const status = () => told(statusSchema, 'status');
const index = (...more: readonly string[]) => told(indexReportSchema, 'index', photos, ...more);

const manifestPath = (): string => join(library, 'library.json');
const readManifest = async (): Promise<Manifest> =>
  manifestSchema.parse(JSON.parse(await readFile(manifestPath(), 'utf8')));
const editManifest = async (edit: (manifest: Manifest) => Partial<Manifest>): Promise<void> => {
  const manifest = await readManifest();
  await writeFile(manifestPath(), JSON.stringify({ ...manifest, ...edit(manifest) }));
};

/** Somebody else makes a library on the stick, which names the victim's folders. */
const prepare = async (folders: readonly string[] = [photos]): Promise<void> => {
  const stranger = await temporary();
  await writeMany(join(stick, 'photos'), PHOTOS);
  expect((await as(stranger, 'index', join(stick, 'photos'), '--library', library)).code).toBe(0);
  await editManifest(({ roots }) => ({
    roots: [...roots, ...folders.map((path, at) => ({ ...roots[0], id: `stranger${String(at)}`, path, device: '1' }))],
  }));
};

/** Every file below some folders, by path, with the hash of what is in it. */
const contentsOf = async (...folders: readonly string[]): Promise<ReadonlyMap<string, string>> => {
  const contents = new Map<string, string>();
  for (const folder of folders)
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      contents.set(
        path,
        entry.isFile()
          ? createHash('sha256')
              .update(await readFile(path))
              .digest('hex')
          : 'no file',
      );
    }
  return contents;
};

describe('a library that was not made here', () => {
  it('changes nothing and reads nothing before it is approved, whatever is asked of it', async () => {
    await prepare();
    const before = await contentsOf(home, stick);
    for (const args of [
      ['status'],
      ['status', '--json'],
      ['search', 'red', '--json'],
      // Naming a folder approves that folder, not the library.
      ['index', photos],
      ['index', photos, '--model', 'starter'],
      ['eval', join(home, 'captions.json')],
      ['roots', 'add', photos],
      ['roots', 'list'],
      ['doctor', '--repair'],
      ['models', 'use', 'starter'],
      ['searches', 'forget'],
      ['library', 'export', join(home, 'export.json')],
      ['library', 'delete', '--yes'],
      ['library', 'move', join(home, 'moved')],
    ]) {
      const { code, stdout, stderr } = await run(...args);
      const said = args[0] === 'doctor' ? stdout : stderr;
      expect([args, code, said]).toEqual([args, 1, expect.stringContaining('was not made here')]);
      expect(said).toContain(photos);
      expect(said).toContain(join(stick, 'photos'));
      if (args.includes('--json')) expect(stdout).toBe('');
      else expect(args[0] === 'doctor' || stderr.includes('--trust')).toBe(true);
    }
    expect(await contentsOf(home, stick)).toEqual(before);
  });

  it('is approved with the folders that were shown, not with others that links or steps upwards lead to', async () => {
    await prepare();
    const private_ = join(home, 'Private');
    await writeMany(private_, 1);
    await symlink(private_, join(stick, 'linked'), 'dir');
    const planted = [join(stick, 'linked'), `${stick}/photos/../../${basename(home)}/Private`, 'Private'];
    await editManifest(({ roots: [root] }) => ({
      roots: planted.map((path, number) => ({ ...root, device: '1', id: `planted-${String(number)}`, path })),
    }));
    const before = await contentsOf(private_);
    const trusted = await told(statusSchema, '--trust', 'status');
    expect(trusted.roots.map(({ path, state }) => [path, state])).toEqual(planted.map((path) => [path, 'waiting']));
    expect(await index()).toMatchObject({ copied: PHOTOS, failed: 0 });
    expect(await status()).toMatchObject({ library: { photos: PHOTOS } });
    expect(await contentsOf(private_)).toEqual(before);
    // To name a folder of one's own approves that one, however it was reached.
    expect(await told(rootSchema, 'roots', 'add', join(stick, 'linked'))).toMatchObject({
      path: private_,
      state: 'ready',
    });
  });

  it('is approved with its folders by --trust, once and for all', async () => {
    await prepare();
    const trusted = await told(statusSchema, '--trust', 'status');
    expect(trusted).toMatchObject({ awaiting: null, notices: [] });
    expect(trusted.roots.map(({ state }) => state)).toEqual(['ready', 'ready']);
    expect(await index()).toMatchObject({ indexed: 0, copied: PHOTOS, failed: 0 });
    expect(await status()).toMatchObject({ library: { photos: PHOTOS } });
  });

  it('asks again at another place, and of another person', async () => {
    await index();
    await cp(library, join(stick, 'copy'), { recursive: true });
    const copy = await as(home, 'status', '--library', join(stick, 'copy'));
    expect([copy.code, copy.stderr]).toEqual([1, expect.stringContaining('was not made here')]);
    expect((await as(await temporary(), 'status', '--library', library)).code).toBe(1);
    // Another library at the place of one that is known is another one.
    const other = await temporary();
    expect((await as(other, 'index', photos, '--library', join(other, 'library'))).code).toBe(0);
    await rm(library, { recursive: true });
    await cp(join(other, 'library'), library, { recursive: true });
    expect((await run('status')).code).toBe(1);
  });

  it('is known by its id, whatever is written in the place of that', async () => {
    await index();
    for (const identity of [null, { id: 'a'.repeat(32), signatures: [] }, { id: 7 }, 'mine']) {
      const manifest = await readFile(manifestPath(), 'utf8');
      await editManifest(() => ({ identity }));
      expect([identity, (await run('status')).code]).toEqual([identity, 1]);
      await writeFile(manifestPath(), manifest);
    }
    expect((await run('status')).code).toBe(0);
  });

  it('opens without asking where this program keeps libraries, but not through a link there', async () => {
    await prepare();
    const own = join(home, '.local', 'share', 'afterimage', 'libraries');
    await mkdir(own, { recursive: true });
    await symlink(library, join(own, 'linked'), 'dir');
    expect((await as(home, 'status', '--library', join(own, 'linked'))).code).toBe(1);
    await cp(library, join(own, 'copied'), { recursive: true });
    expect((await as(home, 'status', '--library', join(own, 'copied'))).code).toBe(0);
  });
});

describe('a library that was made here', () => {
  it('stays approved when it is moved by the program, also from where it needed no approval', async () => {
    await index();
    const place = library;
    library = join(stick, 'elsewhere');
    expect((await as(home, 'library', 'move', library, '--library', place)).code).toBe(0);
    expect(await index()).toMatchObject({ indexed: 0, unchanged: PHOTOS });
    const own = join(home, '.local', 'share', 'afterimage', 'libraries', 'mine');
    expect((await as(home, 'index', photos, '--library', own)).code).toBe(0);
    // As one from before approvals were kept.
    await rm(join(home, '.local', 'share', 'afterimage', 'approvals'), { recursive: true });
    library = join(stick, 'from-own');
    expect((await as(home, 'library', 'move', library, '--library', own)).code).toBe(0);
    expect(await index()).toMatchObject({ indexed: 0, unchanged: PHOTOS });
    expect(await status()).toMatchObject({ roots: [{ state: 'ready' }] });
  });

  it('does not look at a folder that somebody has written into it, until the person names it', async () => {
    await index();
    const private_ = join(home, 'Private');
    await writeMany(private_, PHOTOS + 1);
    await editManifest(({ roots }) => ({
      roots: [...roots, { ...roots[0], id: 'stranger', path: private_, device: '1' }],
    }));
    const before = await contentsOf(private_);
    expect(await told(indexReportSchema, 'index', photos)).toMatchObject({ indexed: 0 });
    const { roots, notices, library: shown } = await status();
    expect(roots).toMatchObject([{ state: 'ready' }, { path: private_, state: 'waiting', photos: 0 }]);
    expect(notices).toMatchObject([{ kind: 'approval', rootId: 'stranger' }]);
    expect(shown.photos).toBe(PHOTOS);
    expect(await contentsOf(private_)).toEqual(before);

    expect(await told(rootSchema, 'roots', 'add', private_)).toMatchObject({ id: 'stranger', state: 'ready' });
    expect((await status()).notices).toEqual([]);
  });

  it('goes on with a folder whose device has another number, and leaves one alone that is another folder', async () => {
    await index();
    await editManifest(({ roots }) => ({ roots: roots.map((root) => ({ ...root, device: '987654' })) }));
    expect(await index()).toMatchObject({ indexed: 0, unchanged: PHOTOS });
    await rename(photos, join(home, 'Kept'));
    await writeMany(photos, PHOTOS);
    await editManifest(({ roots }) => ({ roots: roots.map((root) => ({ ...root, paused: false })) }));
    expect(await status()).toMatchObject({ roots: [{ state: 'waiting' }] });
    await rm(photos, { recursive: true });
    await symlink(join(home, 'Kept'), photos, 'dir');
    expect(await status()).toMatchObject({ roots: [{ state: 'waiting' }] });
    expect(await told(searchOutputSchema, 'search', 'red')).toMatchObject({ total: PHOTOS });
    await rm(photos);
    await rename(join(home, 'Kept'), photos);
    expect(await status()).toMatchObject({ roots: [{ state: 'ready' }] });
  });

  it('does not load a model that somebody has written into it, or exchanged', async () => {
    const model = join(stick, 'model');
    await changedModel(model, { 'golden.json': null });
    await index('--model', model);
    expect(await status()).toMatchObject({ model: { name: 'model' }, modelProblem: null });

    // The text side is exchanged, which vectors of photos do not depend on.
    const tokenizer = await readFile(join(model, 'tokenizer.json'), 'utf8');
    await writeFile(join(model, 'tokenizer.json'), `${tokenizer} `);
    const problem = expect.stringContaining('other files lie now');
    expect(await status()).toMatchObject({ model: null, modelProblem: problem, notices: [{ kind: 'approval' }] });
    expect((await run('search', 'red')).code).toBe(1);
    await writeFile(join(model, 'tokenizer.json'), tokenizer);
    expect(await status()).toMatchObject({ modelProblem: null });

    await rename(model, join(stick, 'theirs'));
    await editManifest(({ models }) => ({
      models: models.map((each) => ({ ...each, directory: join(stick, 'theirs') })),
    }));
    expect(await status()).toMatchObject({ model: null, modelProblem: expect.stringContaining('not approved') });
    expect((await run('search', 'red')).stderr).toContain(join(stick, 'theirs'));
    expect(await told(statusSchema, 'status', '--trust')).toMatchObject({ model: { name: 'theirs' }, notices: [] });
    expect(await status()).toMatchObject({ modelProblem: null });
  });
});
