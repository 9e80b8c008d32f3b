import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  EMPTY_QUERY,
  FIELDS,
  isAvoided,
  MAX_TERMS,
  MODES,
  RECORDS,
  SORT_KEYS,
  TRAITS,
  type Atom,
  type Field,
  type Filter,
  type Query,
  type Term,
} from './ast.ts';
import { parseQuery } from './parse.ts';
import { printAtom, printFilter, printQuery, printTerm } from './print.ts';

/** What is likely to be taken for something else. */
const trap = fc.constantFrom(
  ...[
    '-',
    '+',
    '!',
    '−',
    '^',
    '^2',
    '"',
    '“',
    '”',
    '„',
    '\\',
    '\\"',
    ':',
    'photo:',
    'camera:x',
    'foo:',
    '//',
    '~',
    '#',
  ],
  ...[
    '@',
    ',',
    '(',
    ')',
    ' ',
    '  ',
    '\n',
    '\u00a0',
    '\0',
    'dog',
    'un-',
    '16:9',
    'http://',
    '👩‍👩‍👧',
    '日本',
    'שלום',
    'e\u0301',
    '\ud800',
  ],
);
const hasSomething = (text: string): boolean => text.trim() !== '';
const text = fc
  .oneof(
    fc.array(trap, { minLength: 1, maxLength: 6 }).map((parts) => parts.join('')),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }),
    fc.array(fc.stringMatching(/^[a-z-]{1,8}$/u), { minLength: 1, maxLength: 4 }).map((words) => words.join(' ')),
  )
  .filter(hasSomething);

const fraction = fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value + 0);
const weight = fc.oneof(fc.constant(1), fc.double({ min: 0, max: 4, minExcluded: true, noNaN: true }));
const id = fc.stringMatching(/^[0-9a-f]{1,16}$/u);
const photo = fc.oneof(
  id.map((value) => ({ by: 'id', id: value }) as const),
  text.map((name) => ({ by: 'name', name }) as const),
);
const region = fc
  .tuple(fraction, fraction, fraction, fraction)
  .map(([x, y, w, h]) => ({ x, y, w: w * (1 - x), h: h * (1 - y) }))
  .filter(({ x, y, w, h }) => w > 0 && h > 0 && x + w <= 1 && y + h <= 1);
const words = text.map((value): Atom => ({ kind: 'words', words: value }));
const ids = fc.uniqueArray(id, { minLength: 1, maxLength: 3 });
const inSlide = fc.oneof(
  words,
  fc.record({ kind: fc.constant('photo' as const), photo, look: fc.option(fraction) }),
  fc.record({ kind: fc.constant('region' as const), photo, region }),
  fc.record({
    kind: fc.constant('picture' as const),
    source: fc.oneof(
      fc.stringMatching(/^[\w-]{1,22}$/u).map((value) => ({ by: 'token', value }) as const),
      text.map((value) => ({ by: 'path', value }) as const),
    ),
  }),
  ids.map((marked): Atom => ({ kind: 'set', like: true, ids: marked })),
);
const slideOf = (end: fc.Arbitrary<Atom>): fc.Arbitrary<Atom> =>
  fc.record({ kind: fc.constant('slide' as const), from: end, to: end, at: fraction });
const atom: fc.Arbitrary<Atom> = fc.oneof(
  { weight: 3, arbitrary: words },
  { weight: 3, arbitrary: inSlide },
  slideOf(inSlide),
  slideOf(fc.oneof(inSlide, slideOf(inSlide))),
  ids.map((marked): Atom => ({ kind: 'set', like: false, ids: marked })),
);
const term: fc.Arbitrary<Term> = fc.record({ atom, avoid: fc.boolean(), required: fc.boolean(), weight });

