import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { queryError as errorOf } from '../../../test/support/query-error.ts';
import { EMPTY_QUERY, MAX_TERMS, type Atom, type Term } from './ast.ts';
import { parseQuery } from './parse.ts';

const term = (atom: Atom, more: Partial<Term> = {}): Term => ({
  atom,
  avoid: false,
  required: false,
  weight: 1,
  ...more,
});
const words = (text: string, more: Partial<Term> = {}): Term => term({ kind: 'words', words: text }, more);
const termsOf = (text: string): readonly Term[] => parseQuery(text).terms;

describe('words', () => {
  it('are one sentence up to the next operator', () => {
    expect(termsOf('  two dogs\n running in snow ')).toEqual([words('two dogs running in snow')]);
    expect(termsOf('two dogs -red car mode:all +snow')).toEqual([
      words('two dogs'),
      words('red car', { avoid: true }),
      words('snow'),
    ]);
    expect(parseQuery(' \t')).toEqual(EMPTY_QUERY);
  });

  it('may hold signs, colons, quotes and carets that mean nothing there', () => {
    for (const text of [
      'a well-known x-ray',
      'a - b -- c + !',
      'note: a dog at 10:30 in 16:9',
      'https://example.org/a?b=c',
      '5" rock"n"roll',
      '^_^ a^b o.O',
      'Title:x :-)',
    ]) {
      expect(termsOf(text), text).toEqual([words(text)]);
    }
  });

  it('are taken as they are in quotes', () => {
    expect(termsOf('"two  dogs" “-a cat” „Hund“ "say \\"hi\\" C:\\new \\\\"')).toEqual([
      words('two  dogs'),
      words('-a cat'),
      words('Hund'),
      words('say "hi" C:\\new \\'),
    ]);
  });

  it('can be in any writing', () => {
    for (const text of ['👩‍👩‍👧 日本の犬', 'كلب في الثلج', 'cafe\u0301', 'a\0b', '\ud800 x']) {
      expect(termsOf(text)).toEqual([words(text)]);
    }
  });
});

describe('signs and weights', () => {
  it('say what is wanted, avoided and required', () => {
    expect(termsOf('dog -cat −bird !snow +!ice !-rain -!"a car"')).toEqual([
      words('dog'),
      words('cat', { avoid: true }),
      words('bird', { avoid: true }),
      words('snow', { required: true }),
      words('ice', { required: true }),
      words('rain', { avoid: true, required: true }),
      words('a car', { avoid: true, required: true }),
    ]);
  });

  it('end a sentence with its weight', () => {
    expect(termsOf('dog on beach^2 cat x^2^.5 "sea"^4')).toEqual([
      words('dog on beach', { weight: 2 }),
      words('cat x^2', { weight: 0.5 }),
      words('sea', { weight: 4 }),
    ]);
  });

  it.each(['0', '-1', '5', '4.0001', 'NaN', 'Infinity', '-Infinity', '1e999', '1,5', '2x', '0x1', '1e-999'])(
    'refuse the weight %s',
    (weight) => {
      for (const before of ['a dog', '"dog"', 'photo:ab']) {
        const { message, part } = errorOf(`${before}^${weight}`);
        expect(message).toContain(`The weight \`${weight}\` at ${before.length + 2} does not work`);
        expect(part).toBe(weight);
      }
    },
  );

  it('say what is wrong with them', () => {
    expect(errorOf('dog ^2').message).toContain('belongs right behind its term');
    expect(errorOf('"dog"^').message).toBe('There is no weight at 7: write a number above 0 and at most 4.');
    expect(errorOf('a --dog').part).toBe('--');
    expect(errorOf('a -+dog').message).toContain('too many signs at 3');
  });
});

