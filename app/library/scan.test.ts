import { mkdir, mkdtemp, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FailureKind } from '../contract/index.ts';
import type { RootRecord } from '../store/manifest.ts';
import { Catalogue } from './catalogue.ts';
import { sidecarNames, type WalkStart } from './walk.ts';
import { rowOf } from './recognise.ts';
import { scanRoot, type ScanOptions, type ScanResult } from './scan.ts';

let root: RootRecord;
let catalogue: Catalogue;
beforeEach(async () => {
  const path = await mkdtemp(join(tmpdir(), 'afterimage-scan-'));
  const { dev, ino } = await stat(path, { bigint: true });
  root = {
    id: 'r',
    path,
    device: String(dev),
    inode: String(ino),
    volumes: [],
    paused: false,
    excludes: [],
    follow: 'watch',
  };
  catalogue = new Catalogue();
});
afterEach(() => rm(root.path, { recursive: true, force: true }));

const scan = (options: Partial<ScanOptions> = {}): Promise<ScanResult> =>
  scanRoot(root, catalogue, {
    isExcluded: () => false,
    canReadVideos: false,
    onFound: () => undefined,
    signal: new AbortController().signal,
    ...options,
  });

/** Scans, and remembers what was found as indexed, or as failed for a reason. */
const settle = async (failure: FailureKind | null = null): Promise<void> => {
  for (const file of (await scan()).pending) {
    catalogue.putFile({
      ...rowOf(file, {
        contentHash: failure === null ? file.fileId.repeat(4) : null,
        photoId: failure === null ? file.fileId : null,
        seenAt: 0,
      }),
      failure: failure === null ? null : { kind: failure, message: 'because' },
    });
  }
};

const put = (name: string, content = name): Promise<void> => writeFile(join(root.path, name), content);

