import { dot, normalise } from './vector.ts';

/** Photos under which a library's own mean is not yet trusted alone. */
const TRUSTED_PHOTOS = 5000;

/**
 * The mean that image vectors are centred on: the library's own, shrunk to the model's prior below 5,000 photos.
 *
 * @param mean of the library's vectors, `[d]`
 * @param photos how many they are
 * @param prior what the model's vectors usually average to, `[d]`
 */
export const shrunkMean = (mean: Float32Array, photos: number, prior: Float32Array): Float32Array => {
  const trust = Math.min(1, photos / TRUSTED_PHOTOS);
  return mean.map((value, i) => trust * value + (1 - trust) * prior[i]!);
};

/** `norm(v − μ)`, `[d]`. */
export const centred = (vector: Float32Array, mean: Float32Array): Float32Array =>
  normalise(vector.map((value, i) => value - mean[i]!));

/**
 * A column against centred photos from columns against the photos as they are, so that no vector is stored twice:
 * `⟨t̂, norm(v − μ)⟩ = (⟨t̂, v⟩ − ⟨t̂, μ⟩) / √(1 − 2⟨μ, v⟩ + ‖μ‖²)`.
 *
 * @param column `⟨t̂, v⟩`, `[N]`
 * @param alongMean `⟨μ, v⟩`, `[N]`
 */
export const centreColumn = (
  column: Float32Array,
  term: Float32Array,
  mean: Float32Array,
  alongMean: Float32Array,
): Float32Array => {
  const offset = dot(term, mean);
  const square = dot(mean, mean);
  return column.map((value, row) => (value - offset) / Math.sqrt(Math.max(1e-6, 1 - 2 * alongMean[row]! + square)));
};