describe('filters and options', () => {
  it('stand anywhere', () => {
    expect(parseQuery('mode:all dog -camera:"EOS R5" sort:date- iso:>=400 cat tolerance:30%')).toEqual({
      terms: [words('dog'), words('cat')],
      filters: [
        { field: 'camera', not: true, value: 'EOS R5' },
        { field: 'iso', not: false, value: '>=400' },
      ],
      mode: 'all',
      tolerance: 0.3,
      sort: { by: 'date', reversed: true },
    });
  });

  it('name the field that was meant, and where', () => {
    expect(errorOf('winter boats camra:sony')).toEqual({
      message: 'Unknown field `camra:` at 14, did you mean `camera:`?',
      details: { at: 13, length: 6, suggestion: 'camera:' },
      part: 'camra:',
    });
    expect(errorOf('-folder:x').details).toEqual({ at: 1, length: 7, suggestion: 'in:' });
    expect(errorOf('x mailto:me').message).toContain('in quotes: "mailto:me"');
  });

  it.each([
    ['mode:al', 'al', 'all', 'auto, mix, all, any or together'],
    ['mode:fuzzy', 'fuzzy', undefined, 'It can be auto'],
    ['sort:dat-', 'dat-', 'date-', 'Unknown order'],
    ['is:favorite', 'favorite', 'favourite', 'Unknown trait'],
    ['type:"jepg"', 'jepg', 'jpeg', 'Unknown type'],
    ['tolerance:2', '2', undefined, 'from 0 to 1'],
    ['tolerance:NaN', 'NaN', undefined, 'from 0 to 1'],
    ['iso:x', 'x', undefined, 'a number such as 400'],
    ['dog on:2024-13', '2024-13', undefined, 'not in the calendar'],
    ['mode:all a mode:any', 'mode:any', undefined, 'stands twice'],
    ['-mode:all', '-mode:', undefined, 'takes no -'],
    ['!camera:x', '!camera:', undefined, 'takes no !'],
    ['camera: sony', 'camera:', undefined, 'needs a value right behind it'],
    ['camera:"sony', '"sony', undefined, 'is not closed'],
  ])('%s: “%s” is wrong', (text, part, suggestion, message) => {
    const error = errorOf(text);
    expect(error.part).toBe(part);
    expect(error.details?.suggestion).toBe(suggestion);
    expect(error.message).toContain(message);
  });
});

describe('a query as a whole', () => {
  it.each([
    ['dog -dog', '“dog” is both wanted and avoided. Remove one of them.'],
    ['-"Dog" x mode:any +dog', '“dog” is both wanted and avoided. Remove one of them.'],
    ['photo:ab -photo:ab', '“photo:ab” is both wanted and avoided. Remove one of them.'],
    ['like:ab,cd unlike:ef,cd', '“unlike:ef,cd” is both wanted and avoided. Remove one of them.'],
  ])('%s contradicts itself', (text, message) => {
    expect(errorOf(text).message).toBe(message);
  });

  it('may want the same twice, and avoid everything', () => {
    expect(termsOf('dog +dog')).toHaveLength(2);
    expect(termsOf('-dog unlike:ab')).toHaveLength(2);
  });

  it('has a limited number of terms', () => {
    expect(termsOf('+dog '.repeat(MAX_TERMS))).toHaveLength(MAX_TERMS);
    const text = '+dog '.repeat(40);
    expect(errorOf(text).message).toBe('40 terms are too many: a query takes at most 24.');
    expect(errorOf(text).details).toMatchObject({ at: 24 * 5 + 1 });
  });

  it('is read or refused with a place in it, whatever it is', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '"',
        '-',
        '!',
        '^',
        'photo:',
        'slide:(',
        ',',
        ')',
        '@',
        '#',
        '~',
        'like:',
        'near:',
        'on:',
        '..',
        ' ',
      ),
      fc.string({ unit: 'binary', maxLength: 4 }),
      fc.constantFrom('ab', '1', 'camera:', 'mode:', 'sort:', 'is:', 'dog'),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('');
        try {
          parseQuery(text);
        } catch {
          const { at, length } = errorOf(text).details ?? {};
          expect(at).toBeGreaterThanOrEqual(0);
          expect(Number(at) + Number(length)).toBeLessThanOrEqual(text.length);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('is read in one go however long it is', () => {
    const repeated = [
      '"',
      '\\',
      '^',
      '^1',
      '-',
      'a',
      'a ',
      '-a ',
      'a:',
      '(',
      ',',
      'like:ab,',
      '..',
      ' ',
      '"a" ',
      '.',
      '\ud83d',
    ];
    for (const piece of repeated) {
      for (const start of ['', '"', 'photo:', 'photo:"', 'slide:(', 'iso:', 'near:', 'on:', 'x^', 'foo:']) {
        const text = (start + piece.repeat(8000)).slice(0, 8000);
        try {
          parseQuery(text);
        } catch {
          expect(errorOf(text).message.length).toBeLessThan(300);
        }
      }
    }
  });
});
