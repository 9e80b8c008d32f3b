import { cp, mkdir, mkdtemp, readdir, readFile, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { libraryPaths, type RootRecord } from '../store/manifest.ts';
import { ManifestFile } from '../store/manifest-file.ts';
import { plainRoot } from '../../test/support/quiet-host.ts';
import {
  Approval,
  awaitingOfLibrary,
  describeAwaiting,
  isNamedInFull,
  moveApproved,
  type Consent,
} from './approval.ts';

let home = '';
let data = '';
let photos = '';
beforeEach(async () => {
  home = await realpath(await mkdtemp(join(tmpdir(), 'afterimage-approval-')));
  data = join(home, 'data');
  photos = join(home, 'photos');
  await mkdir(photos);
  await writeFile(join(photos, 'a.jpg'), '');
});
afterEach(() => rm(home, { recursive: true, force: true }));

const approvals = () => ({ folder: join(data, 'approvals'), data });
const at = (library: string) => ({ library, approvals: approvals() });

/** Opens a library as the engine does, as far as approval goes. */
const open = async (library: string, consent: Consent | null = null, roots: readonly RootRecord[] = []) => {
  await mkdir(library, { recursive: true });
  const approval = await Approval.open(at(await realpath(library)), consent);
  const manifest = await ManifestFile.open(libraryPaths(library), () => approval.identityOfNew());
  await approval.seal(manifest);
  if (roots.length > 0) await manifest.update(() => ({ roots: [...roots] }));
  return { approval, manifest };
};
/** A library that somebody else has made, with a folder. */
const foreign = async (name = 'foreign'): Promise<string> => {
  const library = join(home, name);
  await ManifestFile.open(libraryPaths(library)).then((manifest) =>
    manifest.update(() => ({ roots: [{ ...plainRoot, path: photos }] })),
  );
  return library;
};

describe('the approval of a library', () => {
  it('is given to one that is made, and kept', async () => {
    const library = join(home, 'library');
    expect(await awaitingOfLibrary(at(library))).toBeNull();
    expect(await readdir(home)).not.toContain('data');
    const { approval } = await open(library);
    await approval.approveFolder(photos);
    expect(await awaitingOfLibrary(at(library))).toBeNull();
    expect(await (await open(library)).approval.allowsFolder(photos)).toBe(true);
  });

  it('is kept by one that was cut off before anything but its manifest was there', async () => {
    const library = join(home, 'library');
    await mkdir(library);
    const approval = await Approval.open(at(library), null);
    await ManifestFile.open(libraryPaths(library), () => approval.identityOfNew());
    expect(await awaitingOfLibrary(at(library))).toBeNull();
  });

  it('is asked for another one, which says what it would do', async () => {
    const library = await foreign();
    const awaiting = await awaitingOfLibrary(at(library));
    expect(awaiting).toEqual({ folders: [photos], models: [] });
    await expect(Approval.open(at(library), null)).rejects.toMatchObject({
      kind: 'not-approved',
      message: expect.stringContaining(photos),
    });
    const { approval } = await open(library, { folders: [], models: [] });
    expect(await approval.allowsFolder(photos)).toBe(false);
    expect(await awaitingOfLibrary(at(library))).toBeNull();
  });

  it('holds for its real path, however it is reached, and for no copy', async () => {
    const library = join(home, 'library');
    await open(library);
    await symlink(library, join(home, 'link'), 'dir');
    await cp(library, join(home, 'copy'), { recursive: true });
    expect(await awaitingOfLibrary(at(join(home, 'link')))).toBeNull();
    expect(await awaitingOfLibrary(at(join(home, 'copy')))).not.toBeNull();
  });

  it('is taken from the spare copy where the manifest is damaged', async () => {
    const library = join(home, 'library');
    await open(library);
    await open(library);
    await writeFile(libraryPaths(library).manifest, '{');
    expect(await awaitingOfLibrary(at(library))).toBeNull();
  });

  it('is not needed below the data of this program, with all that such a library names when it is first seen', async () => {
    const library = join(data, 'libraries', 'deep', 'mine');
    await mkdir(join(data, 'libraries', 'deep'), { recursive: true });
    await rename(await foreign(), library);
    const { approval } = await open(library);
    expect(approval.consent.folders).toEqual([photos]);
    await approval.approveFolder(photos);
    // What somebody writes into it later is not what the person once chose.
    expect((await open(library)).approval.consent.folders).toEqual([]);
    await rename(await foreign('other'), join(home, 'elsewhere'));
    await symlink(join(home, 'elsewhere'), join(data, 'libraries', 'link'), 'dir');
    expect(await awaitingOfLibrary(at(join(data, 'libraries', 'link')))).not.toBeNull();
    await mkdir(join(data, 'libraries-of-others'));
    await rename(join(home, 'elsewhere'), join(data, 'libraries-of-others', 'one'));
    expect(await awaitingOfLibrary(at(join(data, 'libraries-of-others', 'one')))).not.toBeNull();
  });

  it('moves with the library', async () => {
    const [from, to] = [join(home, 'library'), join(home, 'moved')];
    await (await open(from)).approval.approveFolder(photos);
    await moveApproved({ library: from, approvals: approvals(), everything: true }, to, () => rename(from, to));
    expect(await awaitingOfLibrary(at(to))).toBeNull();
    expect(await (await open(to)).approval.allowsFolder(photos)).toBe(true);
    await cp(to, from, { recursive: true });
    expect(await awaitingOfLibrary(at(from))).not.toBeNull();
  });

  it.each([true, false])(
    'moves with what the person has agreed to, all of it or the library alone: %s',
    async (everything) => {
      const to = join(home, 'moved');
      const from = await foreign();
      await moveApproved({ library: from, approvals: approvals(), everything }, to, () => rename(from, to));
      expect(await awaitingOfLibrary(at(to))).toBeNull();
      expect(await (await open(to)).approval.allowsFolder(photos)).toBe(everything);
    },
  );

  it('is not lost to what else stands in the manifest', async () => {
    const library = join(home, 'library');
    const { manifest } = await open(library);
    await manifest.update(() => ({ roots: [plainRoot] }));
    const text = await readFile(libraryPaths(library).manifest, 'utf8');
    expect(JSON.parse(text)).toMatchObject({ identity: { signatures: [expect.any(String)] }, roots: [plainRoot] });
  });
});

describe('an approved folder', () => {
  it('is one by its path, and as long as it is the same folder or away', async () => {
    const { approval } = await open(join(home, 'library'));
    expect(await approval.allowsFolder(photos)).toBe(false);
    await approval.approveFolder(photos);
    await mkdir(join(photos, 'inside'));
    expect([await approval.allowsFolder(photos), await approval.allowsFolder(join(photos, 'inside'))]).toEqual([
      true,
      false,
    ]);
    await rename(photos, join(home, 'away'));
    expect(await approval.allowsFolder(photos)).toBe(true);
    // A mount point without its volume.
    await mkdir(photos);
    expect(await approval.allowsFolder(photos)).toBe(true);
    await writeFile(join(photos, 'other.jpg'), '');
    expect(await approval.allowsFolder(photos)).toBe(false);
    await rm(photos, { recursive: true });
    await symlink(join(home, 'away'), photos, 'dir');
    expect(await approval.allowsFolder(photos)).toBe(false);
    await rm(photos);
    await rename(join(home, 'away'), photos);
    expect(await approval.allowsFolder(photos)).toBe(true);
  });

  it('that was away when it was approved is the one that is found there first', async () => {
    const { approval } = await open(join(home, 'library'));
    await rename(photos, join(home, 'away'));
    await mkdir(photos);
    await approval.approveFolder(photos);
    await rm(photos, { recursive: true });
    await rename(join(home, 'away'), photos);
    expect(await approval.allowsFolder(photos)).toBe(true);
    await rename(photos, join(home, 'away'));
    await mkdir(photos);
    await writeFile(join(photos, 'other.jpg'), '');
    expect(await approval.allowsFolder(photos)).toBe(false);
  });
});

it('approves a model by its directory and what is in it', async () => {
  const { approval } = await open(join(home, 'library'));
  const allows = (contents: string): Promise<boolean> =>
    approval.allowsModel('/model', () => Promise.resolve(contents));
  expect([approval.knowsModel('/model'), await allows('a')]).toEqual([false, false]);
  await approval.approveModel('/model', 'a');
  expect([approval.knowsModel('/model'), await allows('a'), await allows('b')]).toEqual([true, true, false]);
  await approval.approveModel('/model', null);
  expect([await allows('b'), await allows('a')]).toEqual([true, false]);
  await approval.forgetModel('/model');
  expect(approval.knowsModel('/model')).toBe(false);
});

it('names so many folders as can be read, and counts the others', () => {
  const folders = Array.from({ length: 25 }, (_, each) => `/folder-${String(each)}`);
  const lines = describeAwaiting('/library', { folders, models: [{ name: 'm', directory: '/model' }] });
  expect(lines).toEqual(expect.arrayContaining(['  /folder-19', '  and 5 more', '  m from /model']));
  expect(lines).not.toContain('  /folder-20');
  expect(describeAwaiting('/library', { folders: [], models: [] })).toContain('It names no folder and no model.');
  // Nobody agrees to what was not shown.
  expect(isNamedInFull({ folders, models: [] })).toBe(false);
  expect(isNamedInFull({ folders: folders.slice(0, 20), models: [] })).toBe(true);
});
