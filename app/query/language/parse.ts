/** One part of a query: a sentence, a photo of the library, or a picture from outside. */
export type Term =
  | { readonly kind: 'words'; readonly words: string }
  | { readonly kind: 'photo'; readonly id: string }
  | { readonly kind: 'picture'; readonly token: string };

const REFERENCE = /^(?<kind>photo|image):(?<value>\S+)$/u;

const referenceOf = (piece: string): Term | null => {
  const groups = REFERENCE.exec(piece)?.groups;
  const value = groups?.value;
  if (value === undefined) return null;
  return groups?.kind === 'photo' ? { kind: 'photo', id: value } : { kind: 'picture', token: value };
};

/**
 * Reads a query: `photo:<id>` and `image:<token>` stand for themselves, all words between them are one sentence.
 *
 * @returns the terms in order; none for an empty query
 */
export const parseQuery = (text: string): readonly Term[] => {
  const terms: Term[] = [];
  let words: string[] = [];
  const endSentence = (): void => {
    if (words.length > 0) terms.push({ kind: 'words', words: words.join(' ') });
    words = [];
  };
  for (const piece of text.split(/\s+/u).filter((part) => part !== '')) {
    const reference = referenceOf(piece);
    if (reference === null) {
      words.push(piece);
      continue;
    }
    endSentence();
    terms.push(reference);
  }
  endSentence();
  return terms;
};

/** The text of a query; `parseQuery(printQuery(terms))` gives the terms back. */
export const printQuery = (terms: readonly Term[]): string =>
  terms
    .map((term) => {
      switch (term.kind) {
        case 'words':
          return term.words;
        case 'photo':
          return `photo:${term.id}`;
        case 'picture':
          return `image:${term.token}`;
      }
    })
    .join(' ');
