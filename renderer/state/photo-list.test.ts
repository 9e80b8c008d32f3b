import { describe, expect, it } from 'vitest';
import { PhotoList, PhotoListBuilder } from './photo-list.ts';
import { idOf, photoCell } from './test-photos.ts';

const cell = (id: string) => photoCell(id.padStart(16, '0'));
const idsOf = (list: PhotoList): (string | undefined)[] =>
  Array.from({ length: list.length }, (_, index) => list.idAt(index));

describe('PhotoList', () => {
  it('keeps ids, order and sizes, also of ids with leading zeros and the highest bit', () => {
    const high = 'ffffffffffffffff';
    const list = PhotoList.of([photoCell(idOf(1), { width: 40, height: 30 }), photoCell(high)]);
    expect([list.idAt(0), list.idAt(1), list.idAt(2)]).toEqual(['0000000000000001', high, undefined]);
    expect([list.indexOf(high), list.indexOf('00000000000000aa')]).toEqual([1, -1]);
    expect([...list.widths, ...list.heights]).toEqual([40, 4, 30, 3]);
  });

  it('leaves lists that were given out as they are when more photos come', () => {
    const builder = new PhotoListBuilder(1);
    builder.append([cell('1')]);
    const first = builder.list();
    builder.append([cell('2'), cell('3')]);
    expect(first.length).toBe(1);
    expect(first.widths.length).toBe(1);
    expect(builder.list().indexOf(cell('3').id)).toBe(2);
  });

  it('takes a photo once when it shows up on two pages', () => {
    const builder = new PhotoListBuilder(4);
    builder.append([cell('1'), cell('2')]);
    builder.append([cell('2'), cell('3')]);
    expect(idsOf(builder.list())).toEqual([cell('1').id, cell('2').id, cell('3').id]);
  });

  it('knows what is offline, a favourite, or a video', () => {
    const plain = { offline: false, favourite: false, seconds: null };
    const shown = [plain, { ...plain, offline: true }, { ...plain, favourite: true, seconds: 0 }];
    const list = PhotoList.of(shown.map((badges, index) => photoCell(idOf(index), badges)));
    expect([0, 1, 2].map((index) => list.badgesAt(index))).toEqual(shown);
  });

  it('gives a list with other favourites, or without some photos, and stays as it is', () => {
    const list = PhotoList.of(
      [1, 2, 3, 4].map((index) => photoCell(idOf(index), { width: index, offline: index === 3 })),
    );
    const favoured = list.favouring([idOf(3), idOf(99)], true);
    expect(favoured.badgesAt(2)).toEqual({ offline: true, favourite: true, seconds: null });
    expect(favoured.favouring([idOf(3)], false).badgesAt(2).favourite).toBe(false);
    const fewer = favoured.without([idOf(1), idOf(4), idOf(99)]);
    expect(idsOf(fewer)).toEqual([idOf(2), idOf(3)]);
    expect([...fewer.widths]).toEqual([2, 3]);
    expect(fewer.badgesAt(1).favourite).toBe(true);
    expect([list.length, list.badgesAt(2).favourite]).toEqual([4, false]);
  });
});
