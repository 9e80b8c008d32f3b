import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { UserData } from '../contract/index.ts';
import { Catalogue } from '../library/catalogue.ts';
import type { UserRow } from '../store/rows.ts';
import { SavedSearches } from '../store/searches.ts';
import { finishImport, importHandler } from './import-user-data.ts';

let directory = '';
let searches: SavedSearches;
let marked: UserRow[] = [];
let isDiskFull = false;
const { signal } = new AbortController();

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'afterimage-import-'));
  searches = await SavedSearches.open(join(directory, 'searches.json'));
  marked = [];
  isDiskFull = false;
});
afterEach(() => rm(directory, { recursive: true }));

const options = () => ({
  paths: { directory, pendingImport: join(directory, 'import.json') },
  marks: {
    put: (rows: readonly UserRow[]): Promise<void> => {
      if (isDiskFull) return Promise.reject(new Error('disk full'));
      marked.push(...rows);
      return Promise.resolve();
    },
  },
  searches,
  catalogue: new Catalogue(),
  roots: { pathOf: (_: string, relPath: string) => relPath },
  changed: () => undefined,
});
const photo = (digit: string): UserData['photos'][number] => ({
  favourite: true,
  rating: null,
  hidden: false,
  contentHashes: [digit.repeat(64)],
  pixelHash: '',
  paths: [],
});
const dataOf = (photos: readonly string[], queries: readonly (readonly [name: string, query: string])[]): UserData => ({
  afterimage: 'user-data',
  version: 1,
  photos: photos.map(photo),
  searches: queries.map(([name, query]) => ({ name, query })),
});
const saved = () => searches.value.saved.map(({ name }) => name);

it('saves what can be read, and says of each other search why not', async () => {
  const report = await importHandler(options())(
    dataOf(
      ['1'],
      [
        ['Sea', 'sea'],
        ['Broken', 'rating:'],
        ['', 'sea'],
        ['Long', 'x'.repeat(9000)],
        ['Snow', 'snow'],
      ],
    ),
    signal,
  );
  expect(report).toMatchObject({ photos: 0, unknown: 1, searches: 2 });
  expect(report.refused.map(({ name }) => name)).toEqual(['Broken', '', 'Long']);
  expect(saved()).toEqual(['Sea', 'Snow']);
  expect(marked).toMatchObject([{ photoId: '1'.repeat(16), favourite: true }]);
  expect(await readdir(directory)).toEqual(['searches.json']);
});

it('takes in nothing at all when a part of it fails', async () => {
  await importHandler(options())(dataOf([], [['Before', 'before']]), signal);
  isDiskFull = true;
  await expect(importHandler(options())(dataOf(['1'], [['Sea', 'sea']]), signal)).rejects.toThrow('disk full');
  expect([saved(), marked]).toEqual([['Before'], []]);
  expect(await readdir(directory)).toEqual(['searches.json']);
});

it('takes in nothing before the last part has come, and then all', async () => {
  const handler = importHandler(options());
  const first = { ...dataOf(['1'], [['Sea', 'sea']]), part: { of: 'a', isLast: false } };
  expect(await handler(first, signal)).toEqual({ photos: 0, unknown: 0, searches: 0, refused: [] });
  expect([saved(), marked]).toEqual([[], []]);
  expect(await handler({ ...dataOf(['2'], []), part: { of: 'a', isLast: true } }, signal)).toMatchObject({
    searches: 1,
    unknown: 2,
  });
  expect([saved(), marked.length]).toEqual([['Sea'], 2]);
});

it('forgets the parts of an export that was broken off', async () => {
  const handler = importHandler(options());
  await handler({ ...dataOf(['1'], [['Sea', 'sea']]), part: { of: 'a', isLast: false } }, signal);
  await handler({ ...dataOf(['2'], []), part: { of: 'b', isLast: true } }, signal);
  expect([saved(), marked.length]).toEqual([[], 1]);
});

it('is finished after a kill: what had begun is done, once', async () => {
  const changes = {
    marks: [{ photoId: '1'.repeat(16), favourite: true, rating: null, hidden: false }],
    searches: [{ name: 'Sea', query: 'sea' }],
  };
  await writeFile(join(directory, 'import.json'), JSON.stringify(changes));
  await searches.saveAll(changes.searches);
  await finishImport(options());
  expect([saved(), marked.length]).toEqual([['Sea'], 1]);
  expect(await readdir(directory)).toEqual(['searches.json']);
});

it('is not misled by a file that somebody else put there', async () => {
  await writeFile(join(directory, 'import.json'), JSON.stringify({ marks: 'all', searches: [] }));
  await finishImport(options());
  expect([saved(), marked]).toEqual([[], []]);
  expect(await readdir(directory)).toEqual([]);
});

it('saves no more searches than a library takes', async () => {
  const many = Array.from({ length: 1200 }, (_, index) => [`n${String(index)}`, 'sea'] as const);
  const report = await importHandler(options())(dataOf([], many), signal);
  expect(report.searches).toBe(1000);
  expect(report.refused).toHaveLength(100);
  await expect(searches.save({ name: 'one more', query: 'sea' })).rejects.toMatchObject({ kind: 'invalid-request' });
});
