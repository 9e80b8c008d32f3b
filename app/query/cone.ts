import { inverse, Matrix } from 'ml-matrix';

type Square = readonly (readonly number[])[];

/** Keeps Gram matrices of terms that say the same invertible. */
const RIDGE = 1e-7;

/** `(T + RIDGE·I)⁻¹`, `[k × k]`; that of no term is empty. */
export const inverseOf = (gram: Square): number[][] =>
  gram.length === 0
    ? []
    : inverse(new Matrix(gram.map((row, i) => row.map((value, j) => (i === j ? value + RIDGE : value))))).to2DArray();

/** A face of the cone: the terms that span it and the inverse of their Gram matrix, row-major. */
interface Face {
  readonly terms: readonly number[];
  readonly inverse: Float64Array;
}

/** Cones of so many terms or fewer have few faces, each met again and again; those of more have too many to look through. */
const FEW_TERMS = 6;
const SWEEPS = 500;
const PRECISION = 1e-9;
/**
 * Terms put on or off the face that descent stopped at, one after the other, until it is the right one.
 *
 * @see Murty, Note on a Bard-type scheme for solving the complementarity problem, 1974
 */
const EXCHANGES = 100;
/** Coefficients of so small a part of the highest similarity are none. */
const NEGLIGIBLE = 1e-6;

/**
 * Projection on the cone that terms span, for many photos. The face that a photo falls on is looked for among those already
 * met, and else found by coordinate descent.
 */
export class Cone {
  readonly #gram: Square;
  readonly #faces: Face[] = [];
  /** Coefficients of the newest projection, `[k]`. */
  readonly coefficients: Float64Array;

  /** @param gram inner products of unit vectors, `[k × k]` */
  constructor(gram: Square) {
    this.#gram = gram;
    this.coefficients = new Float64Array(gram.length);
  }

  /**
   * `max_{c ≥ 0} cᵀs / √(cᵀTc)`: the cosine between a unit vector and its projection on the cone, or, outside the cone's
   * dual, with its nearest ray. Leaves the `c` of the maximum in `coefficients`.
   *
   * @param s similarities with the terms, `[k]`
   */
  project(s: Float64Array): number {
    let nearest = 0;
    for (let i = 1; i < s.length; i++) if (s[i]! > s[nearest]!) nearest = i;
    if (!(s[nearest]! > 0)) {
      this.coefficients.fill(0);
      this.coefficients[nearest] = 1;
      return s[nearest] ?? 0;
    }
    for (let index = 0; index < this.#faces.length; index++) {
      const face = this.#faces[index]!;
      if (this.#misplaced(face, s) >= 0) continue;
      if (index > 0) {
        this.#faces[index] = this.#faces[index - 1]!;
        this.#faces[index - 1] = face;
      }
      return this.#length(s);
    }
    if (this.#descend(s) && s.length > FEW_TERMS) return this.#length(s);
    let terms = Array.from(this.coefficients.keys()).filter((i) => this.coefficients[i]! > NEGLIGIBLE * s[nearest]!);
    for (let exchange = 0; exchange < EXCHANGES; exchange++) {
      const face = this.#faceOf(terms);
      const misplaced = this.#misplaced(face, s);
      if (misplaced < 0) {
        if (s.length <= FEW_TERMS) this.#faces.push(face);
        return this.#length(s);
      }
      terms = terms.includes(misplaced) ? terms.filter((i) => i !== misplaced) : [...terms, misplaced];
    }
    this.#descend(s);
    return this.#length(s);
  }

  #faceOf(terms: readonly number[]): Face {
    const inner = terms.map((i) => terms.map((j) => this.#gram[i]![j]!));
    return { terms, inverse: Float64Array.from(inverseOf(inner).flat()) };
  }

  /**
   * The first term that keeps the optimum from lying inside this face (the conditions of Karush, Kuhn and Tucker): one of it
   * that counts against it, or another that is missing. −1 when there is none; then the coefficients are those of the optimum.
   */
  #misplaced({ terms, inverse: inverted }: Face, s: Float64Array): number {
    const c = this.coefficients;
    const size = terms.length;
    c.fill(0);
    for (let i = 0; i < size; i++) {
      let value = 0;
      for (let j = 0; j < size; j++) value += inverted[i * size + j]! * s[terms[j]!]!;
      c[terms[i]!] = value;
    }
    for (let i = 0; i < c.length; i++) {
      if (c[i]! < 0) return i;
      if (c[i]! > 0) continue;
      const row = this.#gram[i]!;
      let slope = s[i]!;
      for (let j = 0; j < size; j++) slope -= row[terms[j]!]! * c[terms[j]!]!;
      if (slope > 1e-7) return i;
    }
    return -1;
  }

  /** Minimises `cᵀTc − 2cᵀs` over `c ≥ 0`, one coordinate after the other. @returns whether it arrived */
  #descend(s: Float64Array): boolean {
    const c = this.coefficients;
    c.fill(0);
    for (let sweep = 0; sweep < SWEEPS; sweep++) {
      let moved = 0;
      for (let i = 0; i < c.length; i++) {
        const row = this.#gram[i]!;
        let slope = s[i]!;
        for (let j = 0; j < c.length; j++) slope -= row[j]! * c[j]!;
        const next = Math.max(0, c[i]! + slope / (row[i]! + RIDGE));
        moved = Math.max(moved, Math.abs(next - c[i]!));
        c[i] = next;
      }
      if (moved < PRECISION) return true;
    }
    return false;
  }

  /** At the optimum `cᵀTc = cᵀs`. */
  #length(s: Float64Array): number {
    let square = 0;
    for (let i = 0; i < s.length; i++) square += this.coefficients[i]! * s[i]!;
    return Math.sqrt(Math.max(0, square));
  }
}
