import { expect, it } from 'vitest';
import { memoryToLoad } from './load-memory.ts';

it.each([
  [0, 'cpu', 16e9, 2e9],
  [500e6, 'cpu', 16e9, 5e9],
  [500e6, 'cuda', 16e9, 11e9],
  [16e9, 'cpu', 16e9, 12e9],
  [16e9, 'cuda', 4e9, 3e9],
])('a model of %d bytes on %s of a computer with %d bytes may take %d', (bytesOnDisk, provider, total, most) => {
  expect(memoryToLoad({ bytesOnDisk }, provider, total)).toBe(most);
});
