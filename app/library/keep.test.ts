import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isNamedAsCopy, keepFirst, kept, type Candidate } from './keep.ts';

const file = (path: string, facts: Partial<Candidate> = {}): Candidate => ({
  path,
  bytes: 1000,
  width: 400,
  height: 300,
  sharpness: 100,
  isMarked: false,
  holdsMore: false,
  ...facts,
});
const best = (...files: Candidate[]): string | undefined => keepFirst(files)[0]?.path;

describe('keepFirst', () => {
  it('keeps what the person marked, then pixels, a sharp picture, bytes, and the name that is no copy', () => {
    const large = file('large.jpg', { width: 800 });
    expect(best(large, file('favourite.jpg', { isMarked: true, bytes: 10 }))).toBe('favourite.jpg');
    expect(best(file('a.jpg', { bytes: 9000, sharpness: 900 }), large)).toBe('large.jpg');
    expect(best(file('shaken.jpg', { sharpness: 40, bytes: 9000 }), file('sharp.jpg'))).toBe('sharp.jpg');
    expect(best(file('a.jpg'), file('b.jpg', { bytes: 2000 }))).toBe('b.jpg');
    expect(best(file('a (1).jpg'), file('b.jpg'))).toBe('b.jpg');
    expect(best(file('b.jpg'), file('a.jpg'))).toBe('a.jpg');
  });

  it('does not take the traces of compression for sharpness', () => {
    const original = file('original.jpg', { bytes: 5000 });
    expect(best(file('compressed.jpg', { sharpness: 150, bytes: 900 }), original)).toBe('original.jpg');
  });

  it('keeps raw data, and the picture that it belongs to, before larger pictures', () => {
    const developed = file('a.jpg', { width: 6000, bytes: 9000 });
    expect(best(developed, file('b.nef', { holdsMore: true }))).toBe('b.nef');
  });

  it('does not depend on the order of the files', () => {
    const facts = fc.record({
      path: fc.constantFrom('a.jpg', 'a (1).jpg', 'b.jpg', 'copy of c.jpg', 'd.jpg'),
      bytes: fc.constantFrom(1, 2),
      width: fc.constantFrom(10, 20),
      height: fc.constantFrom(10, 20),
      sharpness: fc.constantFrom(1, 2, 3, 9),
      isMarked: fc.boolean(),
      holdsMore: fc.boolean(),
    });
    const files = fc.uniqueArray(facts, { selector: ({ path }) => path, minLength: 1 });
    fc.assert(
      fc.property(files, (some) => {
        expect(keepFirst(some.toReversed())).toEqual(keepFirst(some));
        expect(keepFirst(some)).toHaveLength(some.length);
      }),
    );
  });
});

describe('kept', () => {
  const raw = file('b.nef', { holdsMore: true });
  const names = (...files: Candidate[]): string[] => [...kept(keepFirst(files))].map(({ path }) => path);

  it('is one file, and raw data beside a picture that was chosen', () => {
    expect(names(file('a.jpg'), file('c.jpg'))).toEqual(['a.jpg']);
    expect(names(file('a.jpg'), raw, file('c.nef', { holdsMore: true }))).toEqual(['b.nef']);
    expect(names(file('a.jpg', { isMarked: true }), raw, file('c.jpg'))).toEqual(['a.jpg', 'b.nef']);
  });
});

describe('isNamedAsCopy', () => {
  it.each([
    '/photos/IMG_1 (1).jpg',
    'C:\\photos\\IMG_1 - Copy.jpg',
    '/photos/IMG_1 copy 2.jpg',
    '/photos/Copy of IMG_1.jpg',
    '/photos/Kopie von IMG_1.jpg',
    '/photos/IMG_1-edited.jpg',
    '/photos/IMG_1_edited(2).jpg',
  ])('knows %s', (path) => expect(isNamedAsCopy(path)).toBe(true));

  it.each([
    '/copy/IMG_1.jpg',
    '/photos (1)/IMG_1.jpg',
    '/photos/copyright.jpg',
    '/photos/photocopy.jpg',
    '/photos/IMG_2041.jpg',
    '/photos/Party (at home).jpg',
  ])('leaves %s alone', (path) => expect(isNamedAsCopy(path)).toBe(false));
});
