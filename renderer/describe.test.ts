import { describe, expect, it } from 'vitest';
import { parseQuery } from '../app/query/language/parse.ts';
import { describeTerm, titleOf } from './describe.ts';

const id = '0123456789abcdef';

describe('a query in words', () => {
  it.each([
    ['dog', '“dog”'],
    ['-!dog^1.50', 'avoid “dog”, required, weight 1.5'],
    [`photo:${id}`, 'photo'],
    ['photo:beach.jpg', 'photo “beach.jpg”'],
    [`-photo:${id}#0,0,0.5,0.5`, 'avoid part of a photo'],
    ['image:token', 'picture'],
    ['slide:(summer, snow)@0.3', 'between “summer” and “snow”'],
    [`like:${id},aaaa`, '2 liked photos'],
    [`unlike:${id}`, '1 unliked photo'],
  ])('reads out %s', (text, said) => {
    const [term] = parseQuery(text).terms;
    expect(describeTerm(term!)).toBe(said);
  });

  it('makes a title of it', () => {
    expect(titleOf(parseQuery(`beach -people photo:${id} camera:sony mode:all`))).toBe(
      'Beach, without people, photo, camera:sony',
    );
  });
});
