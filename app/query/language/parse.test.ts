import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseQuery, printQuery, type Term } from './parse.ts';

const word = fc.stringMatching(/^[a-z]{1,8}$/u);
const sentence = fc
  .array(word, { minLength: 1, maxLength: 5 })
  .map((words): Term => ({ kind: 'words', words: words.join(' ') }));
const reference = fc.oneof(
  fc.stringMatching(/^[0-9a-f]{16}$/u).map((id): Term => ({ kind: 'photo', id })),
  fc.stringMatching(/^[A-Za-z0-9_-]{1,22}$/u).map((token): Term => ({ kind: 'picture', token })),
);
/** Two sentences in a row would be one. */
const query = fc
  .array(fc.oneof(sentence, reference), { maxLength: 6 })
  .filter((terms) => terms.every((term, index) => term.kind !== 'words' || terms[index + 1]?.kind !== 'words'));

describe('parseQuery', () => {
  it('gives back what was printed', () => {
    fc.assert(
      fc.property(query, (terms) => {
        expect(parseQuery(printQuery(terms))).toEqual(terms);
      }),
    );
  });

  it('keeps a sentence together and ignores spare white space', () => {
    expect(parseQuery('  two dogs\n running in snow ')).toEqual([{ kind: 'words', words: 'two dogs running in snow' }]);
    expect(parseQuery(' \t')).toEqual([]);
  });

  it('reads a photo with words beside it', () => {
    expect(parseQuery('photo:0123456789abcdef in snow')).toEqual([
      { kind: 'photo', id: '0123456789abcdef' },
      { kind: 'words', words: 'in snow' },
    ]);
  });

  it('takes a colon in plain words for what it is', () => {
    expect(parseQuery('note: a dog at 12:30')).toEqual([{ kind: 'words', words: 'note: a dog at 12:30' }]);
  });
});
