import { join } from 'node:path';
import { libraryPaths } from '../../app/store/manifest.ts';
import { librarySize } from '../../app/store/size.ts';
import { Store } from '../../app/store/store.ts';
import { file, none, photo } from './rows.ts';

const PHOTOS_PER_BATCH = 2;
const DIMENSION = 64;

/** @returns bytes of a store that was written in so many batches and then left to itself */
const sizeAfter = async (directory: string, batches: number, photos: number): Promise<number> => {
  const store = await Store.open(join(directory, 'database'));
  await store.useVectors('m', DIMENSION);
  const each = photos / batches;
  for (let batch = 0; batch < batches; batch++) {
    const some = Array.from({ length: each }, (_, index) => batch * each + index);
    await store.commit(
      {
        vectors: some.map((index) => ({
          photoId: `p${String(index)}`,
          part: 0,
          at: null,
          vector: Float32Array.from({ length: DIMENSION }, (_, i) => Math.sin(index * 31 + i * i)),
        })),
        photos: some.map((index) => ({ ...photo, photoId: `p${String(index)}`, contentHash: `c${String(index)}` })),
        files: some.map((index) => ({
          ...file,
          fileId: `f${String(index)}`,
          photoId: `p${String(index)}`,
          relPath: `IMG_${String(index)}.jpg`,
        })),
      },
      none,
    );
  }
  await store.optimize();
  await store.close();
  return (await librarySize(libraryPaths(directory))).database;
};

/** @returns size of a store after so many small batches, as a multiple of that of one written at once */
export const smallBatches = async (directory: string, batches: number): Promise<number> => {
  const photos = PHOTOS_PER_BATCH * batches;
  const inPieces = await sizeAfter(join(directory, 'in pieces'), batches, photos);
  return inPieces / (await sizeAfter(join(directory, 'at once'), 1, photos));
};
