import { describe, expect, it } from 'vitest';
import { AfterimageError, type UserData } from '../../app/contract/index.ts';
import { connect } from './test-engine.ts';
import { Toasts } from './toasts.svelte.ts';
import { piecesOf, Upkeep } from './upkeep.svelte.ts';

const photo = (index: number): UserData['photos'][number] => ({
  favourite: true,
  rating: 3,
  hidden: false,
  contentHashes: [`${index}`],
  pixelHash: 'p',
  paths: [`/photos/${index}.jpg`],
});
const dataOf = (count: number): UserData => ({
  afterimage: 'user-data',
  version: 1,
  photos: Array.from({ length: count }, (_, index) => photo(index)),
  searches: [{ name: 'Snow', query: 'snow' }],
});

describe('piecesOf', () => {
  it('keeps every photo once, in order, and the searches once, in pieces of a size', () => {
    const data = dataOf(100);
    const limit = 3 * JSON.stringify(photo(99)).length;
    const pieces = piecesOf(data, limit);
    expect(pieces.flatMap(({ photos }) => photos)).toEqual(data.photos);
    expect(pieces.flatMap(({ searches }) => searches)).toEqual(data.searches);
    expect(pieces.length).toBeGreaterThan(30);
    for (const { photos } of pieces) expect(JSON.stringify(photos).length).toBeLessThan(limit + 10);
  });

  it('gives a photo that is larger than a piece one of its own, and searches without photos', () => {
    expect(piecesOf(dataOf(2), 10).map(({ photos }) => photos.length)).toEqual([0, 1, 1]);
    expect(piecesOf(dataOf(0))).toEqual([dataOf(0)]);
  });
});

describe('Upkeep', () => {
  it('takes over an export, and says what of it is known here', async () => {
    const { engine } = await connect<'library.import' | 'library.export'>({
      'library.export': () => dataOf(3),
      'library.import': ({ photos, searches }) => ({
        photos: photos.length - 1,
        unknown: 1,
        searches: searches.length,
        refused: [],
      }),
    });
    const toasts = new Toasts();
    const upkeep = new Upkeep(engine, toasts);
    const file = await upkeep.export();
    await upkeep.import(file ?? new Blob());
    expect(toasts.list.map(({ text }) => text)).toEqual([
      'Took over 2 photos and 1 saved search. 1 photo of the file is not in this library.',
    ]);
    await upkeep.import(new Blob(['{"photos": []}']));
    expect(toasts.list[1]?.text).toMatch(/^This file is no export/u);
    expect(upkeep.busy).toBe(null);
  });

  it('mends only when asked to, and keeps the reason when nothing can be known', async () => {
    const asked: boolean[] = [];
    const { engine } = await connect<'doctor'>({
      doctor: ({ repair }) => {
        asked.push(repair);
        if (asked.length > 2) throw new AfterimageError('library-damaged', 'The library is damaged.');
        return { checks: [{ name: 'Library', state: repair ? 'ok' : 'error', message: '' }] };
      },
    });
    const upkeep = new Upkeep(engine, new Toasts());
    await upkeep.check();
    expect(upkeep.checks).toMatchObject([{ state: 'error' }]);
    await upkeep.check(true);
    expect(upkeep.checks).toMatchObject([{ state: 'ok' }]);
    await upkeep.check();
    expect([asked, upkeep.problem]).toEqual([[false, true, false], 'The library is damaged.']);
  });
});
