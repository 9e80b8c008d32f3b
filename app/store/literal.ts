import {
  BooleanQuery,
  Index,
  MatchQuery,
  Occur,
  Operator,
  type FullTextQuery,
  type IndexOptions,
  type Table,
} from '@lancedb/lancedb';

/** Longer ones are told apart by their beginnings. */
const LONGEST_WORD = 64;

/** Said in a sentence, and not of a photo. */
const STOP_WORDS: ReadonlySet<string> = new Set(
  'a an and are as at be but by for from had has have i in into is it its my of on or our s t that the their them then there these they this to was we were will with you your'.split(
    ' ',
  ),
);

const PIECES = /[\p{L}\p{M}\p{N}]+/gu;
/** Between beach and House, HTML and File, IMG and 2041, and around every sign of a script that sets no spaces. */
const SEAMS =
  /(?<=\p{Ll})(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})|(?<=\p{N})(?=\p{L})|(?<=\p{L})(?=\p{N})|(?=[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}])|(?<=[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}])/u;

/** Without accents and ligatures, alike in composed and decomposed writing. */
const plain = (text: string): string =>
  text
    .normalize('NFKD')
    .replaceAll(/[\u0300-\u036f]/gu, '')
    .normalize('NFC');

const lower = (word: string): string => {
  const text = word.toLowerCase();
  return text.length > LONGEST_WORD ? Array.from(text).slice(0, LONGEST_WORD).join('') : text;
};

const piecesOf = (text: string): string[] => plain(text).match(PIECES) ?? [];
const wordsOf = (text: string): string[] => piecesOf(text).flatMap((piece) => piece.split(SEAMS).map(lower));

/**
 * What a photo is found by: the words of its texts, a space between each two; also whole where they were taken apart, so
 * that both “beach house” and “beachhouse” find BeachHouse.
 */
export const literalOf = (texts: readonly (string | null)[]): string =>
  [...new Set(texts.flatMap((text) => [...wordsOf(text ?? ''), ...piecesOf(text ?? '').map(lower)]))].join(' ');

/** The words that have to be there, each once: all that say something, or simply all. */
export const wantedWords = (text: string): string[] => {
  const words = [...new Set(wordsOf(text))];
  const telling = words.filter((word) => !STOP_WORDS.has(word));
  return telling.length > 0 ? telling : words;
};

const COLUMN = 'literal';

/** The words are made by us, the same way for photos and for questions: the index takes them as they are. */
const indexOptions = (): Partial<IndexOptions> => ({
  config: Index.fts({
    baseTokenizer: 'whitespace',
    // In bytes: no word is too long for it.
    maxTokenLength: 4 * LONGEST_WORD,
    lowercase: false,
    stem: false,
    removeStopWords: false,
    asciiFolding: false,
    withPosition: false,
  }),
});

/** Has the index that `findWords` needs; rows that come later are found, too, and taken in when the table is optimised. */
export const indexWords = async (files: Table): Promise<void> => {
  const indices = await files.listIndices();
  if (!indices.some(({ columns }) => columns.includes(COLUMN))) await files.createIndex(COLUMN, indexOptions());
};

/** @returns ids of photos that have all the words in one of their rows, best first (BM25) */
export const findWords = async (files: Table, words: readonly string[], limit: number): Promise<string[]> => {
  if (words.length === 0) return [];
  // LanceDB 0.31 drops words that its index does not know, and takes “and” for “or” in rows that it has not yet seen.
  const { ids, isSure } = await ask(
    files,
    new MatchQuery(words.join(' '), COLUMN, { operator: Operator.And }),
    words,
    limit,
  );
  if (isSure) return ids;
  // Always right, and several times slower.
  const each = words.map((word): [Occur, FullTextQuery] => [Occur.Must, new MatchQuery(word, COLUMN)]);
  return (await ask(files, new BooleanQuery(each), words, limit)).ids;
};

/** Photos of the best rows that do have all the words; `isSure` unless rows that do not may have kept others out. */
const ask = async (
  files: Table,
  query: FullTextQuery,
  words: readonly string[],
  limit: number,
): Promise<{ readonly ids: string[]; readonly isSure: boolean }> => {
  const rows = await files.query().fullTextSearch(query).select(['photo_id', COLUMN, '_score']).limit(limit).toArrow();
  const texts = rows.getChild(COLUMN);
  const found = Array.from(rows.getChild('photo_id') ?? [], String).filter((_, row) => {
    const there = new Set(String(texts?.get(row)).split(' '));
    return words.every((word) => there.has(word));
  });
  return { ids: [...new Set(found)], isSure: found.length === rows.numRows || rows.numRows < limit };
};
