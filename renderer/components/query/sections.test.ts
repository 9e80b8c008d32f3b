import { describe, expect, it } from 'vitest';
import { parseQuery } from '../../../app/query/language/parse.ts';
import { sectionsOf } from './sections.ts';

const titles = (literal: number, sure: number, total: number, query = 'dog'): readonly string[] =>
  sectionsOf({ literal, sure, total }, parseQuery(query)).map(({ at, title }) => `${String(at)} ${title}`);

describe('sectionsOf', () => {
  it('puts a line between what matches and what only comes close', () => {
    expect(titles(0, 12, 100)).toEqual(['12 Weaker matches']);
    expect(titles(0, 100, 100)).toEqual([]);
    expect(titles(0, 0, 100)).toEqual([]);
  });

  it('shows apart what was found by its words', () => {
    expect(titles(3, 12, 100)).toEqual(['0 In names and keywords', '3 By what they show', '15 Weaker matches']);
    expect(titles(3, 0, 100)).toEqual(['0 In names and keywords', '3 Weaker matches']);
    expect(titles(3, 0, 3)).toEqual(['0 In names and keywords']);
  });

  it.each(['dog tolerance:0.5', '!dog', 'dog sort:date', 'dog sort:match-', 'camera:sony'])(
    'draws no line for %s, where the person drew one or there is no rank',
    (query) => expect(titles(0, 12, 100, query)).toEqual([]),
  );
});
