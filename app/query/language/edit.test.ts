import { describe, expect, it } from 'vitest';
import { EMPTY_QUERY, MAX_TERMS, type Query } from './ast.ts';
import * as edit from './edit.ts';
import { parseQuery } from './parse.ts';
import { printQuery } from './print.ts';

/** What an edit makes of a query, both as text; the query before stays what it was. */
const edited = (text: string, change: (query: Query) => Query): string => {
  const query = parseQuery(text);
  const after = printQuery(change(query));
  expect(query).toEqual(parseQuery(text));
  return after;
};
const words = (text: string) => edit.termOf({ kind: 'words', words: text });

describe('terms', () => {
  it('are added once, replaced, removed and moved', () => {
    expect(edited('dog', (query) => edit.addTerm(query, words('cat')))).toBe('dog +cat');
    expect(edited('-dog +cat', (query) => edit.addTerm(query, words('dog')))).toBe('dog +cat');
    expect(edited('dog +cat', (query) => edit.replaceTerm(query, 1, words('bird')))).toBe('dog +bird');
    expect(edited('dog +cat', (query) => edit.removeTerm(query, 0))).toBe('cat');
    expect(edited('a +b +c', (query) => edit.moveTerm(query, 0, 2))).toBe('b +c +a');
    expect(edited('a +b +c', (query) => edit.moveTerm(query, 2, 0))).toBe('c +a +b');
    for (const index of [-1, 2]) expect(edited('dog +cat', (query) => edit.removeTerm(query, index))).toBe('dog +cat');
  });

  it('are not more than a query takes', () => {
    const terms = Array.from({ length: MAX_TERMS }, (_, index) => words(`thing ${index}`));
    const full = { ...EMPTY_QUERY, terms };
    expect(() => edit.addTerm(full, words('one more'))).toThrow('at most 24 terms');
    expect(edit.addTerm(full, words('thing 3')).terms).toHaveLength(MAX_TERMS);
  });

  it.each([
    [1.234, 'dog^1.25'],
    [1, 'dog'],
    [0, 'dog^0.05'],
    [-3, 'dog^0.05'],
    [99, 'dog^4'],
    [Infinity, 'dog^4'],
    [NaN, 'dog^3'],
  ])('weigh %d as %s', (weight, text) => {
    expect(edited('dog^3', (query) => edit.setWeight(query, 0, weight))).toBe(text);
  });

  it('change sides', () => {
    expect(edited('dog', (query) => edit.toggleAvoid(query, 0))).toBe('-dog');
    expect(edited('-!dog', (query) => edit.toggleAvoid(query, 0))).toBe('!dog');
    expect(edited('dog', (query) => edit.toggleRequired(query, 0))).toBe('!dog');
    expect(edited('like:ab', (query) => edit.toggleAvoid(query, 0))).toBe('unlike:ab');
    expect(edited('-unlike:ab', (query) => edit.toggleAvoid(query, 0))).toBe('like:ab');
    expect(edited('-like:ab', (query) => edit.toggleAvoid(query, 0))).toBe('like:ab');
  });
});

describe('marks', () => {
  it('go to one side, and away again', () => {
    expect(edited('dog', (query) => edit.like(query, 'ab'))).toBe('dog like:ab');
    expect(edited('dog like:ab^2', (query) => edit.like(query, 'cd'))).toBe('dog like:ab,cd^2');
    expect(edited('like:ab,cd', (query) => edit.like(query, 'ab'))).toBe('like:cd');
    expect(edited('dog like:ab', (query) => edit.like(query, 'ab'))).toBe('dog');
    expect(edited('like:ab,cd', (query) => edit.unlike(query, 'ab'))).toBe('like:cd unlike:ab');
    expect(edited('like:ab unlike:cd', (query) => edit.unlike(query, 'ab'))).toBe('unlike:cd,ab');
    expect(edited('-like:ab', (query) => edit.unlike(query, 'cd'))).toBe('-like:ab,cd');
  });
});

describe('the rest', () => {
  it('is set', () => {
    expect(edited('dog', (query) => edit.setMode(query, 'any'))).toBe('dog mode:any');
    expect(edited('dog', (query) => edit.setSort(query, 'date', true))).toBe('dog sort:date-');
    expect(edited('dog sort:date-', (query) => edit.setSort(query, 'match'))).toBe('dog');
    expect(edited('dog', (query) => edit.setTolerance(query, 0.12345))).toBe('dog tolerance:0.123');
    expect(edited('dog', (query) => edit.setTolerance(query, 7))).toBe('dog tolerance:1');
    expect(edited('dog tolerance:0.3', (query) => edit.setTolerance(query, NaN))).toBe('dog tolerance:0.3');
    expect(edited('dog tolerance:0.3', (query) => edit.setTolerance(query, null))).toBe('dog');
  });

  it('has filters, each once', () => {
    const sony = { field: 'camera', not: false, value: 'sony' } as const;
    expect(edited('dog', (query) => edit.addFilter(query, sony))).toBe('dog camera:sony');
    expect(edited('camera:sony', (query) => edit.addFilter(query, sony))).toBe('camera:sony');
    expect(edited('camera:sony iso:100', (query) => edit.removeFilter(query, 0))).toBe('iso:100');
  });

  it('makes “this, but … instead of …”', () => {
    const photo = { kind: 'photo', photo: { by: 'id', id: 'ab' }, look: null } as const;
    expect(printQuery(edit.analogy(photo, 'dog ', ' cat'))).toBe('photo:ab -dog +cat');
    expect(printQuery(edit.analogy(photo, ' ', 'cat'))).toBe('photo:ab cat');
  });
});
