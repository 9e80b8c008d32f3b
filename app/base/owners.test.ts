import { chmod, chown, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isSafeFromOthers, otherWriters, type Person } from './owners.ts';

const me: Person = { uid: 1000, gid: 1000, platform: 'linux' };
const member: Person = { uid: 1000, gid: 100, platform: 'linux' };
const onMac: Person = { uid: 501, gid: 20, platform: 'darwin' };

describe('who else may write', () => {
  it.each([
    ['a file of the system', { uid: 0, gid: 0, mode: 0o755 }, me, 'nobody'],
    ['one of the system that its group may write to', { uid: 0, gid: 0, mode: 0o775 }, me, 'nobody'],
    ['one of this person', { uid: 1000, gid: 1000, mode: 0o700 }, me, 'nobody'],
    ['one that the group of this user alone may write to', { uid: 1000, gid: 1000, mode: 0o775 }, me, 'nobody'],
    ['one that a group of users may write to', { uid: 1000, gid: 100, mode: 0o775 }, member, 'group'],
    ['one that a group of the system may write to', { uid: 0, gid: 50, mode: 0o2775 }, me, 'group'],
    ['Homebrew’s, of the administrators of a Mac', { uid: 501, gid: 80, mode: 0o775 }, onMac, 'nobody'],
    ['one of a group with that number elsewhere', { uid: 0, gid: 80, mode: 0o775 }, me, 'group'],
    ['one that everybody may write to', { uid: 0, gid: 0, mode: 0o777 }, me, 'everybody'],
    ['a sticky one', { uid: 0, gid: 0, mode: 0o1777 }, me, 'everybody'],
    ['one of another user', { uid: 1001, gid: 1000, mode: 0o700 }, me, 'owner'],
  ] as const)('to %s', (_what, access, person, writers) => {
    expect(otherWriters(access, person)).toBe(writers);
  });
});

describe.skipIf(process.platform === 'win32')('a path', () => {
  let home = '';
  let shared = '';
  /** Whether the person's own folder is safe here at all: in some containers it is not. */
  let isHomeSafe = false;
  beforeAll(async () => {
    home = await mkdtemp(join(homedir(), '.afterimage-owners-'));
    shared = await mkdtemp(join(tmpdir(), 'afterimage-owners-'));
    isHomeSafe = await isSafeFromOthers(homedir(), 'refuse');
    for (const folder of ['bin', 'open', 'kept/bin']) await mkdir(join(home, folder), { recursive: true });
    for (const path of ['bin/tool', 'open/tool', 'kept/bin/tool', 'bin/loose'])
      await writeFile(join(home, path), '', { mode: 0o755 });
    await chmod(join(home, 'open'), 0o777);
    await chmod(join(home, 'bin', 'loose'), 0o777);
    await symlink('../bin/tool', join(home, 'open', 'link'));
    await symlink(join(home, 'open', 'tool'), join(home, 'bin', 'out'));
    await symlink('../open/link', join(home, 'kept', 'through'));
    await symlink('loop', join(home, 'bin', 'loop'));
    await symlink('tool', join(home, 'bin', 'near'));
    await writeFile(join(shared, 'tool'), '', { mode: 0o755 });
  });
  afterAll(async () => {
    for (const folder of [home, shared]) await rm(folder, { recursive: true });
  });

  it.each([
    ['bin/tool', true],
    ['bin/near', true],
    ['kept/bin/tool', true],
    ['bin/loose', false],
    ['open/tool', false],
    // The link itself can be exchanged, or what it leads to, or a folder on the way.
    ['open/link', false],
    ['bin/out', false],
    ['kept/through', false],
    ['bin/loop', false],
  ])('%s is safe: %s', async (path, isSafe) => {
    expect(await isSafeFromOthers(join(home, path), 'refuse')).toBe(isSafe && isHomeSafe);
  });

  it('below a folder that all share is safe only for what is not started from there', async () => {
    expect(await isSafeFromOthers(shared, 'accept')).toBe(true);
    expect(await isSafeFromOthers(join(shared, 'tool'), 'refuse')).toBe(false);
    await expect(isSafeFromOthers(join(shared, 'nothing'), 'accept')).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('of which a sticky folder of a group is part is safe below it, not in it', async ({ skip }) => {
    if (process.getuid?.() !== 0 || !isHomeSafe) skip('groups can be given by root only');
    const store = join(home, 'kept');
    await chown(store, 0, 30_000);
    await writeFile(join(store, 'tool'), '', { mode: 0o755 });
    await chmod(store, 0o775);
    expect(await isSafeFromOthers(join(store, 'bin', 'tool'), 'refuse')).toBe(false);
    await chmod(store, 0o1775);
    expect(await isSafeFromOthers(join(store, 'bin', 'tool'), 'refuse')).toBe(true);
    expect(await isSafeFromOthers(join(store, 'tool'), 'refuse')).toBe(false);
  });
});
