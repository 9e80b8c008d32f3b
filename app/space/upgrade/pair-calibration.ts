/** `s' = slope · s + offset`. */
export interface PairCalibration {
  readonly slope: number;
  readonly offset: number;
}

/** Pairs under which nothing is told about a spread. */
const FEWEST = 8;
const MOST_STRETCHED = 2;
const SMALLEST_SPREAD = 1e-6;

const momentsOf = (values: Float32Array): readonly [mean: number, spread: number] => {
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / Math.max(1, values.length);
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  return [mean, Math.sqrt(squares / Math.max(1, values.length))];
};

/**
 * What to do to a term's similarities with mapped vectors, so that photos do not outrank each other merely for being true
 * or mapped. The means are made equal; the spread goes half the way (in its logarithm), because part of what mapped
 * similarities lack in spread they lack for knowing less: with all the way made good, mapped photos win too rarely, without
 * any, too often (docs/upgrade.md).
 *
 * @param trueSims of the term with held-out photos' true vectors, `[n]`
 * @param mappedSims of the same with their mapped vectors, `[n]`
 * @returns slope 1 and offset 0 where nothing can be told
 */
export const pairCalibration = (trueSims: Float32Array, mappedSims: Float32Array): PairCalibration => {
  if (trueSims.length < FEWEST) return { slope: 1, offset: 0 };
  const [trueMean, trueSpread] = momentsOf(trueSims);
  const [mappedMean, mappedSpread] = momentsOf(mappedSims);
  const isTold = trueSpread > SMALLEST_SPREAD && mappedSpread > SMALLEST_SPREAD;
  const ratio = isTold ? Math.sqrt(trueSpread / mappedSpread) : 1;
  const slope = Math.min(MOST_STRETCHED, Math.max(1 / MOST_STRETCHED, ratio));
  return { slope, offset: trueMean - slope * mappedMean };
};
