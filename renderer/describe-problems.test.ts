import { expect, it } from 'vitest';
import { describeProblems } from './describe-problems.ts';

it.each([
  [0, 0, null],
  [1, 0, '1 file could not be read'],
  [0, 2, '2 files could not be read in full'],
  [3, 1, '3 files could not be read, 1 not in full'],
])('says of %i failed and %i incomplete files: %s', (failed, incomplete, said) => {
  expect(describeProblems({ name: '', directory: '', photos: 0, failed, incomplete })).toBe(said);
});
