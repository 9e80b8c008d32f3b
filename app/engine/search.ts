import { AfterimageError, type ParsedInput, type SearchOutput } from '../contract/index.ts';
import type { Catalogue } from '../library/catalogue.ts';
import { combine, matchOf, spreadOf } from '../query/columns.ts';
import { parseQuery, type Term } from '../query/language/parse.ts';
import { best, type Mask } from '../query/rank.ts';
import type { ActiveModel } from './active-model.ts';

/** What a search reads; none of it is changed. */
export interface SearchSpace {
  readonly active: ActiveModel;
  readonly catalogue: Catalogue;
  /** Rows of the resident vectors that some file still shows, `[N]`. */
  readonly shown: Mask;
  readonly pathOf: (photoId: string) => string;
  /** Unit vector of a picture from outside, `[d]`. */
  readonly pictureVector: (token: string) => Float32Array;
}

/**
 * The photo that a query names by its id or a unique prefix of it.
 *
 * @throws AfterimageError `not-found` when none or several begin so
 */
export const resolvePhotoId = (
  photos: { has(id: string): boolean; readonly ids: Iterable<string> },
  prefix: string,
): string => {
  if (photos.has(prefix)) return prefix;
  const found: string[] = [];
  for (const id of photos.ids) if (id.startsWith(prefix)) found.push(id);
  const [first, second] = found;
  if (first !== undefined && second === undefined) return first;
  throw new AfterimageError(
    'not-found',
    second === undefined
      ? `There is no photo ${prefix} in this library.`
      : `Several photos have an id that begins with ${prefix}. Give more of it.`,
  );
};

const vectorOf = async (term: Term, { active, pictureVector }: SearchSpace): Promise<Float32Array> => {
  switch (term.kind) {
    case 'words':
      return active.embedSentence(term.words);
    case 'picture':
      return pictureVector(term.token);
    case 'photo': {
      const vector = active.resident.get(resolvePhotoId(active.resident, term.id));
      if (vector === undefined)
        throw new AfterimageError('not-found', `The photo ${term.id} has not been indexed with this model yet.`);
      return vector;
    }
  }
};

/** Photos of the query are no answers to it. */
const maskWithout = (terms: readonly Term[], { active, shown }: SearchSpace): Mask => {
  const mask = shown.slice();
  for (const term of terms) {
    if (term.kind !== 'photo') continue;
    const row = active.resident.rowOf(resolvePhotoId(active.resident, term.id));
    if (row !== undefined) mask[row] = 0;
  }
  return mask;
};

/** Answers a query exactly: one column of similarities per term, combined, ranked. */
export const search = async (
  space: SearchSpace,
  { query, limit, offset }: ParsedInput<'search'>,
): Promise<SearchOutput> => {
  const began = performance.now();
  const terms = parseQuery(query);
  if (terms.length === 0)
    throw new AfterimageError('query-syntax', 'Nothing was asked. Write what you are looking for.');
  const { resident } = space.active;
  const vectors = await Promise.all(terms.map((term) => vectorOf(term, space)));
  const stacked = new Float32Array(terms.length * resident.dimension);
  for (const [index, vector] of vectors.entries()) stacked.set(vector, index * resident.dimension);

  const columns = await resident.columns(stacked);
  const spreads = columns.map(spreadOf);
  const mask = maskWithout(terms, space);
  const scores = combine(
    columns,
    terms.map((term) => term.kind === 'words'),
  );
  const rows = best(scores, mask, offset + limit).subarray(offset);
  const results = Array.from(rows, (row) => {
    const id = resident.ids[row] ?? '';
    const photo = space.catalogue.photos.get(id);
    const matches = columns.map((column, term) =>
      matchOf(column[row] ?? 0, spreads[term] ?? { median: 0, lowerDeviation: 1 }),
    );
    return {
      id,
      width: photo?.width ?? 1,
      height: photo?.height ?? 1,
      path: space.pathOf(id),
      score: scores[row] ?? 0,
      match: Math.min(...matches),
    };
  });
  return { tookMs: performance.now() - began, total: mask.reduce((sum, row) => sum + row, 0), results };
};
