/**
 * Whether all of test/hostile runs, as in `npm run test:faults`. In `npm test` a sample of each kind does, in a minute; what is
 * not part of it is not even listed as skipped.
 */
export const isWhole = process.env.AFTERIMAGE_HOSTILE === 'whole';

/** The first few of a list of cases; all of them where all of test/hostile runs. */
export const sampleOf = <T>(cases: readonly T[], count: number): readonly T[] =>
  isWhole ? cases : cases.slice(0, count);