const NUMBERS = ['iso', 'aperture', 'exposure', 'focal', 'width', 'height', 'duration'] as const;
const valueOf = (field: Field): fc.Arbitrary<string> => {
  if (field === 'is') return fc.constantFrom(...TRAITS);
  if (field === 'has') return fc.constantFrom(...RECORDS);
  if (field === 'type') return fc.constantFrom('jpeg', '.PNG');
  if (field === 'near') return fc.constantFrom('48.2,16.4', '-33.9, 151.2, 5 km');
  if (field === 'rating') return fc.constantFrom('5', '>=3', '1..4');
  if (field === 'after' || field === 'before' || field === 'on')
    return fc.constantFrom('2024', '2024-05', '2024-05-17');
  if (NUMBERS.some((number) => number === field)) return fc.constantFrom('3', '>=3', '<400', '100..400', '..2.5');
  return text;
};
const filter: fc.Arbitrary<Filter> = fc
  .constantFrom(...FIELDS)
  .chain((field) => fc.record({ field: fc.constant(field), not: fc.boolean(), value: valueOf(field) }));

/** Every atom, and every photo marked, is wanted or avoided, not both. */
const agrees = ({ terms }: Query): boolean => {
  const stances = new Map<string, boolean>();
  return terms.every((one) =>
    (one.atom.kind === 'set' ? one.atom.ids : [printAtom(one.atom).toLowerCase()]).every((key) => {
      const before = stances.get(`${one.atom.kind} ${key}`) ?? isAvoided(one);
      stances.set(`${one.atom.kind} ${key}`, before);
      return before === isAvoided(one);
    }),
  );
};
const query: fc.Arbitrary<Query> = fc
  .record({
    terms: fc.array(term, { maxLength: 6 }),
    filters: fc.array(filter, { maxLength: 3 }),
    mode: fc.constantFrom(...MODES),
    tolerance: fc.option(fraction),
    sort: fc.record({ by: fc.constantFrom(...SORT_KEYS), reversed: fc.boolean() }),
  })
  .filter(agrees);

describe('printQuery', () => {
  it('prints what reads as the same query', () => {
    fc.assert(
      fc.property(query, (one) => {
        expect(parseQuery(printQuery(one))).toEqual(one);
      }),
      { numRuns: 1000 },
    );
  });

  it('prints a text that it has printed in the same way again', () => {
    fc.assert(
      fc.property(fc.array(trap, { maxLength: 8 }), (parts) => {
        let read: Query;
        try {
          read = parseQuery(parts.join(''));
        } catch {
          return;
        }
        const printed = printQuery(read);
        expect(printQuery(parseQuery(printed))).toBe(printed);
      }),
      { numRuns: 1000 },
    );
  });

  it('has one form for many ways of writing', () => {
    const printed = (written: string): string => printQuery(parseQuery(written));
    expect(printed(' "two dogs"  \n −"car"^1.50 ')).toBe('two dogs -car^1.5');
    expect(printed('mode:all "dog" sort:match camera:"sony" +"cat" tolerance:30%')).toBe(
      'dog +cat camera:sony mode:all tolerance:0.3',
    );
    expect(printed('dog^2 +cat')).toBe('dog^2 cat');
    expect(printed('!-dog "-dog"')).toBe('-!dog "-dog"');
    expect(printed('photo:"IMG_1.JPG" photo:"my boat.jpg" photo:0AB~.5')).toBe(
      'photo:IMG_1.JPG photo:"my boat.jpg" photo:0ab~0.5',
    );
    expect(printed('slide:("summer","a, b")@.5 in:"C:\\Photos\\My trip"')).toBe(
      'slide:(summer, "a, b")@0.5 in:"C:\\Photos\\My trip"',
    );
    expect(printed('mode:auto sort:match')).toBe('');
    expect(printed('sort:match-')).toBe('sort:match-');
  });

  it('prints parts by themselves', () => {
    expect(printAtom({ kind: 'words', words: 'say "hi"' })).toBe('"say \\"hi\\""');
    expect(printFilter({ field: 'keyword', not: true, value: 'old town' })).toBe('-keyword:"old town"');
    const dog: Term = { atom: { kind: 'words', words: 'dog' }, avoid: false, required: false, weight: 1 };
    expect(printTerm(dog)).toBe('dog');
    expect(printTerm(dog, true)).toBe('+dog');
  });

  it('prints as many terms as there may be', () => {
    const terms = Array.from({ length: MAX_TERMS }, (_, index): Term => ({
      atom: { kind: 'words', words: `thing ${index}` },
      avoid: false,
      required: false,
      weight: 1,
    }));
    expect(parseQuery(printQuery({ ...EMPTY_QUERY, terms })).terms).toEqual(terms);
  });
});
