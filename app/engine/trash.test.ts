import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { AfterimageError } from '../contract/index.ts';
import { Catalogue } from '../library/catalogue.ts';
import type { FileRow } from '../store/rows.ts';
import { Trash } from './trash.ts';

let home: string;
let folder: string;
let trashed: string;
let catalogue: Catalogue;
let forgotten: string[];
const offline = new Set<string>();

beforeAll(() => {
  // The package that knows the system's trash reads this once.
  home = realpathSync(mkdtempSync(join(tmpdir(), 'afterimage-home-')));
  vi.stubEnv('HOME', home);
  vi.stubEnv('XDG_DATA_HOME', join(home, 'data'));
  trashed = join(home, 'data', 'Trash');
  return () => rmSync(home, { recursive: true });
});
beforeEach(() => {
  folder = join(home, 'photos');
  mkdirSync(folder);
  catalogue = new Catalogue();
  forgotten = [];
  offline.clear();
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  rmSync(trashed, { recursive: true, force: true });
});

/** Adds a file to folder and catalogue. @returns its id */
const add = (name: string, facts: Partial<FileRow> = {}): string => {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `bytes of ${name}`);
  const { size, mtimeMs } = statSync(path);
  const fileId = `id of ${name}`;
  catalogue.putFile({
    fileId,
    rootId: 'root',
    relPath: name,
    size,
    mtime: mtimeMs,
    device: '1',
    inode: '1',
    contentHash: name,
    photoId: '0123456789abcdef',
    failure: null,
    leftOut: null,
    groupId: null,
    sidecars: null,
    goneAt: null,
    seenAt: 0,
    ...facts,
  });
  return fileId;
};

const move = (...fileIds: string[]): ReturnType<Trash['move']> =>
  new Trash({
    catalogue,
    roots: {
      isOffline: ({ rootId }) => offline.has(rootId),
      pathOf: (_, relPath) => join(folder, relPath),
      openable: async (_, relPath) => {
        const path = await realpath(join(folder, relPath)).catch(() => null);
        if (path?.startsWith(folder) === true) return path;
        throw new AfterimageError('unreadable', `${relPath} cannot be opened.`);
      },
    },
    forget: (files) => {
      forgotten.push(...files.map(({ fileId }) => fileId));
      return Promise.resolve();
    },
  }).move(fileIds);

/** What Google gives along with a photo. */
const takeout = (name: string): string =>
  JSON.stringify({ title: name.replace(/\.json$/u, ''), description: '', photoTakenTime: { timestamp: '1556701200' } });

const inTrash = (): string[] =>
  readdirSync(join(trashed, 'files')).map((name) => readFileSync(join(trashed, 'files', name), 'utf8'));

