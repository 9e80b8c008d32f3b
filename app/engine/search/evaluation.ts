import { basename } from 'node:path';
import {
  AfterimageError,
  type Curve,
  type Evaluation,
  type ParsedInput,
  type Retrieval,
} from '../../contract/index.ts';
import { averagePrecision, calibrationError, ranksOf, summarise, type Judged } from '../../query/evaluate.ts';
import { countOf } from '../../query/fit.ts';
import { EMPTY_QUERY } from '../../query/language/ast.ts';
import { termOf } from '../../query/language/edit.ts';
import { comparisons, operators } from '../../query/operators/index.ts';
import { best, type Mask } from '../../query/rank.ts';
import { fitCurve } from '../../space/calibration.ts';
import { CHOSEN, PLAIN, type Refinement } from './columns.ts';
import { Searcher, type Prepared, type SearchSpace } from './searcher.ts';

type Suite = NonNullable<ParsedInput<'evaluate'>['suite']>;
type Composed = NonNullable<Evaluation['composed']>;

/** Photos of each answer whose probabilities are judged. */
const JUDGED = 100;

/** The captioned photos of the library. */
interface Captioned {
  readonly rowOf: ReadonlyMap<string, number>;
  /** Rows of all captioned photos, and the same as a mask. */
  readonly rows: readonly number[];
  readonly mask: Mask;
  /** Every caption with the place of its photo among `rows`. */
  readonly sentences: readonly { readonly text: string; readonly photo: number }[];
}

const findCaptioned = (
  { active, catalogue, shown }: SearchSpace,
  captions: ParsedInput<'evaluate'>['captions'],
): Captioned => {
  const rowOfName = new Map<string, number>();
  for (const [row, id] of active.resident.ids.entries()) {
    if (shown[row] === 1) for (const file of catalogue.filesOf(id)) rowOfName.set(basename(file.relPath), row);
  }
  const rowOf = new Map<string, number>();
  const places = new Map<string, number>();
  const sentences: { text: string; photo: number }[] = [];
  for (const entry of captions) {
    const row = rowOfName.get(basename(entry.file));
    if (row === undefined) continue;
    const name = basename(entry.file);
    // A file that is named twice has the captions of both.
    const photo = places.get(name) ?? rowOf.size;
    places.set(name, photo);
    rowOf.set(name, row);
    for (const text of entry.captions) sentences.push({ text, photo });
  }
  const mask = new Uint8Array(shown.length);
  for (const row of rowOf.values()) mask[row] = 1;
  return { rowOf, rows: [...rowOf.values()], mask, sentences };
};

/** A query of the suite, ready for every operator. */
interface Task {
  readonly kind: string;
  readonly prepared: Prepared;
  /** Captioned photos that are no part of the query, `[N]`. */
  readonly mask: Mask;
  readonly relevant: readonly number[];
}

/** Captions and queries over one way to compute columns. */
class Trial {
  readonly #searcher: Searcher;
  readonly #captioned: Captioned;

  constructor(space: SearchSpace, refinement: Refinement, captioned: Captioned) {
    this.#searcher = new Searcher(space, refinement);
    this.#captioned = captioned;
  }

  /** Every caption against every captioned photo: by the product's default operator, and by cosine. */
  async captions(signal: AbortSignal): Promise<{ readonly scores: Float32Array[]; readonly cosines: Float32Array[] }> {
    const { rows, sentences } = this.#captioned;
    const scores: Float32Array[] = [];
    const cosines: Float32Array[] = [];
    for (const { text } of sentences) {
      signal.throwIfAborted();
      const query = { ...EMPTY_QUERY, terms: [termOf({ kind: 'words', words: text })] };
      const { composition } = await this.#searcher.prepareQuery(query);
      const own = operators.auto(composition).scores;
      scores.push(Float32Array.from(rows, (row) => own[row]!));
      cosines.push(Float32Array.from(rows, (row) => composition.terms[0]!.column.similarity[row]!));
    }
    return { scores, cosines };
  }

