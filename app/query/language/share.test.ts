import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AfterimageError } from '../../contract/errors.ts';
import { EMPTY_QUERY } from './ast.ts';
import { termOf } from './edit.ts';
import { parseQuery } from './parse.ts';
import { printQuery } from './print.ts';
import { fromShareText, toShareText } from './share.ts';

describe('links', () => {
  it('carry any query', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1 }).filter((words) => words.trim() !== '');
    fc.assert(
      fc.property(text, (words) => {
        const query = { ...EMPTY_QUERY, terms: [termOf({ kind: 'words', words })] };
        const link = toShareText(query);
        expect(link).toMatch(/^afterimage:\/\/search\?q=[\w.!~*'()%-]+$/u);
        expect(fromShareText(link)).toBe(printQuery(query));
      }),
    );
    expect(toShareText(parseQuery('a +b^2 in:"x y"'))).toBe('afterimage://search?q=a%20%2Bb%5E2%20in%3A%22x%20y%22');
    expect(fromShareText(toShareText(parseQuery('"\ud800"')))).toBe('\ufffd');
  });

  it.each([
    ['afterimage://search?q=two%20dogs', 'two dogs'],
    [' afterimage://search/?x=1&q=two+dogs ', 'two dogs'],
    ['http://127.0.0.1:4711/#q=dog%20-cat', 'dog -cat'],
    ['http://localhost:4711/?token=x&q=dog', 'dog'],
    ['?q=dog', 'dog'],
    ['#q=dog', 'dog'],
    ['/#q=', ''],
  ])('%s', (link, query) => {
    expect(fromShareText(link)).toBe(query);
  });

  it.each([
    'two dogs',
    'https://example.org/search?q=dog',
    'what is this?q=x',
    'afterimage://search',
    '#dog',
    'a#q=b',
    '',
  ])('“%s” is none', (text) => {
    expect(fromShareText(text)).toBeNull();
  });

  it.each(['#q=100%', 'afterimage://search?q=%E0%A4%A', '?q=%ff'])('%s is damaged', (link) => {
    expect(() => fromShareText(link)).toThrow(AfterimageError);
    expect(() => fromShareText(link)).toThrow('This link is damaged');
  });
});
