import { describe, expect, it } from 'vitest';
import { noise, plain } from '../../test/support/image-files.ts';
import { decode, inspect, type Pixels } from '../media/decode.ts';
import {
  cropFor,
  detailedSize,
  immichPreprocessing,
  levelsOf,
  transformersPreprocessing,
  type Preprocessing,
} from './preprocessing.ts';

const clip = {
  size: { shortest_edge: 224 },
  resample: 3,
  do_center_crop: true,
  crop_size: { height: 224, width: 224 },
  image_mean: [0.48, 0.45, 0.4],
  image_std: [0.26, 0.25, 0.27],
};
const siglip = {
  size: { height: 256, width: 256 },
  resample: 2,
  image_mean: [0.5, 0.5, 0.5],
  image_std: [0.5, 0.5, 0.5],
};

/** Stripes of one pixel per column, so that where a crop lies can be read from it. */
const ramp = (width: number, height: number): Pixels => ({
  data: Uint8Array.from({ length: width * height * 3 }, (_, index) => Math.floor(index / 3) % width),
  width,
  height,
});

describe('preprocessor_config.json', () => {
  it('reads CLIP’s and SigLIP’s', () => {
    expect(transformersPreprocessing.parse(clip)).toMatchObject({
      resize: { shortestEdge: 224 },
      kernel: 'cubic',
      crop: { width: 224, height: 224 },
      rescale: 1 / 255,
    });
    expect(transformersPreprocessing.parse(siglip)).toMatchObject({
      resize: { width: 256, height: 256 },
      kernel: 'linear',
      crop: { width: 256, height: 256 },
    });
  });

  it('reads older files, where sizes are plain numbers', () => {
    expect(transformersPreprocessing.parse({ ...clip, size: 240, crop_size: 224 })).toMatchObject({
      resize: { shortestEdge: 240 },
      crop: { width: 224, height: 224 },
    });
  });

  it('leaves out the steps that are switched off', () => {
    expect(transformersPreprocessing.parse({ ...siglip, do_rescale: false, do_normalize: false })).toMatchObject({
      rescale: 1,
      mean: [0, 0, 0],
      std: [1, 1, 1],
    });
  });

  it.each([
    ['resample', { ...clip, resample: 1 }],
    ['crop_size', { ...clip, crop_size: { height: 256, width: 256 } }],
    ['crop_size', { ...clip, do_center_crop: false }],
    ['do_resize', { ...clip, do_resize: false }],
    ['image_mean', { ...clip, image_mean: [0.5] }],
  ])('names what it cannot do: %s', (field, config) => {
    const { error } = transformersPreprocessing.safeParse(config);
    expect(error?.issues.map((issue) => issue.path[0])).toContain(field);
  });
});

describe('preprocess_cfg.json', () => {
  it('reads Immich’s', () => {
    const config = {
      size: [32, 32],
      mode: 'RGB',
      mean: [0.5, 0.5, 0.5],
      std: [0.5, 0.5, 0.5],
      interpolation: 'bicubic',
      resize_mode: 'shortest',
      fill_color: 0,
    };
    expect(immichPreprocessing.parse(config)).toMatchObject({
      resize: { shortestEdge: 32 },
      kernel: 'cubic',
      crop: { width: 32, height: 32 },
      rescale: 1 / 255,
    });
    expect(immichPreprocessing.parse({ ...config, resize_mode: 'squash' })).toMatchObject({
      resize: { width: 32, height: 32 },
    });
    expect(immichPreprocessing.safeParse({ ...config, resize_mode: 'longest' }).success).toBe(false);
  });
});

describe('cropFor', () => {
  const preprocessing: Preprocessing = {
    ...transformersPreprocessing.parse(clip),
    resize: { shortestEdge: 20 },
    crop: { width: 16, height: 16 },
  };

  it('keeps the centre of what the shortest edge was resized to', async () => {
    const crop = await cropFor(preprocessing, ramp(40, 20), { width: 40, height: 20 });
    expect(crop.length).toBe(16 * 16 * 3);
    expect([crop[0], crop[15 * 3]]).toEqual([12, 27]);
  });

  it('rounds to whole pixels, whatever size the picture was decoded to', async () => {
    // 20 × 311 / 200 is 31.1: 31 columns, of which 8 are cut off on the left and 7 on the right.
    const crop = await cropFor(preprocessing, ramp(31, 20), { width: 311, height: 200 });
    expect([crop[0], crop[15 * 3]]).toEqual([8, 23]);
  });

  it('squashes where the model was trained on squashed pictures', async () => {
    const crop = await cropFor({ ...preprocessing, resize: { width: 16, height: 16 } }, ramp(160, 20), {
      width: 160,
      height: 20,
    });
    expect(crop[0]).toBeLessThan(10);
    expect(crop[15 * 3]).toBeGreaterThan(150);
  });

  it('skips no pixel when it shrinks', async () => {
    const picture = await inspect(Buffer.from(await noise(640, 640).png().toBuffer()));
    const crop = await cropFor(preprocessing, await decode(picture, picture), picture);
    const mean = crop.reduce((sum, level) => sum + level, 0) / crop.length;
    const spread = Math.sqrt(crop.reduce((sum, level) => sum + (level - mean) ** 2, 0) / crop.length);
    // Noise of 30 levels, averaged over the 32 × 32 pixels that each becomes one of.
    expect(spread).toBeLessThan(3);
  });

  it('leaves a picture of the right size as it is', async () => {
    const picture = await inspect(Buffer.from(await noise(20, 20).png().toBuffer()));
    const pixels = await decode(picture, picture);
    const crop = await cropFor({ ...preprocessing, crop: { width: 20, height: 20 } }, pixels, picture);
    expect(Buffer.compare(crop, pixels.data)).toBe(0);
  });
});

describe('detailedSize', () => {
  const photo = { width: 4000, height: 3000 };
  it('is the reduced size for the usual tower, and larger for one that sees more', () => {
    expect(detailedSize(photo, transformersPreprocessing.parse(clip))).toEqual({ width: 512, height: 384 });
    expect(detailedSize(photo, transformersPreprocessing.parse(siglip))).toEqual({ width: 512, height: 384 });
    expect(
      detailedSize(photo, transformersPreprocessing.parse({ ...siglip, size: { height: 384, width: 384 } })),
    ).toEqual({ width: 768, height: 576 });
  });

  it('never asks for more than there is', () => {
    expect(
      detailedSize(
        { width: 300, height: 200 },
        transformersPreprocessing.parse({ ...siglip, size: { height: 384, width: 384 } }),
      ),
    ).toEqual({ width: 300, height: 200 });
  });
});

describe('levelsOf', () => {
  it('is rescaling and normalising, per channel', async () => {
    const levels = levelsOf(transformersPreprocessing.parse(clip));
    const { data } = await plain('rgb(10,100,255)', 1, 1).raw().toBuffer({ resolveWithObject: true });
    const found = [...data].map((level, channel) => levels[256 * channel + level]);
    for (const [channel, level] of [10, 100, 255].entries()) {
      expect(found[channel]).toBeCloseTo((level / 255 - clip.image_mean[channel]!) / clip.image_std[channel]!, 6);
    }
  });
});
