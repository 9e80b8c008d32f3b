import fc from 'fast-check';
import { normalise } from '../../app/space/vector.ts';
import { Random } from './scenes/random.ts';

const DIMENSION = 12;

/** So many unit vectors of 12 numbers. */
export const unitVectors = (size: { readonly min: number; readonly max: number }): fc.Arbitrary<Float32Array[]> =>
  fc.tuple(fc.nat(), fc.integer(size)).map(([seed, count]) => {
    const random = new Random(seed);
    return Array.from({ length: count }, () =>
      normalise(Float32Array.from({ length: DIMENSION }, () => random.between(-1, 1))),
    );
  });
