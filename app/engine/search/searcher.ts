import {
  AfterimageError,
  HISTOGRAM_BINS,
  type ParsedInput,
  type PhotoCell,
  type Result,
  type SearchOutput,
  type ValueCount,
} from '../../contract/index.ts';
import type { Catalogue } from '../../library/catalogue.ts';
import type { Column } from '../../query/column.ts';
import type { Composition, Operand, Ranking } from '../../query/composition.ts';
import { countOf, EVEN_ODDS, fitOf, histogramOf, sureOf, within, type Fit } from '../../query/fit.ts';
import { isAvoided, type Filter, type Query } from '../../query/language/ast.ts';
import { parseQuery } from '../../query/language/parse.ts';
import { printQuery } from '../../query/language/print.ts';
import { operators } from '../../query/operators/index.ts';
import { best, type Mask } from '../../query/rank.ts';
import { gramOf, weightedSum } from '../../space/vector.ts';
import type { ActiveModel } from '../active-model.ts';
import { CHOSEN, Columns, PLAIN } from './columns.ts';
import { orderOf, type RecordedColumn } from './order.ts';
import { LruMap } from '../../base/lru-map.ts';
import { joinedOf, vectorOf, type VectorSource } from './terms.ts';

/** What a search reads of one state of the library; none of it is changed. */
export interface SearchSpace {
  readonly active: ActiveModel;
  readonly catalogue: Catalogue;
  /** Rows of the resident vectors that some file still shows, `[N]`. */
  readonly shown: Mask;
  readonly cellOf: (photoId: string) => PhotoCell;
  readonly pathOf: (photoId: string) => string;
  readonly vectors: VectorSource;
  /** A column of what is recorded of photos. */
  readonly recorded: (column: string) => Promise<RecordedColumn>;
  /** Rows that satisfy all filters, `[N]`, and what is to be said about them. */
  readonly filtered: (
    filters: readonly Filter[],
  ) => Promise<{ readonly mask: Mask; readonly notes: readonly string[] }>;
  /** Photos that have all these words in a file name, title, description or keyword, best first. */
  readonly literal: (words: string, limit: number) => Promise<readonly string[]>;
}

/** A query with everything that the arithmetic needs. */
export interface Prepared {
  readonly query: Query;
  readonly composition: Composition;
  /** What the operator of the query's mode is given: vector arithmetic takes the vectors as the model gives them. */
  readonly ranked: Composition;
  /** Rows that satisfy the filters and are no term themselves, `[N]`. */
  readonly mask: Mask;
  readonly fit: Fit;
  /** What the best moment of a video is closest to, `[d]`: the weighted sum of what is wanted; null when nothing is. */
  readonly wanted: Float32Array | null;
  readonly notes: readonly string[];
}

/** Photos that are found by their words at most. */
const MOST_LITERAL = 2000;
const KEPT = 16;
/** Matching photos whose tags are counted, and tags of each. */
const MOST_TAGGED = 2048;
export const TAGS_PER_PHOTO = 5;

/**
 * Answers queries about one state of the library, exactly. What a query is made of is kept, so that an edit of a weight, a
 * mode or a tolerance touches no vector; when the library changes, another one takes its place.
 */
export class Searcher {
  readonly space: SearchSpace;
  readonly #columns: Columns;
  readonly #plainColumns: Columns;
  readonly #vectors: VectorSource;
  readonly #plainVectors: VectorSource;
  readonly #fits = new LruMap<string, Fit>(KEPT);
  /** All rows by what photos may be sorted by. */
  readonly #orders = new Map<string, Uint32Array>();
  readonly #literal = new LruMap<string, readonly number[]>(KEPT);

  constructor(space: SearchSpace, refinement = CHOSEN) {
    this.space = space;
    this.#columns = new Columns(space.active, space.shown, refinement);
    this.#plainColumns = new Columns(space.active, space.shown, PLAIN, false);
    this.#plainVectors = { ...space.vectors, sentence: (ways) => space.vectors.sentence(ways.slice(0, 1)) };
    this.#vectors = refinement.rephrase ? space.vectors : this.#plainVectors;
  }

