import { basename } from 'node:path';
import { AfterimageError, type Evaluation, type ParsedInput } from '../contract/index.ts';
import { ranksOf, summarise } from '../query/evaluate.ts';
import type { SearchSpace } from './search.ts';

/** Captions embedded and compared at a time. */
const CHUNK = 256;

/** Rows of the captioned photos, and for each caption which of those photos it belongs to. */
const matchFiles = (
  { active, catalogue, shown }: SearchSpace,
  captions: ParsedInput<'evaluate'>['captions'],
): { rows: number[]; sentences: { text: string; photo: number }[] } => {
  const rowOfName = new Map<string, number>();
  for (const [row, id] of active.resident.ids.entries()) {
    if (shown[row] === 1) for (const file of catalogue.filesOf(id)) rowOfName.set(basename(file.relPath), row);
  }
  const rows: number[] = [];
  const sentences: { text: string; photo: number }[] = [];
  for (const entry of captions) {
    const row = rowOfName.get(basename(entry.file));
    if (row === undefined) continue;
    for (const text of entry.captions) sentences.push({ text, photo: rows.length });
    rows.push(row);
  }
  return { rows, sentences };
};

/**
 * Retrieval both ways over the captioned photos of the library, by raw cosine. Captions are only compared, never stored.
 *
 * @throws AfterimageError `not-found` when no caption's file is in the library
 */
export const evaluate = async (
  space: SearchSpace,
  { captions }: ParsedInput<'evaluate'>,
  signal: AbortSignal,
): Promise<Evaluation> => {
  const { active } = space;
  const { rows, sentences } = matchFiles(space, captions);
  if (rows.length === 0 || sentences.length === 0)
    throw new AfterimageError('not-found', 'None of the captioned files is in this library. Index their folder first.');
  const bySentence: Float32Array[] = [];
  for (let start = 0; start < sentences.length; start += CHUNK) {
    signal.throwIfAborted();
    const chunk = sentences.slice(start, start + CHUNK).map((sentence) => sentence.text);
    const columns = await active.resident.columns(await active.embedSentences(chunk));
    for (const column of columns) bySentence.push(Float32Array.from(rows, (row) => column[row] ?? 0));
  }
  const ownSentences = rows.map((): number[] => []);
  for (const [index, sentence] of sentences.entries()) ownSentences[sentence.photo]?.push(index);
  return {
    textToImage: summarise(bySentence.map((scores, index) => ranksOf(scores, [sentences[index]?.photo ?? 0]))),
    imageToText: summarise(
      ownSentences.map((own, photo) =>
        ranksOf(
          Float32Array.from(bySentence, (scores) => scores[photo] ?? 0),
          own,
        ),
      ),
    ),
    photos: rows.length,
    captions: sentences.length,
  };
};
