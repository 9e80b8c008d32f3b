import fc from 'fast-check';
import { Column, momentsOf, type Scale } from '../../app/query/column.ts';
import type { Composition, Operand } from '../../app/query/composition.ts';
import { pictureScale, wordScale } from '../../app/query/scales.ts';
import { dot, gramOf, meanDirection, normalise } from '../../app/space/vector.ts';
import { Random } from './scenes/random.ts';

/** What is usual between terms and photos of a made-up library. */
const USUAL = { mean: 0.1, deviation: 0.2 };

/** Direction of a term: any, that of the first term or its opposite, that of a photo, or none at all. */
const KINDS = ['new', 'new', 'new', 'new', 'new', 'new', 'again', 'opposite', 'photo', 'nothing'] as const;

/** Everything a made-up library and a query on it are made from. */
interface Recipe {
  readonly seed: number;
  readonly rows: number;
  readonly dimension: number;
  /** How far all photos lean to one side, as those of an encoder do; at a million they are all the same. */
  readonly lean: number;
  readonly hubbed: boolean;
  readonly joined: boolean;
  readonly terms: readonly (Omit<Operand, 'column'> & { readonly kind: (typeof KINDS)[number] })[];
}

/** A composition with the vectors it was made of. */
export interface World {
  /** Unit vectors, `[N][d]`. */
  readonly photos: readonly Float32Array[];
  /** Unit vectors of the terms (or zero), `[k][d]`. */
  readonly vectors: readonly Float32Array[];
  readonly composition: Composition;
}

/** What worlds are to be like; everything else is left to chance. */
interface Wish {
  readonly rows?: fc.Arbitrary<number>;
  readonly weight?: fc.Arbitrary<number>;
  readonly lean?: fc.Arbitrary<number>;
  readonly avoid?: fc.Arbitrary<boolean>;
  readonly isPicture?: fc.Arbitrary<boolean>;
  readonly hubbed?: boolean;
  readonly joined?: boolean;
  readonly fewestTerms?: number;
  readonly mostTerms?: number;
}

/** Weights from 0.01 to 4. */
const weights = fc.double({ min: 0.01, max: 4, noNaN: true });

/** Compositions of 1 to 8 terms over 1 to 200 photos. */
export const worlds = (wish: Wish = {}): fc.Arbitrary<World> =>
  fc
    .record({
      seed: fc.nat(),
      rows: wish.rows ?? fc.integer({ min: 1, max: 200 }),
      // More than there are terms, so that few photos lie in what the terms span.
      dimension: fc.integer({ min: 12, max: 24 }),
      lean: wish.lean ?? fc.constantFrom(0, 1),
      hubbed: wish.hubbed === undefined ? fc.boolean() : fc.constant(wish.hubbed),
      joined: wish.joined === undefined ? fc.boolean() : fc.constant(wish.joined),
      terms: fc.array(
        fc.record({
          kind: fc.constantFrom(...KINDS),
          weight: wish.weight ?? weights,
          avoid: wish.avoid ?? fc.boolean(),
          required: fc.boolean(),
          isPicture: wish.isPicture ?? fc.boolean(),
        }),
        { minLength: wish.fewestTerms ?? 1, maxLength: wish.mostTerms ?? 8 },
      ),
    })
    .map(worldOf);

const worldOf = ({ seed, rows, dimension, lean, hubbed, joined, terms }: Recipe): World => {
  const random = new Random(seed);
  const direction = (towards = 0): Float32Array =>
    normalise(Float32Array.from({ length: dimension }, (_, i) => random.between(-1, 1) + (i === 0 ? towards : 0)));
  const photos = Array.from({ length: rows }, () => direction(lean));
  const vectors: Float32Array[] = [];
  for (const { kind } of terms) vectors.push(directionOf(kind, vectors[0], photos[0], direction()));

  const none = new Float32Array(rows);
  const hub = hubbed ? none.map(() => random.between(0, 0.3)) : none;
  const all = new Uint8Array(rows).fill(1);
  const columnOf = (vector: Float32Array, isPicture: boolean): Column => {
    const similarity = Float32Array.from(photos, (photo) => dot(vector, photo));
    const damping = isPicture ? none : hub;
    return new Column(similarity, damping, momentsOf(similarity, damping, all), scaleOf(isPicture));
  };
  const sentences = vectors.filter((_, i) => !terms[i]!.avoid && !terms[i]!.isPicture);
  const canJoin = joined && sentences.length >= 2 && sentences.length <= 4;
  return {
    photos,
    vectors,
    composition: {
      rows,
      terms: terms.map(({ kind: _, ...term }, i) => ({ ...term, column: columnOf(vectors[i]!, term.isPicture) })),
      gram: gramOf(vectors),
      joined: canJoin ? columnOf(meanDirection(sentences), false) : null,
      hub,
    },
  };
};

const directionOf = (
  kind: (typeof KINDS)[number],
  first: Float32Array | undefined,
  photo: Float32Array | undefined,
  fresh: Float32Array,
): Float32Array => {
  switch (kind) {
    case 'new':
      return fresh;
    case 'again':
      return first ?? fresh;
    case 'opposite':
      return (first ?? fresh).map((value) => -value);
    case 'photo':
      return photo ?? fresh;
    case 'nothing':
      return new Float32Array(fresh.length);
  }
};

const scaleOf = (isPicture: boolean): Scale => (isPicture ? pictureScale(USUAL) : wordScale(USUAL));

/** The composition with each term changed. */
export const withTerms = (
  composition: Composition,
  change: (term: Operand, index: number) => Operand,
): Composition => ({
  ...composition,
  terms: composition.terms.map(change),
});

/** The term with one photo's similarity raised, its column's moments and scale as they were. */
export const raised = (term: Operand, row: number, by: number): Operand => {
  const { similarity, hub, mean, deviation } = term.column;
  const higher = similarity.slice();
  higher[row]! += by;
  return { ...term, column: new Column(higher, hub, { mean, deviation }, scaleOf(term.isPicture)) };
};

/** The same terms in another order: place `i` is taken by term `order[i]`. */
export const reordered = (composition: Composition, order: readonly number[]): Composition => ({
  ...composition,
  terms: order.map((i) => composition.terms[i]!),
  gram: order.map((i) => order.map((j) => composition.gram[i]![j]!)),
});

/** Greatest distance between numbers in the same places; NaN if one of them is. */
export const farthest = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let distance = a.length === b.length ? 0 : NaN;
  for (let i = 0; i < a.length; i++) distance = Math.max(distance, Math.abs(a[i]! - b[i]!));
  return distance;
};

/** Determinant by Gaussian elimination with row exchanges, in place of the library that the program uses. */
export const determinantOf = (matrix: readonly (readonly number[])[]): number => {
  const rows = matrix.map((row) => [...row]);
  let product = 1;
  for (let step = 0; step < rows.length; step++) {
    let pivot = step;
    for (let row = step; row < rows.length; row++)
      if (Math.abs(rows[row]![step]!) > Math.abs(rows[pivot]![step]!)) pivot = row;
    if (pivot !== step) product = -product;
    [rows[step], rows[pivot]] = [rows[pivot]!, rows[step]!];
    const top = rows[step]!;
    product *= top[step]!;
    if (product === 0) return 0;
    for (const row of rows.slice(step + 1)) {
      const factor = row[step]! / top[step]!;
      for (let column = step; column < row.length; column++) row[column]! -= factor * top[column]!;
    }
  }
  return product;
};
