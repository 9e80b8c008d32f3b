import { mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ApprovalStore, newLibraryId, type ApprovalRecord } from './approval-store.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'afterimage-approvals-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const storeOf = (person: string): ApprovalStore => new ApprovalStore(join(folder, person));
const record = (library: string): ApprovalRecord => ({ library, id: newLibraryId(), folders: [], models: [] });

describe('what a person has approved', () => {
  it('makes nothing when it is only read', async () => {
    const store = storeOf('me');
    expect(await store.read('/library')).toBeNull();
    expect(await store.hasSigned({ id: newLibraryId(), signatures: ['a'] })).toBe(false);
    expect(await readdir(folder)).toEqual([]);
  });

  it('is kept by library, and forgotten with it', async () => {
    const store = storeOf('me');
    const [one, other] = [record('/one'), record('/other')];
    await store.write(one);
    await store.write(other);
    expect([await store.read('/one'), await store.read('/other')]).toEqual([one, other]);
    await store.remove('/one');
    expect([await store.read('/one'), await store.read('/other')]).toEqual([null, other]);
  });

  it('counts as nothing where the record is damaged, a link, or that of another library', async () => {
    const store = storeOf('me');
    await store.write(record('/one'));
    const [name = ''] = await readdir(join(folder, 'me'));
    const path = join(folder, 'me', name);
    for (const text of ['', '{', '{"library":"/one"}', JSON.stringify(record('/other'))]) {
      await writeFile(path, text);
      expect([text, await store.read('/one')]).toEqual([text, null]);
    }
    await rm(path);
    await writeFile(join(folder, 'record'), JSON.stringify(record('/one')));
    await symlink(join(folder, 'record'), path);
    expect(await store.read('/one')).toBeNull();
  });

  it('signs ids with a key that only its owner can read, beside the signatures of others', async () => {
    const [me, you] = [storeOf('me'), storeOf('you')];
    const id = newLibraryId();
    const mine = await me.signed(id, null);
    expect([await me.hasSigned(mine), await you.hasSigned(mine)]).toEqual([true, false]);
    const ours = await you.signed(id, mine);
    expect([await me.hasSigned(ours), await you.hasSigned(ours)]).toEqual([true, true]);
    // A signature holds for its id alone, and is there once.
    expect(await me.hasSigned({ ...ours, id: newLibraryId() })).toBe(false);
    expect((await me.signed(id, ours)).signatures).toHaveLength(2);
    expect((await me.signed(newLibraryId(), ours)).signatures).toHaveLength(1);
    if (process.platform !== 'win32') expect((await stat(join(folder, 'me', 'key'))).mode & 0o777).toBe(0o600);
  });

  it('keeps as many signatures as fit, the latest among them', async () => {
    const id = newLibraryId();
    const many = { id, signatures: Array.from({ length: 40 }, (_, at) => String(at)) };
    const signed = await storeOf('me').signed(id, many);
    expect([signed.signatures.length, await storeOf('me').hasSigned(signed)]).toEqual([16, true]);
  });
});
