/** `⟨a, b⟩`; both `[d]`. */
export const dot = (a: Float32Array, b: Float32Array): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
};

/** The unit vector in a vector's direction, `[d]`; the zero vector stays what it is. */
export const normalise = (vector: Float32Array): Float32Array => {
  const length = Math.sqrt(dot(vector, vector));
  return length > 0 ? vector.map((value) => value / length) : vector.slice();
};

/** Σ weights_i · vectors_i, `[d]`; at least one vector. */
export const weightedSum = (vectors: readonly Float32Array[], weights: readonly number[]): Float32Array => {
  const sum = new Float32Array(vectors[0]?.length ?? 0);
  for (const [index, vector] of vectors.entries()) {
    const weight = weights[index] ?? 0;
    for (let i = 0; i < sum.length; i++) sum[i]! += weight * vector[i]!;
  }
  return sum;
};

/** Mean of vectors `[n × d]` row-major, `[d]`. */
export const meanOf = (vectors: Float32Array, dimension: number): Float32Array => {
  const sum = new Float64Array(dimension);
  for (let i = 0; i < vectors.length; i++) sum[i % dimension]! += vectors[i]!;
  return Float32Array.from(sum, (value) => (value * dimension) / Math.max(1, vectors.length));
};

/** Unit vector of the mean of unit vectors, `[d]`. */
export const meanDirection = (vectors: readonly Float32Array[]): Float32Array =>
  normalise(
    weightedSum(
      vectors,
      vectors.map(() => 1),
    ),
  );

/** Below this sine two directions are so near (or so opposite) that the arc between them is not defined well. */
const SMALLEST_SINE = 1e-3;

/**
 * The point at share `at` of the arc between two unit vectors, `[d]`, itself a unit vector: 0 is `from`, 1 is `to`. Where
 * they (nearly) coincide or oppose each other, the renormalised straight line.
 *
 * @see Shoemake, Animating rotation with quaternion curves, 1985
 */
export const slerp = (from: Float32Array, to: Float32Array, at: number): Float32Array => {
  const cosine = Math.min(1, Math.max(-1, dot(from, to)));
  const angle = Math.acos(cosine);
  const sine = Math.sin(angle);
  const weights =
    sine < SMALLEST_SINE ? [1 - at, at] : [Math.sin((1 - at) * angle) / sine, Math.sin(at * angle) / sine];
  return normalise(weightedSum([from, to], weights));
};

/** Gram matrix `T_ij = ⟨vectors_i, vectors_j⟩`, `[k × k]`. */
export const gramOf = (vectors: readonly Float32Array[]): number[][] =>
  vectors.map((a) => vectors.map((b) => dot(a, b)));

/** Vectors one after the other, `[n × d]` row-major. */
export const concatenate = (vectors: readonly Float32Array[]): Float32Array => {
  const dimension = vectors[0]?.length ?? 0;
  const stacked = new Float32Array(vectors.length * dimension);
  for (const [index, vector] of vectors.entries()) stacked.set(vector, index * dimension);
  return stacked;
};