  async tasks(suite: Suite, signal: AbortSignal): Promise<Task[]> {
    const tasks: Task[] = [];
    for (const { kind, query, relevant } of suite) {
      signal.throwIfAborted();
      const prepared = await this.#searcher.prepare(query).catch((error: unknown) => {
        throw ofQuery(query, error);
      });
      const mask = prepared.mask.map((value, row) => value * this.#captioned.mask[row]!);
      const rows = relevant.flatMap((file) => this.#captioned.rowOf.get(basename(file)) ?? []);
      // All that answers it is elsewhere: nothing is learned from what is found here.
      if (relevant.length > 0 && rows.length === 0) continue;
      tasks.push({ kind, prepared, mask, relevant: rows.filter((row) => mask[row] === 1) });
    }
    return tasks;
  }
}

/** What is wrong with one query of many, with the query. */
const ofQuery = (query: string, error: unknown): unknown =>
  error instanceof AfterimageError
    ? new AfterimageError(error.kind, `The query “${query}” of the suite: ${error.message}`, { cause: error })
    : error;

/** Mean average precision of an operator by kind of query; queries without a relevant photo in the library do not count. */
const measure = (tasks: readonly Task[], operator: (task: Task) => Float32Array): Composed => {
  const byKind = new Map<string, number[]>();
  for (const task of tasks) {
    if (task.relevant.length === 0) continue;
    const scores = operator(task).map((score, row) => (task.mask[row] === 1 ? score : -Infinity));
    const precisions = byKind.get(task.kind) ?? [];
    byKind.set(task.kind, precisions);
    precisions.push(averagePrecision(ranksOf(scores, task.relevant)));
  }
  return Object.fromEntries(
    Array.from(byKind, ([kind, all]) => [kind, { mAP: all.reduce((a, b) => a + b, 0) / all.length, n: all.length }]),
  );
};

const byMode = ({ prepared }: Task): Float32Array => operators[prepared.query.mode](prepared.ranked).scores;

const calibrate = (tasks: readonly Task[]): NonNullable<Evaluation['calibration']> => {
  const judged: Judged[] = [];
  let pairs = 0;
  let relevantPairs = 0;
  for (const task of tasks) {
    const relevant = new Set(task.relevant);
    pairs += countOf(task.mask);
    relevantPairs += relevant.size;
    for (const row of best(byMode(task), task.mask, JUDGED))
      judged.push({ match: task.prepared.fit.match[row]!, relevant: relevant.has(row) });
  }
  const baseRate = relevantPairs / Math.max(1, pairs);
  const { ece, bins } = calibrationError(judged);
  const constant = calibrationError(judged.map(({ relevant }) => ({ match: baseRate, relevant })));
  return { ece, baseRateEce: constant.ece, baseRate, bins };
};

const REFINEMENTS: Readonly<Record<string, Refinement>> = {
  'as the model gives them': PLAIN,
  'photos centred': { ...PLAIN, centreImages: true },
  'words centred': { ...PLAIN, centreWords: true },
  'both centred': { ...PLAIN, centreImages: true, centreWords: true },
  'hubs damped': { ...PLAIN, dampHubs: true },
  'short texts rephrased': { ...PLAIN, rephrase: true },
  'hubs damped, short texts rephrased': CHOSEN,
};

/**
 * Retrieval both ways over the captioned photos of the library, and composed queries, with the product's defaults. Captions
 * are only compared, never stored.
 *
 * @throws AfterimageError `not-found` when no caption's file is in the library
 */
