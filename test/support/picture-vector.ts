import { decode, inspect, type Size } from '../../app/media/decode.ts';
import type { ImageTower } from '../../app/embed/image-tower.ts';
import type { Model } from '../../app/embed/model.ts';
import { cropFor, detailedSize } from '../../app/embed/preprocessing.ts';
import { reducedSize } from '../../app/media/reduced.ts';

/** The vector that indexing gives a picture; `decodedTo` may ask for another size than indexing decodes to. */
export const pictureVector = async (
  bytes: Buffer<ArrayBuffer>,
  model: Model,
  tower: ImageTower,
  decodedTo?: (picture: Size) => Size,
): Promise<Float32Array> => {
  const picture = await inspect(bytes);
  const needed = detailedSize(picture, model.preprocessing);
  const reduced = reducedSize(picture);
  const size = decodedTo?.(picture) ?? (needed.width > reduced.width ? needed : reduced);
  const pixels = await decode(picture, size);
  return tower.embed([await cropFor(model.preprocessing, pixels, picture)]);
};

/** Cosine of unit vectors. */
export const cosine = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += a[index]! * b[index]!;
  return sum;
};
