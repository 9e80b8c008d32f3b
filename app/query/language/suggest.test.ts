import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editDistance, nearest } from './suggest.ts';

describe('editDistance', () => {
  it.each([
    ['', '', 0],
    ['', 'abc', 3],
    ['camra', 'camera', 1],
    ['caemra', 'camera', 1],
    ['kitten', 'sitting', 3],
    ['ca', 'abc', 3],
  ])('from “%s” to “%s” is %d', (a, b, edits) => {
    expect(editDistance(a, b)).toBe(edits);
  });

  it('is symmetric, and 0 for the same word only', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 6 });
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, b) === 0).toBe(a === b);
        expect(editDistance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
      }),
    );
  });
});

describe('nearest', () => {
  it('is the nearest choice, when one is near', () => {
    expect(nearest('tga', ['in', 'tag', 'type'])).toBe('tag');
    expect(nearest('xy', ['in', 'on', 'is'])).toBeNull();
    expect(nearest('jepg', ['jpeg', 'png'])).toBe('jpeg');
    expect(nearest('a'.repeat(10_000), ['in'])).toBeNull();
  });
});
