import { DIMENSIONS } from './attributes.ts';
import { paint, type Picture } from './pictures.ts';
import { cosine, openTowers } from './towers.ts';
import { SIZE } from './vision.ts';

const TEXTS = [
  'red',
  'blue sky',
  'black and white',
  'a photo of snow',
  'Dark-red sunset over the sea',
  'green grass under a blue sky',
  'foggy forest',
  'close-up',
  'a zyzzyva qwertz',
  '',
];

const PICTURES: readonly Picture[] = [
  {
    rows: [
      [0, '#c8201c'],
      [1, '#c8201c'],
    ],
  },
  {
    rows: [
      [0, '#4a90e0'],
      [0.5, '#b8d8f4'],
      [0.5, '#5a9a3c'],
      [1, '#3c7a2c'],
    ],
  },
  {
    rows: [
      [0, '#503a6a'],
      [0.35, '#e8703a'],
      [0.6, '#ffc45a'],
      [0.6, '#1a1210'],
      [1, '#0c0806'],
    ],
  },
  {
    rows: [
      [0, '#808080'],
      [1, '#808080'],
    ],
    noise: { amount: 100, cells: 40 },
  },
  {
    rows: [
      [0, '#d8d8d4'],
      [1, '#c4c4c0'],
    ],
    disc: { colour: '#e08020', radius: 0.2 },
    noise: { amount: 30, cells: 64, coloured: true },
  },
];

/** `golden.json`: texts and pictures with the vectors that a right installation gives for them. */
export async function goldenJson(): Promise<object> {
  const towers = await openTowers();
  const texts = await Promise.all(
    TEXTS.map(async (text) => ({ text, ids: towers.ids(text), vector: await towers.text(text) })),
  );
  const images = await Promise.all(
    PICTURES.map(async (picture) => ({ picture, vector: await towers.picture(paint(picture, SIZE, SIZE)) })),
  );
  return {
    about: `unit vectors, onnxruntime-node on the CPU; pictures are painted at ${SIZE} x ${SIZE} by models/generate/pictures.ts, pixels exactly as fed, before rescale`,
    dim: DIMENSIONS,
    texts: texts.map((text) => ({ ...text, vector: text.vector.map(rounded) })),
    images: images.map((image) => ({ ...image, vector: image.vector.map(rounded) })),
    cosine_text_x_image: texts.map((text) => images.map((image) => rounded(cosine(text.vector, image.vector)))),
  };
}

function rounded(value: number): number {
  // Adding 0 turns -0 into 0.
  return Math.round(value * 1e6) / 1e6 + 0;
}
