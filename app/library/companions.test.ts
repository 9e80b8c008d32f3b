import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { companionsIn } from './companions.ts';
import { kindOf } from '../media/formats.ts';

const leadsOf = (...names: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries([...companionsIn(names)].map(([name, { lead, kind }]) => [name, `${lead} ${kind}`]));

describe('companionsIn', () => {
  it('gives raw data to the JPEG or HEIC of the same name', () => {
    expect(leadsOf('a.CR2', 'a.jpg', 'b.nef', 'B.JPG', 'c.dng', 'c.HEIC', 'd.ARW')).toEqual({
      'a.CR2': 'a.jpg raw',
      'b.nef': 'B.JPG raw',
      'c.dng': 'c.HEIC raw',
    });
  });

  it('takes neither exports nor other shots for the camera’s own picture', () => {
    expect(leadsOf('a.cr2', 'a.png', 'a.tif', 'a-edited.jpg', 'a.cr2.jpg', 'b.jpg')).toEqual({});
  });

  it('gives the moving part of a live photo to its picture', () => {
    expect(leadsOf('IMG_1.HEIC', 'IMG_1.MOV', 'IMG_E1.HEIC', 'IMG_E1.MOV', 'IMG_2.JPG', 'IMG_2.mov', 'f.mov')).toEqual({
      'IMG_1.MOV': 'IMG_1.HEIC live',
      'IMG_E1.MOV': 'IMG_E1.HEIC live',
      'IMG_2.mov': 'IMG_2.JPG live',
    });
  });

  it('knows how Google names moving parts', () => {
    expect(
      leadsOf(
        'PXL_1.MP.jpg',
        'PXL_1.MP',
        'MVIMG_2.jpg',
        'MVIMG_2.MP',
        'IMG_3.HEIC',
        'IMG_3.MP4',
        'IMG_4.jpg',
        'IMG_4.MP4',
      ),
    ).toEqual({
      'PXL_1.MP': 'PXL_1.MP.jpg live',
      'MVIMG_2.MP': 'MVIMG_2.jpg live',
      'IMG_3.MP4': 'IMG_3.HEIC live',
      'IMG_4.MP4': 'IMG_4.jpg live',
    });
    expect(leadsOf('PXL_5.RAW-01.COVER.jpg', 'PXL_5.RAW-02.ORIGINAL.dng')).toEqual({
      'PXL_5.RAW-02.ORIGINAL.dng': 'PXL_5.RAW-01.COVER.jpg raw',
    });
  });

  it('leaves a film beside its poster a film', () => {
    expect(leadsOf('holiday.mp4', 'holiday.jpg', 'trip.mkv', 'trip.jpg')).toEqual({});
  });

  it('is one shot whatever the number of its files, led by the likelier original', () => {
    expect(leadsOf('IMG_1.JPG', 'IMG_1.MOV', 'IMG_1.HEIC', 'IMG_1.DNG')).toEqual({
      'IMG_1.MOV': 'IMG_1.HEIC live',
      'IMG_1.DNG': 'IMG_1.HEIC raw',
    });
  });

  it('joins names whose accents are written differently', () => {
    expect(leadsOf('Cafe\u0301.CR2', 'Caf\u00E9.jpg')).toEqual({ 'Cafe\u0301.CR2': 'Caf\u00E9.jpg raw' });
  });

  const name = fc
    .tuple(
      fc.constantFrom('a', 'A', 'IMG_1', 'PXL_1.MP', ''),
      fc.constantFrom('jpg', 'JPG', 'heic', 'cr2', 'DNG', 'mov', 'mp4', 'MP', 'png', 'xmp'),
    )
    .map(([stem, extension]) => `${stem}.${extension}`);

  it('does not depend on the order of the names, and leads are no companions', () => {
    fc.assert(
      fc.property(fc.uniqueArray(name), fc.func(fc.integer()), (names, shuffle) => {
        const companions = companionsIn(names);
        const other = companionsIn(names.toSorted((one, two) => shuffle(one) - shuffle(two)));
        expect(new Map(other)).toEqual(companions);
        for (const [companion, { lead }] of companions) {
          expect(names).toContain(lead);
          expect(companions.has(lead)).toBe(false);
          expect(kindOf(lead)).toBe('picture');
          expect(kindOf(companion)).not.toBe('picture');
        }
      }),
    );
  });
});
