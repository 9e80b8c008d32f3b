import { describe, expect, it } from 'vitest';
import type { Duplicate } from '../../../app/contract/index.ts';
import { describeSharpness, describeTime } from './describe.ts';

const file = (sharpness: number, takenAt: number | null = null): Duplicate => ({
  id: '0123456789abcdef',
  fileId: String(sharpness),
  path: '/photos/a.jpg',
  width: 40,
  height: 30,
  bytes: 1000,
  takenAt,
  sharpness,
  keep: false,
  offline: false,
  favourite: false,
  seconds: null,
});

describe('describeSharpness', () => {
  const said = (...sharpness: number[]): (string | null)[] => {
    const group = sharpness.map((value) => file(value));
    return group.map((one) => describeSharpness(one, group));
  };

  it('says which are blurred only where it can be seen', () => {
    expect(said(100, 90, 60)).toEqual([null, null, null]);
    expect(said(100, 90, 40)).toEqual(['Sharpest', null, 'Less sharp']);
  });

  it('says nothing of photos that were not measured', () => {
    expect(said(100, 0)).toEqual([null, null]);
    expect(said(0, 0)).toEqual([null, null]);
  });
});

describe('describeTime', () => {
  it('tells photos of a burst apart', () => {
    const at = Date.UTC(2024, 5, 1, 12);
    expect(describeTime(file(1, at))).not.toBe(describeTime(file(1, at + 1000)));
    expect(describeTime(file(1))).toBe('');
  });
});
