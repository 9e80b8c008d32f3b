import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ValueList } from './value-list.ts';

const isWord = (sign: string): boolean => /[\p{L}\p{N}]/u.test(sign);

/** The rule, said plainly. */
const fits = (value: string, prefix: string): boolean => {
  const [text = '', wanted = ''] = [value, prefix].map((part) => part.toLowerCase().replaceAll('\n', ' '));
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1))
    if (at === 0 || !isWord(wanted[0] ?? '') || !isWord(text[at - 1] ?? '')) return true;
  return false;
};

describe('ValueList', () => {
  it('finds just the values that begin so, or have a word that does, in their order', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', 'B', '1', ' ', '_', '.', '\n', 'é', '海', '😀'),
      maxLength: 6,
    });
    fc.assert(
      fc.property(
        fc.uniqueArray(text, { maxLength: 12 }),
        text,
        fc.integer({ min: 1, max: 12 }),
        (values, prefix, limit) => {
          const list = new ValueList(new Map(values.map((value, index) => [value, values.length - index])));
          const expected = values.filter((value) => fits(value, prefix));
          expect(list.find(prefix, limit).map(({ value }) => value)).toEqual(expected.slice(0, limit));
        },
      ),
    );
  });

  it('puts the values of most photos first', () => {
    const list = new ValueList(
      new Map([
        ['one', 1],
        ['three', 3],
        ['two', 2],
      ]),
    );
    expect(list.find('', 2)).toEqual([
      { value: 'three', photos: 3 },
      { value: 'two', photos: 2 },
    ]);
    expect(list.find('t', 9).map(({ photos }) => photos)).toEqual([3, 2]);
  });
});