  /** @throws AfterimageError `query-syntax`, `not-found` */
  async search({ query: text, limit, offset }: ParsedInput<'search'>): Promise<SearchOutput> {
    const began = performance.now();
    const prepared = await this.prepare(text);
    const { query, mask, fit, notes } = prepared;
    const ranking = operators[query.mode](prepared.ranked);
    const literal = await this.#literalRows(prepared);
    const isLiteral = new Set(literal);
    const { rows, leading, total, sure } = await this.#list(prepared, ranking, literal, offset + limit);
    const results = rows.slice(offset, offset + limit).map((row) => ({
      ...this.#result(row, prepared, ranking),
      literal: isLiteral.has(row),
    }));
    return {
      tookMs: performance.now() - began,
      query: printQuery(query),
      total,
      candidates: countOf(mask),
      literal: leading,
      sure,
      histogram: histogramOf(fit.needed, mask, HISTOGRAM_BINS),
      notes: [...notes],
      results,
    };
  }

  /** How many photos a query finds: those that have its words, and those its tolerance keeps, or else that match. */
  async count(text: string): Promise<number> {
    const prepared = await this.prepare(text);
    return countOf(this.#found(prepared, await this.#literalRows(prepared)));
  }

  /** What the model sees in the photos that match, most frequent first. */
  async tags(text: string, limit: number): Promise<ValueCount[]> {
    const prepared = await this.prepare(text);
    const { bank, curve } = this.space.active;
    if (bank === null) return [];
    const { match } = prepared.fit;
    const rows = best(match, sureOf(this.#kept(prepared), match), MOST_TAGGED);
    const photos = new Map<string, number>();
    for (const tags of await bank.tags([...rows], TAGS_PER_PHOTO, curve))
      for (const tag of tags) photos.set(tag, (photos.get(tag) ?? 0) + 1);
    return Array.from(photos, ([value, count]) => ({ value, photos: count }))
      .sort((a, b) => b.photos - a.photos || (a.value < b.value ? -1 : 1))
      .slice(0, limit);
  }

  /** @throws AfterimageError `query-syntax`, `not-found` */
  async prepare(text: string): Promise<Prepared> {
    if (text.trim() === '')
      throw new AfterimageError('query-syntax', 'Nothing was asked. Write what you are looking for.');
    return this.prepareQuery(parseQuery(text));
  }

  /** @throws AfterimageError `not-found` */
  async prepareQuery(query: Query): Promise<Prepared> {
    const { active, catalogue } = this.space;
    const vectors = this.#vectors;
    const [filtered, terms, joined] = await Promise.all([
      this.space.filtered(query.filters),
      Promise.all(query.terms.map((term) => vectorOf(term.atom, vectors))),
      joinedOf(query.terms, vectors),
    ]);
    const columns = await this.#columns.of(joined === null ? terms : [...terms, joined]);
    const operandsOf = (own: readonly Column[]): Operand[] =>
      query.terms.map((term, index) => ({
        column: own[index]!,
        weight: term.weight,
        avoid: isAvoided(term),
        required: term.required,
        isPicture: terms[index]!.isPicture,
      }));
    const operands = operandsOf(columns);
    const mask = filtered.mask.slice();
    const notes = [...filtered.notes];
    for (const id of new Set(terms.flatMap(({ sources }) => sources))) {
      const row = active.resident.rowOf(id);
      if (row !== undefined) mask[row] = 0;
      if (!catalogue.isShown(id))
        notes.push(`The photo ${id} is no longer in the library. What was seen in it still counts in this search.`);
    }
    if (operands.length > 0 && operands.every(({ avoid }) => avoid))
      notes.push('Nothing is wanted here, only avoided: first come the photos that have the least of it.');
    const key = operands
      .map(({ avoid, required }, i) => `${String(avoid)} ${String(required)} ${terms[i]!.key}`)
      .join('\n');
    let fit = this.#fits.get(key);
    if (fit === undefined) {
      fit = fitOf(operands, this.space.shown.length);
      this.#fits.set(key, fit);
    }
    const composition: Composition = {
      rows: this.space.shown.length,
      terms: operands,
      gram: gramOf(terms.map(({ vector }) => vector)),
      joined: joined === null ? null : columns.at(-1)!,
      hub: await this.#columns.hubs(),
    };
    const wanted = wantedOf(
      terms.map(({ vector }) => vector),
      operands,
    );
    const shared = { query, composition, mask, fit, wanted, notes };
    if (query.mode !== 'mix') return { ...shared, ranked: composition };
    const plain = await Promise.all(query.terms.map((term) => vectorOf(term.atom, this.#plainVectors)));
    const ranked: Composition = {
      ...composition,
      terms: operandsOf(await this.#plainColumns.of(plain)),
      gram: gramOf(plain.map(({ vector }) => vector)),
      hub: await this.#plainColumns.hubs(),
    };
    return { ...shared, ranked };
  }

  /** The rows in order up to `end`, how many there are, and how many of them were found by their words or are sure. */
  async #list(
    prepared: Prepared,
    { scores }: Ranking,
    literal: readonly number[],
    end: number,
  ): Promise<{
    readonly rows: readonly number[];
    readonly leading: number;
    readonly total: number;
    readonly sure: number;
  }> {
    const { query, composition, fit } = prepared;
    if (composition.terms.length === 0 || query.sort.by !== 'match') {
      const rows = await this.#inOrder(this.#found(prepared, literal), query.sort);
      return { rows, leading: 0, total: rows.length, sure: rows.length };
    }
    const others = this.#kept(prepared).slice();
    for (const row of literal) others[row] = 0;
    const { reversed } = query.sort;
    const ranked = best(reversed ? scores.map((score) => -score) : scores, others, end - literal.length);
    return {
      rows: [...literal, ...ranked],
      leading: literal.length,
      total: literal.length + countOf(others),
      sure: reversed ? 0 : countOf(sureOf(others, fit.match)),
    };
  }

  /** The rows of a mask by a recorded fact. */
  async #inOrder(mask: Mask, sort: Query['sort']): Promise<number[]> {
    const { active, catalogue, shown, recorded } = this.space;
    const key = `${sort.by} ${String(sort.reversed)}`;
    let order = this.#orders.get(key);
    if (order === undefined) {
      order = await orderOf(active.resident.ids.slice(0, shown.length), sort, catalogue, recorded);
      this.#orders.set(key, order);
    }
    const rows: number[] = [];
    for (const row of order) if (mask[row] === 1) rows.push(row);
    return rows;
  }

  /** What answers a query that is not ranked: what its tolerance keeps, or else what matches, and what has its words. */
  #found(prepared: Prepared, literal: readonly number[]): Mask {
    const kept = this.#kept(prepared);
    const found = prepared.query.tolerance === null ? sureOf(kept, prepared.fit.match) : kept.slice();
    for (const row of literal) found[row] = 1;
    return found;
  }

  #kept({ query, mask, fit }: Prepared): Mask {
    return within(
      mask,
      fit,
      query.tolerance,
      query.terms.some((term) => term.required),
    );
  }

  /** Photos whose recorded words hold all words of the wanted sentences, if nothing but sentences is wanted. */
  async #literalRows({ query, composition, mask }: Prepared): Promise<readonly number[]> {
    const wanted = query.terms.filter((term) => !isAvoided(term));
    const sentences = wanted.flatMap(({ atom }) => (atom.kind === 'words' ? [atom.words] : []));
    if (sentences.length === 0 || sentences.length < wanted.length) return [];
    const words = sentences.join(' ');
    let rows = this.#literal.get(words);
    if (rows === undefined) {
      const { resident } = this.space.active;
      rows = (await this.space.literal(words, MOST_LITERAL)).flatMap((id) => resident.rowOf(id) ?? []);
      this.#literal.set(words, rows);
    }
    const avoided = composition.terms.filter((term) => term.avoid);
    return rows.filter((row) => mask[row] === 1 && avoided.every(({ column }) => column.trace[row]! < EVEN_ODDS));
  }

  #result(row: number, prepared: Prepared, { scores, shares }: Ranking): Omit<Result, 'literal'> {
    const { composition, fit, wanted } = prepared;
    const { resident } = this.space.active;
    const id = resident.ids[row] ?? '';
    const share = shares(row);
    return {
      ...this.space.cellOf(id),
      path: this.space.pathOf(id),
      score: scores[row] ?? 0,
      match: fit.match[row] ?? 0,
      why: composition.terms.map(({ column, avoid }, term) => ({
        share: share[term] ?? 0,
        match: (avoid ? column.trace : column.match)[row] ?? 0,
      })),
      at: wanted === null ? null : resident.bestMoment(row, wanted),
    };
  }
}

const wantedOf = (vectors: readonly Float32Array[], operands: readonly Operand[]): Float32Array | null => {
  const wanted = vectors.filter((_, index) => !operands[index]!.avoid);
  const weights = operands.flatMap(({ avoid, weight }) => (avoid ? [] : [weight]));
  return wanted.length === 0 ? null : weightedSum(wanted, weights);
};
