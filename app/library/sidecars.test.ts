import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sidecarNameFor, sidecarsIn } from './sidecars.ts';

/** For each photo, its sidecars. */
const found = (...names: readonly string[]): Record<string, readonly string[]> => Object.fromEntries(sidecarsIn(names));

describe('XMP', () => {
  it('belongs to the file it is named after, or to all of its stem', () => {
    expect(found('a.jpg', 'a.jpg.xmp', 'b.CR2', 'b.JPG', 'B.XMP', 'c.jpg')).toEqual({
      'a.jpg': ['a.jpg.xmp'],
      'b.CR2': ['B.XMP'],
      'b.JPG': ['B.XMP'],
    });
  });

  it('of the file itself goes first', () => {
    expect(found('a.xmp', 'a.jpg.xmp', 'a.jpg', 'a.nef')).toEqual({
      'a.jpg': ['a.jpg.xmp', 'a.xmp'],
      'a.nef': ['a.xmp'],
    });
  });

  it('is found however a disk writes accents', () => {
    expect(found('été.jpg', 'ÉTÉ.XMP'.normalize('NFD'))).toEqual({ 'été.jpg': ['ÉTÉ.XMP'.normalize('NFD')] });
  });
});

describe('JSON of Google Takeout', () => {
  const long = 'abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstu';
  it.each([
    ['a.jpg', 'a.jpg.json'],
    ['a.jpg', 'A.JPG.JSON'],
    ['a.jpg', 'a.jpg.supplemental-metadata.json'],
    ['a.jpg', 'a.jpg.supplemental-meta.json'],
    ['a.jpg', 'a.jpg.suppl.json'],
    ['a.jpg', 'a.jpg.s.json'],
    ['a.jpg', 'a.jpg..json'],
    ['a(1).jpg', 'a.jpg(1).json'],
    ['a(1).jpg', 'a.jpg.supplemental-metadata(1).json'],
    ['a(12).jpg', 'a.jpg.supplemental-me(12).json'],
    ['a(1).jpg', 'a(1).jpg.json'],
    ['a-edited.jpg', 'a.jpg.json'],
    ['a-bearbeitet.jpg', 'a.jpg.supplemental-metadata.json'],
    ['a-edited(1).jpg', 'a.jpg(1).json'],
    ['a-modifié.jpg'.normalize('NFD'), 'a.jpg.json'],
    [`${long}.jpg`, `${long.slice(0, 46)}.json`],
    [`${long}(3).jpg`, `${long.slice(0, 46)}(3).json`],
    ['a.jpg', 'a.json'],
  ])('%s is described by %s', (photo, json) => {
    expect(found(photo, json, 'other.jpg')).toEqual({ [photo]: [json] });
  });

  it.each([
    ['metadata.jpg', 'metadata.json'],
    ['a.jpg', 'a.jpg(1).json'],
    ['a(1).jpg', 'a.jpg.json'],
    ['a(1).jpg', 'a.jpg(2).json'],
    ['a.jpg', 'a.jpg.supplier.json'],
    ['a.jpg', 'ab.jpg.json'],
    [`${long}.jpg`, `${long.slice(0, 40)}.json`],
    ['a.jpg.json', 'a.jpg.json.xmp'],
  ])('%s is not described by %s', (photo, json) => {
    expect(found(photo, json)).toEqual({});
  });

  it('is the nearest one where several could be', () => {
    expect(found('a.jpg', 'a(1).jpg', 'a-edited.jpg', 'a.jpg.json', 'a.jpg(1).json', 'a-edited.jpg.json')).toEqual({
      'a.jpg': ['a.jpg.json'],
      'a(1).jpg': ['a.jpg(1).json'],
      'a-edited.jpg': ['a-edited.jpg.json'],
    });
  });

  it('is found whatever was cut from it', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-z_]{1,42}$/u),
        fc.constantFrom('', '(1)', '(23)'),
        fc.constantFrom('', '-edited'),
        (stem, number, edited) => {
          const photo = `${stem}${edited}${number}.jpg`;
          const json = `${`${stem}.jpg.supplemental-metadata`.slice(0, 46)}${number}.json`;
          expect(sidecarsIn([photo, json, 'metadata.json']).get(photo)).toEqual([json]);
        },
      ),
    );
  });
});

it.each([
  ['a.jpg', [], 'a.jpg.xmp'],
  ['a.nef', [], 'a.xmp'],
  ['a.jpg', ['a.xmp'], 'a.xmp'],
  ['a.nef', ['a.nef.xmp', 'a.xmp', 'a.jpg'], 'a.nef.xmp'],
  ['a.jpg', ['A.JPG.XMP', 'a.jpg.json'], 'A.JPG.XMP'],
])('words about %s beside %j belong in %s', (photo, names, sidecar) => {
  expect(sidecarNameFor(photo, names)).toBe(sidecar);
});

it('tells nothing of folders without sidecars, and is not lost in large ones', () => {
  expect(found('a.jpg', 'b.jpg', 'xmp', 'json')).toEqual({});
  const names = Array.from({ length: 20_000 }, (_, index) => [`IMG_${index}.jpg`, `IMG_${index}.jpg.supplement.json`]);
  expect(sidecarsIn(names.flat()).size).toBe(20_000);
});
