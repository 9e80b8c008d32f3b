import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FIELDS, MODES, TRAITS } from './ast.ts';
import { complete, completionAt, type Completion } from './complete.ts';
import { parseQuery } from './parse.ts';

/** The completion where `|` stands. */
const at = (marked: string): Completion => completionAt(marked.replace('|', ''), marked.indexOf('|'));
const values = (marked: string): readonly string[] => at(marked).choices.map(({ value }) => value);
/** The text with a choice taken, and `|` where the cursor is then. */
const taken = (marked: string, value: string): string => {
  const { text, cursor } = complete(marked.replace('|', ''), at(marked), value);
  return `${text.slice(0, cursor)}|${text.slice(cursor)}`;
};

describe('names', () => {
  it('are offered where one may begin', () => {
    expect(values('|')).toEqual(expect.arrayContaining(FIELDS.map((field) => `${field}:`)));
    expect(values('dog -cam|')).toEqual(['camera:']);
    expect(values('slide:(ph|')).toEqual(['photo:']);
    expect(at('dog is|').kind).toBe('field');
    expect(taken('dog cam|era:sony', 'camera:')).toBe('dog camera:|sony');
  });

  it.each(['dog|', 'Cam|', '"cam|', '"cam"|', 'ca|m-x', 'http://x|', 'foo:x|', 'photo:ab~|'])('not in %s', (marked) => {
    expect(at(marked)).toMatchObject({ kind: 'none', choices: [], ask: null });
  });
});

describe('values', () => {
  it('are known without the library, for some', () => {
    expect(values('mode:|')).toEqual(MODES);
    expect(values('-is:|')).toEqual(TRAITS);
    expect(values('sort:da|')).toEqual(['date', 'date-']);
    expect(taken('mode:a|n -dog', 'all')).toBe('mode:all| -dog');
  });

  it.each([
    ['in:"My t|', 'in', 'My t'],
    ['-camera:So|', 'camera', 'So'],
    ['dog before:20|', 'after', '20'],
    ['on:|', 'after', ''],
    ['photo:IMG|', 'name', 'IMG'],
    ['dog +photo:"bea|ch day.jpg" -cat', 'name', 'bea'],
    ['slide:(dog, photo:"be|', 'name', 'be'],
    ['keyword:"say \\"hi|', 'keyword', 'say "hi'],
  ])('are asked of the library in %s', (marked, field, prefix) => {
    expect(at(marked)).toMatchObject({ kind: 'value', ask: field, prefix });
  });

  it('replace what is written of them, and nothing behind it', () => {
    expect(taken('camera:So|ny dog', 'EOS R5')).toBe('camera:"EOS R5"| dog');
    expect(taken('camera:"so| lens:"x y"', 'sony')).toBe('camera:sony| lens:"x y"');
    expect(taken('photo:"bea|ch day.jpg" -cat', 'IMG_1.JPG')).toBe('photo:IMG_1.JPG| -cat');
    expect(taken('slide:(photo:b|, cat)@0.5', 'a (1).jpg')).toBe('slide:(photo:"a (1).jpg"|, cat)@0.5');
    expect(taken('photo:b|~0.3^2', 'b.jpg')).toBe('photo:b.jpg|~0.3^2');
  });

  it('can be any text, and are read as they are', () => {
    const value = fc.string({ unit: 'binary', minLength: 1 }).filter((text) => text.trim() !== '');
    fc.assert(
      fc.property(value, (text) => {
        expect(parseQuery(complete('dog in:', at('dog in:|'), text).text).filters).toEqual([
          { field: 'in', not: false, value: text },
        ]);
        expect(parseQuery(complete('photo:x', at('photo:x|'), text).text).terms[0]?.atom).toEqual({
          kind: 'photo',
          photo: { by: 'name', name: text },
          look: null,
        });
      }),
    );
  });

  it('are looked for in any text', () => {
    const piece = fc.constantFrom('"', '\\', ' ', '-', ':', 'photo:', 'slide:(', ')', ',', 'a', '“', '^', '\ud800');
    fc.assert(
      fc.property(fc.array(piece), fc.nat(20), (pieces, cursor) => {
        const text = pieces.join('');
        const position = Math.min(cursor, text.length);
        const { from, to } = completionAt(text, position);
        expect(from).toBeGreaterThanOrEqual(0);
        expect(from).toBeLessThanOrEqual(position);
        expect(to).toBeGreaterThanOrEqual(position);
        expect(to).toBeLessThanOrEqual(text.length);
      }),
    );
  });
});
