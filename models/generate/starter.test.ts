import { readFile } from 'node:fs/promises';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { DIMENSIONS } from './attributes.ts';
import { LEXICON } from './lexicon/index.ts';
import { paint, type Picture } from './pictures.ts';
import { cosine, openTowers, type Towers } from './towers.ts';
import { SIZE } from './vision.ts';

type Vector = readonly number[];

interface Scene {
  readonly picture: Picture;
  /** These find it before all other scenes. */
  readonly words: readonly string[];
  /** These fit too, but may fit another scene better. */
  readonly also: readonly string[];
  readonly wrong: readonly string[];
}

const plain = (colour: string): Picture => ({ rows: [[0, colour]] });

const COLOURS: Readonly<Record<string, Picture>> = {
  black: plain('#0a0a0a'),
  grey: plain('#808080'),
  white: plain('#fafafa'),
  red: plain('#d21f1f'),
  orange: plain('#f58220'),
  brown: plain('#70431f'),
  beige: plain('#dcc7a0'),
  yellow: plain('#ffe02a'),
  green: plain('#2f9a3c'),
  cyan: plain('#35d0cc'),
  blue: plain('#2459d0'),
  purple: plain('#742ba6'),
  pink: plain('#f49ab8'),
  'dark red': plain('#74121a'),
  gold: plain('#d3a01c'),
  olive: plain('#6d6c2e'),
  'dark green': plain('#17421e'),
  teal: plain('#117a7c'),
  'light blue': plain('#a4ccef'),
  navy: plain('#131f4f'),
  lavender: plain('#bba6e4'),
  magenta: plain('#e2108c'),
};