describe.runIf(process.platform === 'linux')('Trash', () => {
  it('moves files to the trash of the system, from where they can be restored, and leaves the others', async () => {
    const [first, , third] = [add('a.jpg'), add('b.jpg'), add('below/c.jpg')];
    expect(await move(first, third, first)).toEqual({ done: 2, failures: [] });
    expect(readdirSync(folder)).toEqual(['b.jpg', 'below']);
    expect(inTrash().sort()).toEqual(['bytes of a.jpg', 'bytes of below/c.jpg']);
    const notes = readdirSync(join(trashed, 'info')).map((name) => readFileSync(join(trashed, 'info', name), 'utf8'));
    expect(notes.join('\n')).toContain(`Path=${join(folder, 'below/c.jpg')}`);
    expect(forgotten).toEqual([first, third]);
  });

  it('takes names as they are, not as patterns', async () => {
    for (const name of ['*.jpg', '!a.jpg', '[ab].jpg', '{a,b}.jpg'])
      expect(await move(add(name))).toMatchObject({ done: 1 });
    add('a.jpg');
    add('b.jpg');
    expect(readdirSync(folder)).toEqual(['a.jpg', 'b.jpg']);
    expect(await move(add('?.jpg'))).toMatchObject({ done: 1 });
    expect(readdirSync(folder)).toEqual(['a.jpg', 'b.jpg']);
  });

  it('takes raw files and moving parts along', async () => {
    const lead = add('a.jpg');
    const raw = add('a.dng', { groupId: lead });
    add('b.dng', { groupId: 'another' });
    expect(await move(lead)).toEqual({ done: 2, failures: [] });
    expect(forgotten).toEqual([lead, raw]);
    expect(readdirSync(folder)).toEqual(['b.dng']);
  });

  it('takes along what describes nothing that stays, under all the names that it has', async () => {
    const write = (...names: string[]): void =>
      names.forEach((name) => writeFileSync(join(folder, name), name.endsWith('.json') ? takeout(name) : `of ${name}`));
    const gone = [add('a.jpg'), add('pair.jpg'), add('b.jpg'), add('below/c.jpg')];
    add('pair.dng');
    add('b-edited.jpg');
    write(
      'a.jpg.xmp',
      'A.XMP',
      'a.jpg.supplemental-metadata.json',
      'pair.xmp',
      'b.jpg.json',
      'metadata.json',
      'notes.txt',
    );
    write('below/c.xmp', 'c.xmp', 'aa.jpg.xmp');
    expect(await move(...gone)).toEqual({ done: 4, failures: [] });
    expect(readdirSync(folder).sort()).toEqual([
      'aa.jpg.xmp',
      'b-edited.jpg',
      'b.jpg.json',
      'below',
      'c.xmp',
      'metadata.json',
      'notes.txt',
      'pair.dng',
      'pair.xmp',
    ]);
    expect(readdirSync(join(folder, 'below'))).toEqual([]);
    expect(inTrash()).toEqual(
      expect.arrayContaining(['of A.XMP', 'of below/c.xmp', takeout('a.jpg.supplemental-metadata.json')]),
    );
  });

  it('leaves what other programs keep under the name of a photo', async () => {
    const others = {
      'plot.json': '{"data": [1, 2, 3]}',
      'package.json': '{"description": "not of a photo", "people": [{"name": "me"}]}',
      'broken.jpg.json': '{"photoTakenTime": ',
    };
    for (const [name, text] of Object.entries(others)) writeFileSync(join(folder, name), text);
    expect(await move(add('plot.png'), add('package.jpg'), add('broken.jpg'))).toEqual({ done: 3, failures: [] });
    expect(readdirSync(folder).sort()).toEqual(Object.keys(others).sort());
  });

  it('leaves what it cannot be sure of, says why, and goes on', async () => {
    const changed = add('changed.jpg');
    writeFileSync(join(folder, 'changed.jpg'), 'something else by now');
    const gone = add('gone.jpg');
    rmSync(join(folder, 'gone.jpg'));
    const away = add('away.jpg', { rootId: 'drive' });
    offline.add('drive');
    const outside = join(home, 'outside.jpg');
    writeFileSync(outside, 'mine');
    const link = add('link.jpg');
    rmSync(join(folder, 'link.jpg'));
    symlinkSync(outside, join(folder, 'link.jpg'));
    const inner = add('inner.jpg');
    rmSync(join(folder, 'inner.jpg'));
    symlinkSync(join(folder, 'changed.jpg'), join(folder, 'inner.jpg'));
    const fine = add('fine.jpg');

    const { done, failures } = await move('never heard of', changed, gone, away, link, inner, fine);
    expect(done).toBe(1);
    expect(forgotten).toEqual([fine]);
    expect(failures).toMatchObject([
      { path: 'never heard of', kind: 'vanished' },
      { path: join(folder, 'changed.jpg'), message: expect.stringContaining('changed since') },
      { path: join(folder, 'gone.jpg'), kind: 'vanished' },
      { path: join(folder, 'away.jpg'), message: expect.stringContaining('Connect the drive') },
      { path: join(folder, 'link.jpg'), kind: 'vanished' },
      { path: join(folder, 'inner.jpg'), message: expect.stringContaining('link leads to it') },
    ]);
    expect(readFileSync(outside, 'utf8')).toBe('mine');
    expect(readdirSync(folder)).toEqual(['away.jpg', 'changed.jpg', 'inner.jpg', 'link.jpg']);
  });

  it('says that there is no trash to move to, and deletes nothing', async () => {
    writeFileSync(join(home, 'data', 'Trash'), 'a file is in the way');
    const file = add('a.jpg');
    expect(await move(file)).toMatchObject({
      done: 0,
      failures: [{ message: expect.stringContaining('stays where it is') }],
    });
    expect(readdirSync(folder)).toEqual(['a.jpg']);
    expect(forgotten).toEqual([]);
  });
});