export const evaluate = async (
  space: SearchSpace,
  { captions, suite, operators: compare }: ParsedInput<'evaluate'>,
  signal: AbortSignal,
): Promise<Evaluation> => {
  const captioned = findCaptioned(space, captions);
  const { rowOf, rows, sentences } = captioned;
  if (rowOf.size === 0 || sentences.length === 0)
    throw new AfterimageError('not-found', 'None of the captioned files is in this library. Index their folder first.');
  const trial = new Trial(space, CHOSEN, captioned);
  const { scores, cosines } = await trial.captions(signal);
  const toImages = (own: readonly Float32Array[]): Retrieval =>
    summarise(own.map((column, index) => ranksOf(column, [sentences[index]!.photo])));
  const ownSentences = rows.map((): number[] => []);
  for (const [index, { photo }] of sentences.entries()) ownSentences[photo]!.push(index);
  const toText = ownSentences.map((own, photo) =>
    ranksOf(
      Float32Array.from(cosines, (column) => column[photo]!),
      own,
    ),
  );
  const evaluation = {
    textToImage: toImages(scores),
    imageToText: summarise(toText),
    photos: rowOf.size,
    captions: sentences.length,
  };
  if (suite === undefined) return evaluation;
  const tasks = await trial.tasks(suite, signal);
  const composed = { ...evaluation, composed: measure(tasks, byMode), calibration: calibrate(tasks) };
  if (!compare) return composed;
  const plain = await new Trial(space, PLAIN, captioned).tasks(suite, signal);
  const table = Object.entries({ ...operators, ...comparisons }).map(
    ([name, operator]) => [name, measure(tasks, ({ prepared }) => operator(prepared.composition).scores)] as const,
  );
  const refinements = [];
  for (const [name, refinement] of Object.entries(REFINEMENTS)) {
    const other = new Trial(space, refinement, captioned);
    const found = await other.captions(signal);
    refinements.push({
      name,
      chosen: refinement === CHOSEN,
      textToImage: toImages(found.scores),
      composed: measure(await other.tasks(suite, signal), byMode),
    });
  }
  return {
    ...composed,
    operators: {
      ...Object.fromEntries(table),
      'mix, refined': measure(tasks, ({ prepared }) => operators.mix(prepared.composition).scores),
      mix: measure(plain, ({ prepared }) => operators.mix(prepared.composition).scores),
    },
    refinements,
  };
};

/** Captions of one photo that must say a word before it counts as seen in the photo, and photos that must show it. */
const SAID = 2;
const SHOWN = 3;

/**
 * How sure a level of similarity should make us, from captions: a word of the vocabulary is in a photo when two captions say
 * so.
 *
 * @throws AfterimageError `not-found` when the captions say too little
 */
export const fitFromCaptions = async (
  space: SearchSpace,
  captions: ParsedInput<'evaluate'>['captions'],
): Promise<Curve> => {
  const { rows, sentences } = findCaptioned(space, captions);
  const saidOf = rows.map((): Map<string, number> => new Map());
  for (const { text, photo } of sentences)
    for (const word of new Set(wordsOf(text))) saidOf[photo]!.set(word, (saidOf[photo]!.get(word) ?? 0) + 1);
  const levels: number[] = [];
  const labels: number[] = [];
  const searcher = new Searcher(space);
  for (const word of space.active.bank?.words ?? []) {
    const shown = saidOf.map((said) => (said.get(word) ?? 0) >= SAID);
    if (shown.filter(Boolean).length < SHOWN) continue;
    const query = { ...EMPTY_QUERY, terms: [termOf({ kind: 'words', words: word })] };
    const { composition } = await searcher.prepareQuery(query);
    for (const [photo, row] of rows.entries()) {
      levels.push(composition.terms[0]!.column.level(row));
      labels.push(shown[photo] === true ? 1 : 0);
    }
  }
  const curve = fitCurve(levels, labels);
  if (curve !== null) return curve;
  throw new AfterimageError(
    'not-found',
    'These captions say too little about the photos to fit the match with: a word has to be in two captions of at least three photos.',
  );
};

/** Words of a sentence, plurals without their s. */
const wordsOf = (text: string): string[] =>
  (text.toLowerCase().match(/[a-z]+/gu) ?? []).flatMap((word) =>
    word.endsWith('s') ? [word, word.slice(0, -1)] : [word],
  );