const SCENES: Readonly<Record<string, Scene>> = {
  sunset: {
    picture: {
      rows: [
        [0, '#503a6a'],
        [0.35, '#e8703a'],
        [0.6, '#ffc45a'],
        [0.6, '#1a1210'],
        [1, '#0c0806'],
      ],
    },
    words: ['sunset', 'sunrise', 'orange sky', 'a photo of an orange sunset'],
    also: ['golden hour'],
    wrong: ['snow', 'night', 'blue sky', 'green grass', 'foggy', 'black and white', 'forest', 'high key'],
  },
  meadow: {
    picture: {
      rows: [
        [0, '#4a90e0'],
        [0.5, '#b8d8f4'],
        [0.5, '#5a9a3c'],
        [1, '#3c7a2c'],
      ],
      noise: { amount: 8, cells: 64 },
    },
    words: ['green grass', 'meadow', 'green field under a blue sky', 'summer day', 'golf course'],
    also: ['calm', 'blue sky'],
    wrong: ['sunset', 'night', 'snow', 'foggy', 'desert', 'red sky', 'black and white', 'indoors', 'green sky'],
  },
  snow: {
    picture: {
      rows: [
        [0, '#8cb8ea'],
        [0.4, '#d4e4f4'],
        [0.4, '#f6f9fd'],
        [1, '#e4ecf6'],
      ],
      noise: { amount: 4, cells: 64 },
    },
    words: ['snow', 'snowy mountains', 'ski slope', 'winter', 'white ground', 'bright'],
    also: [],
    wrong: ['sunset', 'night', 'forest', 'desert', 'autumn leaves', 'black and white', 'colourful', 'dark'],
  },
  night: {
    picture: { rows: [[0, '#05060c']], dots: { colour: '#ffd890', share: 0.02, cells: 48 } },
    words: ['night', 'city lights', 'stars', 'dark', 'fireworks'],
    also: ['low key'],
    wrong: ['snow', 'bright', 'high key', 'beach', 'pastel', 'green grass', 'foggy', 'sunny day'],
  },
  fog: {
    picture: {
      rows: [
        [0, '#c6cacd'],
        [1, '#aab0b3'],
      ],
      disc: { colour: '#b0b5b8', radius: 0.15 },
    },
    words: ['foggy', 'misty morning', 'low contrast', 'minimal'],
    also: ['calm'],
    wrong: ['high contrast', 'vivid', 'crowd', 'night', 'sunset', 'forest', 'sharp', 'textured'],
  },
  beach: {
    picture: {
      rows: [
        [0, '#5aa8e8'],
        [0.4, '#bfe0f5'],
        [0.4, '#2f7fb0'],
        [0.55, '#3aa0b8'],
        [0.55, '#e0c898'],
        [1, '#cdae78'],
      ],
      noise: { amount: 6, cells: 64 },
    },
    words: ['beach', 'sandy beaches', 'at the seaside'],
    also: ['coast'],
    wrong: ['forest', 'night', 'sunset', 'street', 'black and white', 'green grass', 'red'],
  },
  forest: {
    picture: {
      rows: [
        [0, '#35502a'],
        [1, '#2a3c1e'],
      ],
      noise: { amount: 40, cells: 60 },
    },
    words: ['forest', 'in the woods', 'dark green', 'trees'],
    also: [],
    wrong: ['beach', 'snow', 'blue sky', 'sunset', 'sea', 'minimal', 'high key', 'red'],
  },
  'grey noise': {
    picture: { rows: [[0, '#808080']], noise: { amount: 110, cells: 40 } },
    words: ['black and white', 'monochrome', 'b&w'],
    also: ['texture', 'detailed'],
    wrong: ['colourful', 'vivid', 'minimal', 'smooth', 'sepia', 'sunset', 'sea', 'blurry'],
  },
  sepia: {
    picture: {
      rows: [
        [0, '#c8a878'],
        [0.5, '#8a6a40'],
        [1, '#4a3420'],
      ],
      noise: { amount: 6, cells: 48 },
    },
    words: ['sepia', 'old photo', 'warm tones', 'one colour'],
    also: ['smooth'],
    wrong: ['black and white', 'colourful', 'cold', 'blue sky', 'snow', 'forest', 'neon'],
  },
  'coloured noise': {
    picture: { rows: [[0, '#808080']], noise: { amount: 125, cells: 40, coloured: true } },
    words: ['colourful', 'busy', 'rainbow', 'vivid', 'cluttered'],
    also: ['texture'],
    wrong: ['black and white', 'minimal', 'empty', 'foggy', 'calm', 'night', 'muted', 'sepia'],
  },
  'red disc': {
    picture: { rows: [[0, '#b8b4ae']], disc: { colour: '#d02020', radius: 0.22 } },
    words: ['red object', 'red flower'],
    also: ['close-up', 'minimal', 'subject in the centre'],
    wrong: ['red sky', 'forest', 'crowd', 'night', 'blue object', 'texture', 'sea', 'landscape'],
  },
  fire: {
    picture: { rows: [[0, '#100606']], disc: { colour: '#ff8a1a', radius: 0.2 } },
    words: ['fire', 'candle', 'halloween'],
    also: ['orange light', 'black background', 'close-up'],
    wrong: ['snow', 'blue sky', 'bright', 'sea', 'green grass', 'pastel', 'orange sky'],
  },
  silhouette: {
    picture: {
      rows: [
        [0, '#f4f0e6'],
        [0.6, '#fff8ea'],
        [0.6, '#060606'],
      ],
      disc: { colour: '#050505', radius: 0.14 },
    },
    words: ['silhouette', 'backlit', 'high contrast'],
    also: [],
    wrong: ['low contrast', 'forest', 'sea', 'colourful', 'green grass', 'blurry', 'pastel'],
  },
  sea: {
    picture: {
      rows: [
        [0, '#9cc8ee'],
        [0.35, '#d0e6f6'],
        [0.35, '#2a5f96'],
        [1, '#1f4f86'],
      ],
      noise: { amount: 8, cells: 48 },
    },
    words: ['sea', 'ocean', 'blue water', 'cool tones'],
    also: ['horizon'],
    wrong: ['desert', 'fire', 'forest', 'sunset', 'black and white', 'warm', 'night', 'indoors'],
  },
};

let towers: Towers;
const colours = new Map<string, Vector>();
const scenes = new Map<string, Vector>();

/** As the program does it: any size, squashed to the tower's with a bicubic filter. */
async function embed(picture: Picture): Promise<Vector> {
  const raw = { width: 320, height: 240, channels: 3 } as const;
  const resized = sharp(paint(picture, raw.width, raw.height), { raw }).resize(SIZE, SIZE, {
    fit: 'fill',
    kernel: 'cubic',
  });
  return towers.picture(await resized.raw().toBuffer());
}

async function best(word: string, pictures: ReadonlyMap<string, Vector>): Promise<string> {
  const text = await towers.text(word);
  const scored = [...pictures].map(([name, vector]) => ({ name, score: cosine(text, vector) }));
  return scored.reduce((first, other) => (other.score > first.score ? other : first)).name;
}

beforeAll(async () => {
  towers = await openTowers();
  for (const [name, picture] of Object.entries(COLOURS)) colours.set(name, await embed(picture));
  for (const [name, { picture }] of Object.entries(SCENES)) scenes.set(name, await embed(picture));
});

