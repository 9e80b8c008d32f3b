import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/support/command-line.ts';
import { FirstPage } from './first-page.ts';

const photo = (number: number) => ({
  id: number.toString(16).padStart(16, '0'),
  width: 3,
  height: 2,
  offline: false,
  favourite: false,
  seconds: null,
});

let home = '';
let remove: () => Promise<void>;
beforeAll(async () => {
  [home, remove] = await temporaryFolder();
});
afterAll(() => remove());

describe('FirstPage', () => {
  it('says again what the engine said, in the next run too, and only of the top of the library', async () => {
    const path = join(home, 'first-page.json');
    const photos = Array.from({ length: 1000 }, (_, index) => photo(index));
    const file = { path: '/thumbnails/00/0.jpg', mime: 'image/jpeg' };
    const before = await FirstPage.read(path, '/library');
    expect(before.answer('photos.page', {})).toBeUndefined();
    before.note('photos.page', { offset: 0 }, { total: 5000, photos });
    before.note('photos.page', { offset: 1000 }, { total: 5000, photos: [photo(1)] });
    before.note('photos.file', { id: photo(0).id, as: 'thumbnail' }, file);
    // Far down, and not a thumbnail.
    before.note('photos.file', { id: photo(900).id, as: 'thumbnail' }, file);
    before.note('photos.file', { id: photo(1).id, as: 'view' }, file);
    await before.save();
    const after = await FirstPage.read(path, '/library');
    expect(after.answer('photos.page', { limit: 3 })).toEqual({ total: 5000, photos: photos.slice(0, 3) });
    expect(after.answer('photos.page', {})?.photos).toHaveLength(400);
    expect(after.answer('photos.page', { offset: 400 })).toBeUndefined();
    expect(after.answer('photos.file', { id: photo(0).id, as: 'thumbnail' })).toEqual(file);
    for (const [number, as] of [
      [0, 'original'],
      [1, 'view'],
      [900, 'thumbnail'],
    ] as const)
      expect(after.answer('photos.file', { id: photo(number).id, as })).toBeUndefined();
    if (process.platform !== 'win32') expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('knows nothing of another library, or from a damaged file', async () => {
    const path = join(home, 'first-page.json');
    expect((await FirstPage.read(path, '/other')).answer('photos.page', {})).toBeUndefined();
    await writeFile(path, '{');
    expect((await FirstPage.read(path, '/library')).answer('photos.page', {})).toBeUndefined();
  });
});
