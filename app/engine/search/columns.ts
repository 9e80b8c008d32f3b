import { AfterimageError } from '../../contract/index.ts';
import { Column, momentsOf, type Scale } from '../../query/column.ts';
import type { Mask } from '../../query/rank.ts';
import { pictureScale, wordScale } from '../../query/scales.ts';
import { centreColumn, centred } from '../../space/centring.ts';
import { Tally, type Moments } from '../../space/moments.ts';
import { Parts } from '../../space/parts.ts';
import { concatenate, dot } from '../../space/vector.ts';
import type { ActiveModel } from '../active-model.ts';
import type { WordFacts } from './bank.ts';
import { LruMap } from '../../base/lru-map.ts';
import type { TermVector } from './terms.ts';

/** Columns that are kept: a person edits a query back and forth. More than a query can have terms. */
const KEPT_COLUMNS = 32;
/** Photos that are enough to tell how similar two photos usually are. */
const SAMPLE = 256;

/** What is done to similarities before they are compared, where measurement says that it helps: QUERY.md, section 2. */
export interface Refinement {
  /** Image vectors are centred on the library's mean. */
  readonly centreImages: boolean;
  /** Text vectors are centred on the vocabulary's mean. */
  readonly centreWords: boolean;
  readonly dampHubs: boolean;
  /** Short texts are said in several ways. */
  readonly rephrase: boolean;
}

/** Similarities as the model gives them. */
export const PLAIN: Refinement = { centreImages: false, centreWords: false, dampHubs: false, rephrase: false };

/** The best of what docs/retrieval.md compares. */
export const CHOSEN: Refinement = { centreImages: false, centreWords: false, dampHubs: true, rephrase: true };

/** Columns of terms over one state of the library, each computed once. */
export class Columns {
  readonly #active: ActiveModel;
  readonly #shown: Mask;
  readonly #refinement: Refinement;
  readonly #areRead: boolean;
  readonly #kept = new LruMap<string, Column>(KEPT_COLUMNS);
  readonly #noHubs: Float32Array;
  /** Mean of the library's vectors, `[d]`, once something is centred on it. */
  #mean: { readonly vector: Float32Array; readonly along: Float32Array } | undefined;
  #facts: WordFacts | null = null;
  #parts: Promise<Parts> | undefined;
  #betweenPhotos: Moments | undefined;
  #withWords: Moments | undefined;

  /**
   * @param shown rows that belong to the library, `[N]`
   * @param areRead whether probabilities are wanted of the columns: what is usual is then measured first
   */
  constructor(active: ActiveModel, shown: Mask, refinement: Refinement, areRead = true) {
    this.#areRead = areRead;
    this.#active = active;
    this.#shown = shown;
    this.#refinement = refinement;
    this.#noHubs = new Float32Array(shown.length);
  }

  /** What similarities with words are damped by, and what they usually are; null until the vocabulary is learned. */
  async #wordFacts(): Promise<WordFacts | null> {
    return (this.#facts ??= (await this.#active.bank?.facts(this.#shown.length)) ?? null);
  }