describe('scanRoot', () => {
  it('finds new files once, then nothing', async () => {
    await put('a.jpg');
    await put('b.jpg');
    expect((await scan()).pending.map((file) => file.relPath).sort()).toEqual(['a.jpg', 'b.jpg']);
    await settle();
    expect(await scan()).toMatchObject({ offline: false, unchanged: 2, pending: [], removed: [] });
  });

  it('notices another size, another time, another file under the name', async () => {
    for (const name of ['size.jpg', 'time.jpg', 'inode.jpg', 'same.jpg']) await put(name);
    await settle();
    await put('size.jpg', 'longer than before');
    await utimes(join(root.path, 'time.jpg'), 1, 1);
    const { atime, mtime } = await stat(join(root.path, 'inode.jpg'));
    await put('other', 'inode.jpg');
    await utimes(join(root.path, 'other'), atime, mtime);
    await rename(join(root.path, 'other'), join(root.path, 'inode.jpg'));
    const result = await scan();
    expect(result.pending.map((file) => file.relPath).sort()).toEqual(['inode.jpg', 'size.jpg', 'time.jpg']);
    expect(result.unchanged).toBe(1);
  });

  it('tells what is gone', async () => {
    await put('a.jpg');
    await put('b.jpg');
    await settle();
    await rm(join(root.path, 'a.jpg'));
    expect((await scan()).removed.map((file) => file.relPath)).toEqual(['a.jpg']);
  });

  it('calls a vanished root offline, and forgets nothing', async () => {
    await put('a.jpg');
    await settle();
    await rm(root.path, { recursive: true });
    expect(await scan()).toMatchObject({ offline: true, removed: [] });
    await writeFile(root.path, 'a file now');
    expect(await scan()).toMatchObject({ offline: true, removed: [] });
  });

  it('tells an unplugged drive from an emptied folder by the device', async () => {
    await put('a.jpg');
    await settle();
    await rm(join(root.path, 'a.jpg'));
    expect(await scan()).toMatchObject({ offline: false, removed: [expect.objectContaining({ relPath: 'a.jpg' })] });
    root = { ...root, device: 'another' };
    expect(await scan()).toMatchObject({ offline: true, removed: [] });
    // Something put into the bare mount point does not make it the drive.
    await put('stray.jpg');
    expect(await scan()).toMatchObject({ offline: false });
    root = { ...root, inode: 'another' };
    expect(await scan()).toMatchObject({ offline: true, removed: [] });
  });

  it('keeps what was on a volume inside that is not connected, until the folder is an ordinary one', async () => {
    await mkdir(join(root.path, 'nas/2019'), { recursive: true });
    await put('a.jpg');
    await put('nas/2019/b.jpg');
    await settle();
    root = { ...root, volumes: ['nas'] };
    const gone = expect.objectContaining({ relPath: 'nas/2019/b.jpg' });
    await rm(join(root.path, 'nas/2019/b.jpg'));
    const unplugged = { unplugged: ['nas'], volumes: ['nas'], removed: [], unchanged: 1 };
    expect(await scan()).toMatchObject(unplugged);
    expect(await scan({ starts: [{ folder: 'nas/2019', deep: false }] })).toMatchObject({ removed: [] });
    await put('nas/stray.jpg');
    expect(await scan()).toMatchObject(unplugged);
    await rm(join(root.path, 'nas'), { recursive: true });
    expect(await scan()).toMatchObject(unplugged);
    root = { ...root, volumes: [] };
    expect(await scan()).toMatchObject({ unplugged: [], removed: [gone] });

    await mkdir(join(root.path, 'nas'));
    await put('nas/c.jpg');
    await settle();
    root = { ...root, volumes: ['nas'] };
    expect(await scan()).toMatchObject({ unplugged: [], volumes: [], removed: [gone] });
  });

  it('keeps a refusal that stands, and retries one that may have gone away', async () => {
    await put('a.jpg');
    await settle('truncated');
    expect(await scan()).toMatchObject({ pending: [], stillFailed: [expect.objectContaining({ relPath: 'a.jpg' })] });
    catalogue = new Catalogue();
    await settle('unreadable');
    expect((await scan()).pending).toHaveLength(1);
  });

  it('takes a composed and a decomposed name for the same file, unless both are there', async () => {
    await put('caf\u00E9.jpg');
    await settle();
    await rename(join(root.path, 'caf\u00E9.jpg'), join(root.path, 'cafe\u0301.jpg'));
    // Not all systems find it under the name that it had.
    const [known] = catalogue.files.values();
    expect(await scan()).toMatchObject({ pending: [{ relPath: 'cafe\u0301.jpg', before: known }], removed: [] });
    await settle();
    await put('caf\u00E9.jpg', 'another');
    if ((await readdir(root.path)).length === 2) {
      await settle();
      expect(await scan()).toMatchObject({ unchanged: 2, pending: [], removed: [] });
    }
  });

  it('keeps apart folders whose names differ in the writing of accents, also when one of them is looked at', async () => {
    const folders = ['\u00E9', 'e\u0301'];
    for (const folder of folders) await mkdir(join(root.path, folder), { recursive: true });
    if ((await readdir(root.path)).length < 2) return;
    for (const folder of folders) await put(`${folder}/a.jpg`);
    await settle();
    for (const folder of folders)
      expect(await scan({ starts: [{ folder, deep: true }] })).toMatchObject({
        unchanged: 1,
        pending: [],
        removed: [],
      });
    for (const folder of folders) {
      await put(`${folder}/b.jpg`);
      const { pending } = await scan({ starts: [{ folder, deep: true }] });
      expect(pending.map(({ relPath }) => relPath)).toEqual([`${folder}/b.jpg`]);
      for (const file of pending)
        catalogue.putFile(rowOf(file, { contentHash: null, photoId: file.fileId, seenAt: 0 }));
    }
    expect(catalogue.files.size).toBe(4);
  });

  it('tells of names that are no text once where they cannot be told apart', async () => {
    if (process.platform !== 'linux') return;
    for (const byte of [0xfd, 0xfe, 0xff])
      await writeFile(Buffer.concat([Buffer.from(`${root.path}/`), Buffer.of(byte), Buffer.from('.jpg')]), 'x');
    const { problems } = await scan();
    expect(new Set(problems.map(({ fileId }) => fileId)).size).toBe(problems.length);
  });

  it('holds a root for gone in whose place another, empty folder is', async () => {
    await put('a.jpg');
    await settle();
    await rename(root.path, `${root.path} moved`);
    await mkdir(root.path);
    expect(await scan()).toMatchObject({ offline: true, removed: [] });
    await rm(root.path, { recursive: true });
    await rename(`${root.path} moved`, root.path);
    await rm(join(root.path, 'a.jpg'));
    expect(await scan()).toMatchObject({ offline: false, removed: [{ relPath: 'a.jpg' }] });
  });

  it('looks after what belongs to a file that changes', async () => {
    await put('a.jpg');
    await put('a.cr2');
    await settle();
    const lead = (await scan()).companions[0];
    if (typeof lead?.groupId !== 'string') throw new Error('The raw file belongs to nothing.');
    catalogue.putFile(rowOf(lead, { contentHash: null, photoId: lead.groupId, seenAt: 0 }));
    expect(await scan()).toMatchObject({ unchanged: 2, companions: [] });
    await put('a.jpg', 'edited, and longer');
    expect(await scan()).toMatchObject({ pending: [{ relPath: 'a.jpg' }], companions: [{ relPath: 'a.cr2' }] });
  });

  it('reads again what is said beside a photo when only that has changed', async () => {
    await put('a.jpg');
    await settle();
    await put('a.xmp');
    expect(await scan()).toMatchObject({ unchanged: 0, pending: [{ relPath: 'a.jpg', isDescriptionOnly: true }] });
    await settle();
    expect(await scan()).toMatchObject({ unchanged: 1, pending: [] });
  });

  it('lets raw files follow their picture, unless that one failed', async () => {
    await put('a.jpg');
    await put('a.cr2');
    const first = await scan();
    expect(first.pending.map(({ relPath }) => relPath)).toEqual(['a.jpg']);
    expect(first.companions).toMatchObject([{ relPath: 'a.cr2', groupId: first.pending[0]?.fileId }]);
    await settle('truncated');
    expect(await scan()).toMatchObject({ companions: [], pending: [{ relPath: 'a.cr2', groupId: null }] });
  });

  it('leaves alone what only a cloud service has, and videos that nothing reads', async () => {
    await put('a.jpg');
    await settle();
    await rm(join(root.path, 'a.jpg'));
    await put('.a.jpg.icloud');
    await put('.b.jpg.icloud');
    await put('c.mp4');
    expect(await scan()).toMatchObject({ onlineOnly: 2, unreadVideos: 1, pending: [], removed: [] });
    expect((await scan({ canReadVideos: true })).pending.map(({ relPath }) => relPath)).toEqual(['c.mp4']);
  });

  it('leaves alone what a cloud service has to say beside a photo, and what it said before', async () => {
    for (const name of ['a.jpg', 'a.xmp', 'b.jpg', 'b.jpg.json', '.b.xmp.icloud']) await put(name);
    const away = async (name: string): Promise<void> => {
      await rm(join(root.path, name));
      await put(`.${name}.icloud`, 'stub');
    };
    expect((await scan()).pending.map(({ sidecars }) => sidecarNames(sidecars))).toEqual([['a.xmp'], ['b.jpg.json']]);
    await settle();
    await away('a.xmp');
    const held = await scan();
    expect(held).toMatchObject({ unchanged: 2, onlineOnly: 0, pending: [], removed: [] });
    // Reading the photo anew, for another model perhaps, would find nothing of it.
    expect([...held.unreachable]).toEqual([...catalogue.files.keys()].slice(0, 1));
    await put('a.jpg', 'edited, and longer');
    expect(await scan()).toMatchObject({ unchanged: 1, onlineOnly: 1, pending: [] });
    await rm(join(root.path, '.a.xmp.icloud'));
    await put('a.xmp', 'longer than before');
    await rm(join(root.path, '.b.xmp.icloud'));
    await put('b.xmp');
    expect(await scan()).toMatchObject({
      unchanged: 0,
      onlineOnly: 0,
      pending: [
        { relPath: 'a.jpg', isDescriptionOnly: false },
        { relPath: 'b.jpg', isDescriptionOnly: true },
      ],
    });
  });

  it('tells what is gone from the parts that it looked at, and of nothing else', async () => {
    for (const folder of ['x', 'x/in', 'y']) await mkdir(join(root.path, folder));
    for (const name of ['x/a.jpg', 'x/in/b.jpg', 'y/c.jpg']) await put(name);
    await settle();
    for (const name of ['x/a.jpg', 'x/in/b.jpg', 'y/c.jpg']) await rm(join(root.path, name));
    const removedIn = async (...starts: WalkStart[]): Promise<string[]> =>
      (await scan({ starts })).removed.map(({ relPath }) => relPath).sort();
    expect(await removedIn({ folder: 'x', deep: false })).toEqual(['x/a.jpg']);
    expect(await removedIn({ folder: 'x', deep: true })).toEqual(['x/a.jpg', 'x/in/b.jpg']);
    expect(await removedIn({ folder: '', deep: true })).toEqual(['x/a.jpg', 'x/in/b.jpg', 'y/c.jpg']);
  });

  it.runIf(process.platform !== 'win32' && process.getuid?.() !== 0)(
    'keeps what lies in a folder that cannot be read',
    async () => {
      await mkdir(join(root.path, 'closed'));
      await put('closed/a.jpg');
      await settle();
      await mkdir(join(root.path, 'closed'), { mode: 0 });
      expect(await scan()).toMatchObject({ removed: [], unreadable: [expect.objectContaining({ relPath: 'closed' })] });
    },
  );
});