describe('colours', () => {
  test.each(Object.keys(COLOURS))('%s finds its colour first', async (name) => {
    expect(await best(name, colours)).toBe(name);
  });

  test.each(Object.keys(COLOURS))('a picture all in %s is called that before any other colour', async (name) => {
    const texts = new Map<string, Vector>();
    for (const other of colours.keys()) texts.set(other, await towers.text(other));
    const scored = [...texts].map(([word, text]) => ({ word, score: cosine(text, colours.get(name)!) }));
    expect(scored.sort((a, b) => b.score - a.score)[0]?.word).toBe(name);
  });
});

describe.each(Object.entries(SCENES))('%s', (name, { words, also, wrong }) => {
  test.each(words)('"%s" finds it first', async (word) => {
    expect(await best(word, scenes)).toBe(name);
  });

  test.each([...words, ...also])('"%s" fits better than what is wrong', async (word) => {
    const fit = cosine(await towers.text(word), scenes.get(name)!);
    for (const other of wrong) expect(fit, other).toBeGreaterThan(cosine(await towers.text(other), scenes.get(name)!));
  });
});

test('look-alikes: a picture is closest to itself in other light and grain', async () => {
  for (const [name, { picture }] of Object.entries(SCENES)) {
    const changed = await embed({ ...picture, noise: { amount: 12, cells: 50, ...picture.noise } });
    const nearest = [...scenes].sort(([, a], [, b]) => cosine(b, changed) - cosine(a, changed));
    expect(nearest[0]?.[0]).toBe(name);
  }
});

describe('unknown and empty', () => {
  test('words around a known one change nothing', async () => {
    expect(await towers.text('a photo of snow')).toEqual(await towers.text('snow'));
  });

  test.each(['', 'zyzzyva qwertz', '!?', '雪'])('"%s" has a vector that is like no picture', async (text) => {
    const vector = await towers.text(text);
    expect(Math.hypot(...vector)).toBeCloseTo(1);
    for (const picture of [...scenes.values(), ...colours.values()]) expect(cosine(vector, picture)).toBe(0);
  });

  test.each(['#000000', '#ffffff', '#7f7f7f', '#0000ff'])('a picture all in %s has a finite vector', async (colour) => {
    const vector = await embed(plain(colour));
    expect(vector).toHaveLength(DIMENSIONS);
    expect(Math.hypot(...vector)).toBeCloseTo(1);
  });

  test('every lexeme means something', async () => {
    for (const { forms } of LEXICON) expect(Math.abs((await towers.text(forms[0]!)).at(-1)!)).toBeLessThan(0.02);
  });
});

describe('batches', () => {
  const open = async (name: string): Promise<InferenceSession> =>
    InferenceSession.create(await readFile(new URL(`../starter/onnx/${name}.onnx`, import.meta.url)));
  const floats = (output: Tensor | undefined): number[] => Array.from(output?.data as Float32Array); // one float32 output

  test('a picture has the same vector alone and beside others', async () => {
    const session = await open('vision_model');
    const size = 3 * SIZE * SIZE;
    const pixels = Float32Array.from({ length: 3 * size }, (_, index) => (Math.sin(index * 0.01) + 1) / 2);
    const run = async (data: Float32Array): Promise<number[]> => {
      const dims = [data.length / size, 3, SIZE, SIZE];
      return floats((await session.run({ pixel_values: new Tensor('float32', data, dims) })).image_embeds);
    };
    const together = await run(pixels);
    for (let index = 0; index < 3; index++) {
      const alone = await run(pixels.slice(index * size, (index + 1) * size));
      const beside = together.slice(index * DIMENSIONS, (index + 1) * DIMENSIONS);
      expect(cosine(alone, beside) / cosine(alone, alone)).toBeCloseTo(1, 6);
    }
  });

  test('padding does not count', async () => {
    const session = await open('text_model');
    const run = async (ids: readonly number[], mask: readonly number[], sequence: number): Promise<number[]> => {
      const tensor = (values: readonly number[]): Tensor =>
        new Tensor('int64', BigInt64Array.from(values, BigInt), [values.length / sequence, sequence]);
      return floats((await session.run({ input_ids: tensor(ids), attention_mask: tensor(mask) })).text_embeds);
    };
    const [snow, blue] = [towers.ids('snow'), towers.ids('blue sky over the sea')] as const;
    const padding = towers.ids('night fire').slice(0, blue.length - snow.length);
    const mask = [...snow.map(() => 1), ...padding.map(() => 0), ...blue.map(() => 1)];
    const batch = await run([...snow, ...padding, ...blue], mask, blue.length);
    expect(batch.slice(0, DIMENSIONS)).toEqual(await run(snow, snow.map(() => 1), snow.length)); // prettier-ignore
  });
});
