import { Serial } from '../../base/serial.ts';
import type { Curve } from '../../contract/index.ts';
import type { ResidentVectors, StandIns } from '../../embed/resident.ts';
import { HUB_SHARE, hubOf } from '../../space/hubs.ts';
import { Tally, type Moments } from '../../space/moments.ts';
import { principalDirections } from '../../space/subspace.ts';
import { concatenate, dot, meanOf } from '../../space/vector.ts';

/** How a product is rounded depends on how many rows it has, unless they fill blocks of this many. */
const BLOCK = 128;
/** Vectors compared with all words at a time: 2,000 words × 512 vectors are 4 MB. */
const CHUNK = 512;
/** Photos that tell how similar words and photos usually are, and the growth of a library after which others are asked. */
const SAMPLE = 512;
const GROWTH = 1.25;

/** How much of what words differ in is content. */
const CONTENT = { share: 0.9, most: 128 };

/** Cosine with the empty text from which on a text says nothing to a model: unknown words leave its vector where it is. */
const SAYS_NOTHING = 0.97;

/** @param empty vector of the empty text, `[d]` */
export const saysNothing = (vector: Float32Array, empty: Float32Array): boolean => dot(vector, empty) >= SAYS_NOTHING;

/** What a library's photos say to the vocabulary. */
export interface WordFacts {
  /** What is taken from each photo's similarities with words, `[N]`: `HUB_SHARE · b(x)`. */
  readonly hubs: Float32Array;
  /** Of similarities, less the hub term, over all words and a sample of the photos. */
  readonly usual: Moments;
}

/** The vocabulary as a model sees it, compared with the photos of a library. */
export class Bank {
  readonly words: readonly string[];
  /** Unit vectors, `[V × d]` row-major. */
  readonly vectors: Float32Array;
  readonly #resident: ResidentVectors;
  /** `b(x)` by photo. */
  readonly #known: Map<string, number>;
  #unsaved: { readonly photoId: string; readonly hub: number }[] = [];
  /** How similarities with the words become comparable where vectors stand in for others. */
  #levels: ReturnType<StandIns['of']> | undefined;
  /** Photos that were edited since the comparison under way began: it may have seen them as they were. */
  readonly #edited = new Set<string>();
  #usual: { readonly size: number; readonly moments: Moments } | undefined;
  #mean: Float32Array | undefined;
  #content: Promise<readonly Float32Array[]> | undefined;
  readonly #turns = new Serial();

  /** @param known hub terms `b(x)` that are stored, by photo */
  private constructor(
    words: readonly string[],
    vectors: Float32Array,
    resident: ResidentVectors,
    known: Map<string, number>,
  ) {
    this.words = words;
    this.vectors = vectors;
    this.#resident = resident;
    this.#known = known;
  }

  /**
   * The bank of the words that say something to the model; the others would all stand for the same.
   *
   * @param texts the empty text, then the vocabulary
   * @param vectors of the texts, `[1 + V × d]` row-major
   * @returns null when the model knows none of them
   */
  static of(
    texts: readonly string[],
    vectors: Float32Array,
    resident: ResidentVectors,
    known: Map<string, number>,
  ): Bank | null {
    const { dimension } = resident;
    const vectorOf = (row: number): Float32Array => vectors.subarray(row * dimension, (row + 1) * dimension);
    const rows = texts.flatMap((_, row) => (row > 0 && !saysNothing(vectorOf(row), vectorOf(0)) ? [row] : []));
    if (rows.length === 0) return null;
    return new Bank(
      rows.map((row) => texts[row]!),
      concatenate(rows.map(vectorOf)),
      resident,
      known,
    );
  }

  /** A view of a word's vector, `[d]`. */
  vectorOf(word: number): Float32Array {
    const { dimension } = this.#resident;
    return this.vectors.subarray(word * dimension, (word + 1) * dimension);
  }

  /** Mean of the words' vectors, `[d]`. */
  get mean(): Float32Array {
    return (this.#mean ??= meanOf(this.vectors, this.#resident.dimension));
  }

  /** What words can say, QUERY.md section 5: orthonormal directions, `[r × d]`. */
  content(): Promise<readonly Float32Array[]> {
    return (this.#content ??= principalDirections(
      this.vectors,
      this.#resident.dimension,
      CONTENT,
      (left, right, inner) => this.#resident.product(left, right, inner),
    ));
  }

  /** Hub terms that have become known since this was last asked. */
  takeUnsaved(): readonly { readonly photoId: string; readonly hub: number }[] {
    const unsaved = this.#unsaved;
    this.#unsaved = [];
    return unsaved;
  }

  /** A photo looks different now. */
  forget(photoId: string): void {
    this.#known.delete(photoId);
    this.#unsaved = this.#unsaved.filter((hub) => hub.photoId !== photoId);
    this.#edited.add(photoId);
  }

  /** @param size the first rows, `N`; those not yet known are compared with the words first */
  facts(size: number): Promise<WordFacts> {
    return this.#turns.run(() => this.#describe(size));
  }

