import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { file } from '../../test/support/rows.ts';
import { Catalogue } from '../library/catalogue.ts';
import type { FileRow } from '../store/rows.ts';
import { Store, type Commit } from '../store/store.ts';
import { Ledger } from './ledger.ts';

let folder = '';
let store: Store;
let ledger: Ledger;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'afterimage-ledger-'));
  store = await Store.open(join(folder, 'database'));
  ledger = new Ledger({ store, catalogue: new Catalogue(), model: () => null, changed: () => undefined });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

const failed: FileRow = { ...file, photoId: null, contentHash: null, failure: { kind: 'empty', message: 'empty' } };
const commitOf = (fileId: string): Commit => ({ vectors: [], photos: [], files: [{ ...failed, fileId }] });

describe('Ledger', () => {
  it('never writes a row twice, however commits overlap', async () => {
    await Promise.all([ledger.commit(commitOf('a')), ledger.commit(commitOf('a')), ledger.commit(commitOf('b'))]);
    expect((await store.loadFiles()).map(({ fileId }) => fileId).sort()).toEqual(['a', 'b']);
  });

  it('appends what is new again once commits that overlapped are over, and merges all after one that failed', async () => {
    const commit = vi.spyOn(store, 'commit');
    const isAppended = async (fileId: string): Promise<boolean> => {
      await ledger.commit(commitOf(fileId));
      return commit.mock.lastCall?.[1].file('never seen') === false;
    };
    await Promise.all([ledger.commit(commitOf('a')), ledger.commit(commitOf('b'))]);
    expect(await isAppended('c')).toBe(true);
    commit.mockRejectedValueOnce(new Error('no space left on device'));
    await expect(ledger.commit(commitOf('d'))).rejects.toThrow('no space');
    expect(await isAppended('e')).toBe(false);
  });
});
