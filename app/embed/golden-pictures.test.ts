import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { GOLDEN_COUNT, goldenPictures } from './golden-pictures.ts';

const size = { width: 32, height: 24 };

it('are the same on every computer', () => {
  const hash = createHash('sha256');
  for (const picture of goldenPictures(size)) hash.update(picture);
  expect(hash.digest('hex')).toMatchInlineSnapshot(
    `"77b2e5d8ac22c67516f217de7f1c7f43809e9b36c2208ea0b3a39161b8b66b51"`,
  );
});

it('differ from each other, and are not plain', () => {
  const pictures = goldenPictures(size);
  expect(pictures).toHaveLength(GOLDEN_COUNT);
  expect(GOLDEN_COUNT).toBeGreaterThanOrEqual(5);
  expect(new Set(pictures.map((picture) => Buffer.from(picture).toString('base64'))).size).toBe(GOLDEN_COUNT);
  for (const picture of pictures) {
    expect(picture).toHaveLength(size.width * size.height * 3);
    expect(new Set(picture).size).toBeGreaterThan(12);
    expect(Math.max(...picture) - Math.min(...picture)).toBeGreaterThan(100);
  }
});
