import { expect, it } from 'vitest';
import type { Progress } from '../../app/contract/index.ts';
import { logoPixels } from './icon.ts';
import { stateLine } from './tray.ts';

const progress: Progress = {
  phase: 'indexing',
  paused: false,
  found: 1200,
  total: 1200,
  done: 34,
  failed: 0,
  photosPerSecond: null,
  secondsLeft: null,
  current: null,
};

it('says in a line how work stands', () => {
  expect(stateLine(progress)).toBe(`Indexing: 34 of ${(1200).toLocaleString()}`);
  expect(stateLine({ ...progress, paused: true })).toMatch(/^Paused: 34/u);
  expect(stateLine({ ...progress, phase: 'scanning' })).toBe('Looking for photos…');
  expect(stateLine({ ...progress, phase: 'idle' })).toBe('Everything is up to date');
});

it('draws the logo: a disc of coral, a ring of teal, and nothing in the corners', () => {
  const size = 64;
  const pixels = logoPixels(size);
  const at = (x: number, y: number): number[] => [...pixels.subarray((y * size + x) * 4, (y * size + x) * 4 + 4)];
  expect(at(24, 32)).toEqual([77, 108, 238, 255]);
  expect(at(59, 32)).toEqual([154, 158, 47, 255]);
  expect(at(0, 0)).toEqual([0, 0, 0, 0]);
});
