import type { FileRow, PhotoRow, VectorRow } from '../../app/store/rows.ts';
import type { KnownRows } from '../../app/store/store.ts';

/** Length of the vectors below. */
export const DIMENSION = 4;

/** Rows with something in every column, to be varied. */
export const photo: PhotoRow = {
  photoId: 'p1',
  contentHash: 'c1',
  pixelHash: 'x1',
  width: 30,
  height: 20,
  mime: 'image/jpeg',
  phash: '00ff00ff00ff00ff',
  sharpness: 12.5,
  seconds: null,
  metadata: {
    takenAt: 1_700_000_000_000,
    takenAtSource: 'exif',
    takenAtOffset: -210,
    camera: "O'Brien 1",
    lens: null,
    exposure: null,
    iso: 400,
    aperture: 2.8,
    exposureSeconds: 0.004,
    focalLength: null,
    latitude: -33.5,
    longitude: null,
    rating: 4,
    keywords: ['sea', '海'],
    title: null,
    description: 'two\nlines',
  },
};
export const file: FileRow = {
  fileId: 'f1',
  rootId: 'r',
  relPath: "it's\n😀.jpg",
  size: 5e9,
  mtime: 1.5,
  device: '18446744073709551615',
  inode: '9',
  contentHash: 'c1',
  photoId: 'p1',
  failure: null,
  leftOut: null,
  groupId: 'f0',
  sidecars: 'it’s.xmp 12 1.5',
  goneAt: null,
  seenAt: 3,
};
export const failed: FileRow = {
  ...file,
  fileId: 'f2',
  contentHash: null,
  photoId: null,
  failure: { kind: 'truncated', message: 'ends early' },
};
export const vector = Float32Array.of(0.5, -0.5, 0.5, -0.5);
export const picture = (photoId: string, seen: Float32Array = vector): VectorRow => ({
  photoId,
  part: 0,
  at: null,
  vector: seen,
});

/** A store that holds none of the rows that are written, or all of them. */
export const none: KnownRows = { vector: () => false, photo: () => false, file: () => false };
export const all: KnownRows = { vector: () => true, photo: () => true, file: () => true };