  /**
   * The words that a model sees in photos, surest first: those that are more likely there than not.
   *
   * @param rows of the resident vectors
   * @param curve how sure a level of similarity makes us
   * @returns for each photo at most `most` words
   */
  async tags(rows: readonly number[], most: number, curve: Curve): Promise<readonly (readonly string[])[]> {
    const { hubs, usual } = await this.facts(this.#resident.size);
    const least = leastSimilarity(usual, curve);
    const tags: (readonly string[])[] = [];
    for await (const { row, similarities } of this.#compare(rows)) {
      const seen: number[] = [];
      for (const [word, similarity] of similarities.entries()) if (similarity - hubs[row]! >= least) seen.push(word);
      seen.sort((a, b) => similarities[b]! - similarities[a]!);
      tags.push(seen.slice(0, most).map((word) => this.words[word]!));
    }
    return tags;
  }

  /**
   * Rows in which the model sees a word of the bank, `[size]`; null when it is none.
   *
   * @param size the first rows that are asked for
   */
  async rowsWith(word: string, size: number, curve: Curve): Promise<Uint8Array | null> {
    const index = this.words.indexOf(word);
    if (index < 0) return null;
    const { dimension } = this.#resident;
    const { hubs, usual } = await this.facts(size);
    const least = leastSimilarity(usual, curve);
    const vector = this.vectors.slice(index * dimension, (index + 1) * dimension);
    const [column] = await this.#resident.columns(vector, size);
    return Uint8Array.from(column ?? [], (similarity, row) => (similarity - hubs[row]! >= least ? 1 : 0));
  }

  async #describe(size: number): Promise<WordFacts> {
    const { ids } = this.#resident;
    this.#edited.clear();
    const hubs = new Float32Array(size);
    const missing: number[] = [];
    for (let row = 0; row < size; row++) {
      const hub = this.#known.get(ids[row]!);
      if (hub === undefined) missing.push(row);
      else hubs[row] = HUB_SHARE * hub;
    }
    for await (const { row, similarities } of this.#compare(missing)) {
      const photoId = ids[row]!;
      const hub = hubOf(similarities);
      hubs[row] = HUB_SHARE * hub;
      if (this.#edited.has(photoId)) continue;
      this.#known.set(photoId, hub);
      this.#unsaved.push({ photoId, hub });
    }
    return { hubs, usual: await this.#usualOver(size, hubs) };
  }

  async #usualOver(size: number, hubs: Float32Array): Promise<Moments> {
    if (this.#usual !== undefined && size <= this.#usual.size * GROWTH) return this.#usual.moments;
    const step = Math.max(1, size / SAMPLE);
    const rows = Array.from({ length: Math.min(size, SAMPLE) }, (_, index) => Math.floor(index * step));
    const tally = new Tally();
    for await (const { row, similarities } of this.#compare(rows))
      for (const similarity of similarities) tally.add(similarity - hubs[row]!);
    this.#usual = { size, moments: tally.moments };
    return tally.moments;
  }

  /** Similarities of each of some photos with all words, `[V]`: of a video the highest of its parts. */
  async *#compare(
    rows: readonly number[],
  ): AsyncGenerator<{ readonly row: number; readonly similarities: Float32Array }> {
    const count = this.words.length;
    const { standIns } = this.#resident;
    const levels = standIns === null ? [] : await (this.#levels ??= standIns.of(this.vectors));
    for (const chunk of this.#inChunks(rows)) {
      const product = await this.#resident.product(
        this.vectors,
        inWholeBlocks(
          chunk.flatMap(({ parts }) => parts),
          this.#resident.dimension,
        ),
      );
      let start = 0;
      for (const { row, parts } of chunk) {
        const similarities = product.subarray(start, start + count);
        start += count;
        for (let part = 1; part < parts.length; part++, start += count)
          for (let word = 0; word < count; word++)
            similarities[word] = Math.max(similarities[word]!, product[start + word]!);
        if (standIns?.rows.has(row) === true)
          for (const [word, { slope, offset }] of levels.entries())
            similarities[word] = slope * similarities[word]! + offset;
        yield { row, similarities };
      }
    }
  }

  /** Photos with their parts, as many at a time as are compared at once. */
  *#inChunks(
    rows: readonly number[],
  ): Generator<readonly { readonly row: number; readonly parts: readonly Float32Array[] }[]> {
    let chunk: { readonly row: number; readonly parts: readonly Float32Array[] }[] = [];
    let size = 0;
    for (const row of rows) {
      const parts = this.#resident.partsOf(row);
      if (size > 0 && size + parts.length > CHUNK) {
        yield chunk;
        [chunk, size] = [[], 0];
      }
      chunk.push({ row, parts });
      size += parts.length;
    }
    if (size > 0) yield chunk;
  }
}

/** Similarity, less the hub term, from which on a word is more likely there than not. */
const leastSimilarity = ({ mean, deviation }: Moments, { middle }: Curve): number => mean + middle * deviation;

/** Vectors `[n × d]` one below the other, with rows of zeros behind them: what comes of one does not depend on how many there are. */
const inWholeBlocks = (vectors: readonly Float32Array[], dimension: number): Float32Array => {
  const blocks = new Float32Array(Math.ceil(vectors.length / BLOCK) * BLOCK * dimension);
  for (const [row, vector] of vectors.entries()) blocks.set(vector, row * dimension);
  return blocks;
};
