import { describe, expect, it } from 'vitest';
import { PhotoList, PhotoListBuilder } from './photo-list.ts';

const cell = (id: string, width = 3, height = 2) => ({ id: id.padStart(16, '0'), width, height });

describe('PhotoList', () => {
  it('keeps ids, order and sizes, also of ids with leading zeros and the highest bit', () => {
    const high = 'ffffffffffffffff';
    const list = PhotoList.of([cell('1', 40, 30), { ...cell(high), id: high }]);
    expect([list.idAt(0), list.idAt(1), list.idAt(2)]).toEqual(['0000000000000001', high, undefined]);
    expect([list.indexOf(high), list.indexOf('00000000000000aa')]).toEqual([1, -1]);
    expect([...list.widths, ...list.heights]).toEqual([40, 3, 30, 2]);
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
    expect(Array.from({ length: builder.list().length }, (_, index) => builder.list().idAt(index))).toEqual([
      cell('1').id,
      cell('2').id,
      cell('3').id,
    ]);
  });
});
