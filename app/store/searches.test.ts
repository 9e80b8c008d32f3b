import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SavedSearches } from './searches.ts';

let folder = '';
let path = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'afterimage-searches-'));
  path = join(folder, 'searches.json');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('SavedSearches', () => {
  it('keeps what was saved and changed, in order, for the next start', async () => {
    const searches = await SavedSearches.open(path);
    const [first, second] = [
      await searches.save({ name: 'Dogs', query: 'dog' }),
      await searches.save({ name: ' Sea ', query: 'sea -people' }),
    ];
    await searches.save({ ...first, query: 'dog^2' });
    const again = await SavedSearches.open(path);
    expect(again.value.saved).toEqual([
      { id: first.id, name: 'Dogs', query: 'dog^2' },
      { id: second.id, name: 'Sea', query: 'sea -people' },
    ]);
    await again.remove(first.id);
    expect((await SavedSearches.open(path)).value.saved).toEqual([again.get(second.id)]);
    if (process.platform !== 'win32') expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('says that a search is gone rather than saving it anew', async () => {
    const searches = await SavedSearches.open(path);
    await expect(searches.save({ id: 'gone', name: 'x', query: 'x' })).rejects.toMatchObject({ kind: 'not-found' });
    await expect(searches.remove('gone')).rejects.toMatchObject({ kind: 'not-found' });
    expect(() => searches.get('gone')).toThrow('no longer saved');
  });

  it('remembers the last fifty queries, newest first and each once, and forgets them when told', async () => {
    const searches = await SavedSearches.open(path);
    await Promise.all(Array.from({ length: 60 }, (_, index) => searches.remember(`query ${String(index)}`)));
    await searches.remember(' query 30 ');
    const { recent } = (await SavedSearches.open(path)).value;
    expect(recent).toHaveLength(50);
    expect(recent.slice(0, 3)).toEqual(['query 30', 'query 59', 'query 58']);
    expect(new Set(recent).size).toBe(50);
    await searches.save({ name: 'Dogs', query: 'dog' });
    await searches.forget();
    expect((await SavedSearches.open(path)).value).toMatchObject({ saved: [{ query: 'dog' }], recent: [] });
  });

  it.each(['', '{', '{"saved":[{"id":1}],"recent":[]}'])(
    'puts a damaged file aside and loses none: %s',
    async (text) => {
      await writeFile(path, text);
      const searches = await SavedSearches.open(path);
      expect(searches.value).toEqual({ saved: [], recent: [] });
      expect(searches.damaged).toBe(`${path}.damaged`);
      await searches.save({ name: 'Dogs', query: 'dog' });
      expect(await readFile(`${path}.damaged`, 'utf8')).toBe(text);
      await writeFile(path, 'again');
      const later = await SavedSearches.open(path);
      expect(later.damaged).not.toBeNull();
      const kept = (await readdir(folder)).filter((name) => name.includes('.damaged'));
      expect(kept).toHaveLength(2);
    },
  );
});