  /** What is taken from similarities with words, `[N]`. */
  async hubs(): Promise<Float32Array> {
    return (this.#refinement.dampHubs ? (await this.#wordFacts())?.hubs : undefined) ?? this.#noHubs;
  }

  /** One column per term; those not yet known are computed in one matrix product. */
  async of(terms: readonly TermVector[]): Promise<Column[]> {
    // Held here as well: a search at the same time may push them out of what is kept.
    const columns = new Map<string, Column>();
    const hold = (key: string, column: Column): void => {
      columns.set(key, column);
      this.#kept.set(key, column);
    };
    for (const { key } of terms) {
      const column = this.#kept.get(key);
      if (column !== undefined) columns.set(key, column);
    }
    const missing = terms.filter(({ key }) => !columns.has(key));
    const whole = missing.filter(({ look }) => look === null);
    if (whole.length > 0) {
      const vectors = await Promise.all(whole.map((term) => this.#refined(term)));
      const similarities = await this.#active.resident.columns(concatenate(vectors), this.#shown.length);
      for (const [index, { key, isPicture }] of whole.entries())
        hold(key, await this.#column(await this.#centred(similarities[index]!, vectors[index]!), isPicture));
    }
    for (const { key, vector, look } of missing) if (look !== null) hold(key, await this.#parted(vector, look));
    return terms.map(({ key }) => columns.get(key)!);
  }

  /** A photo's column by what words can say of it and by what they cannot, in proportions of `1 − look` and `look`. */
  async #parted(vector: Float32Array, look: number): Promise<Column> {
    const { bank, resident } = this.#active;
    if (bank === null)
      throw new AfterimageError(
        'no-model',
        'Content and look can be told apart once the model has learned the vocabulary. That takes a moment after a model is chosen.',
      );
    this.#parts ??= Parts.over(await bank.content(), await this.#centre(), (terms) =>
      resident.firstColumns(terms, this.#shown.length),
    );
    const similarity = await (await this.#parts).column(vector, look);
    const moments = momentsOf(similarity, this.#noHubs, this.#shown);
    return new Column(similarity, this.#noHubs, moments, this.#pictureScale(moments));
  }

  #pictureScale(usual: Moments): Scale {
    return pictureScale(usual, this.#active.model.likeness ?? undefined);
  }

  async #refined({ vector, isPicture }: Pick<TermVector, 'vector' | 'isPicture'>): Promise<Float32Array> {
    const { bank } = this.#active;
    if (isPicture) return this.#refinement.centreImages ? centred(vector, (await this.#centre()).vector) : vector;
    return this.#refinement.centreWords && bank !== null ? centred(vector, bank.mean) : vector;
  }

  /** The column against centred photos, from the one against the photos as they are. */
  async #centred(column: Float32Array, term: Float32Array): Promise<Float32Array> {
    if (!this.#refinement.centreImages) return column;
    const { vector, along } = await this.#centre();
    return centreColumn(column, term, vector, along);
  }

  async #centre(): Promise<{ readonly vector: Float32Array; readonly along: Float32Array }> {
    if (this.#mean !== undefined) return this.#mean;
    const vector = this.#active.resident.mean(this.#shown);
    const [along] = await this.#active.resident.firstColumns(vector, this.#shown.length);
    return (this.#mean = { vector, along: along! });
  }

  async #column(similarity: Float32Array, isPicture: boolean): Promise<Column> {
    const hub = isPicture ? this.#noHubs : await this.hubs();
    const moments = momentsOf(similarity, hub, this.#shown);
    if (!this.#areRead) return new Column(similarity, hub, moments, wordScale(moments));
    if (isPicture) return new Column(similarity, hub, moments, this.#pictureScale(await this.#usualBetweenPhotos()));
    return new Column(
      similarity,
      hub,
      moments,
      wordScale((await this.#usualWithWords()) ?? moments, this.#active.curve),
    );
  }

  /** Of similarities with words that have nothing to do with the photo, refined as these columns are. */
  async #usualWithWords(): Promise<Moments | null> {
    if (this.#refinement === CHOSEN) return (await this.#wordFacts())?.usual ?? null;
    const { bank, resident } = this.#active;
    if (bank === null || this.#withWords !== undefined) return this.#withWords ?? null;
    const tally = new Tally();
    const hubs = await this.hubs();
    for (let word = 0; word < bank.words.length; word += Math.ceil(bank.words.length / SAMPLE)) {
      const vector = bank.vectors.slice(word * resident.dimension, (word + 1) * resident.dimension);
      const refined = await this.#refined({ vector, isPicture: false });
      const [column] = await resident.columns(refined, this.#shown.length);
      const similarity = await this.#centred(column!, refined);
      for (let row = 0; row < similarity.length; row++)
        if (this.#shown[row] === 1) tally.add(similarity[row]! - hubs[row]!);
    }
    return (this.#withWords = tally.moments);
  }

  /** Of the similarities of two photos, over a sample of them. */
  async #usualBetweenPhotos(): Promise<Moments> {
    if (this.#betweenPhotos !== undefined) return this.#betweenPhotos;
    const { resident } = this.#active;
    const step = Math.max(1, Math.floor(this.#shown.length / SAMPLE));
    const vectors: Float32Array[] = [];
    for (let row = 0; row < this.#shown.length; row += step) {
      const vector = resident.get(resident.ids[row] ?? '');
      if (this.#shown[row] === 1 && vector !== undefined)
        vectors.push(await this.#refined({ vector, isPicture: true }));
    }
    const tally = new Tally();
    for (const [index, vector] of vectors.entries())
      for (let other = 0; other < index; other++) tally.add(dot(vector, vectors[other]!));
    return (this.#betweenPhotos = tally.moments);
  }
}
