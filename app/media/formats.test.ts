import { describe, expect, it } from 'vitest';
import { isRaw, kindOf } from './formats.ts';

describe('kindOf', () => {
  it.each([
    ['IMG_1.JPG', 'picture'],
    ['a.heic', 'picture'],
    ['a.b.Jxl', 'picture'],
    ['DSC_1.NEF', 'raw'],
    ['a.cr3', 'raw'],
    ['a.MOV', 'video'],
    ['PXL_20210101_120000123.MP', 'video'],
    ['a.jpg.xmp', 'sidecar'],
    ['IMG_1.AAE', 'sidecar'],
    ['figure.mp', null],
    ['a.txt', null],
    ['jpg', null],
    ['.jpg', null],
    ['', null],
    ['a.', null],
  ])('knows %s as %s', (name, kind) => {
    expect(kindOf(name)).toBe(kind);
  });
});

describe('isRaw', () => {
  it('knows names and media types', () => {
    expect(['a.DNG', 'image/x-canon-cr2'].map(isRaw)).toEqual([true, true]);
    expect(['a.jpg', 'image/tiff', 'image/heic', 'video/mp4', 'a.xmp'].some(isRaw)).toBe(false);
  });
});
