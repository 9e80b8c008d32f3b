import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ImageTower } from '../../app/embed/image-tower.ts';
import { describeModel, type Model } from '../../app/embed/model.ts';
import { TextTower } from '../../app/embed/text-tower.ts';
import { Tokenizer } from '../../app/embed/tokenizer.ts';
import { noise } from '../support/image-files.ts';
import { cosine, pictureVector } from '../support/picture-vector.ts';
import { needsShared, sharedDir } from '../support/shared.ts';

const goldenSchema = z.object({
  texts: z.array(z.object({ text: z.string(), ids: z.array(z.number()), vector: z.array(z.number()) })),
  images: z.array(z.object({ file: z.string(), photo: z.string(), vector: z.array(z.number()) })),
});

const models = join(sharedDir ?? '', 'models');
const photoPath = (photo: string): string => join(sharedDir ?? '', 'photos/flickr8k-dev', basename(photo));
const withGolden =
  sharedDir === undefined
    ? ['no model']
    : readdirSync(models).filter((name) => existsSync(join(models, name, 'golden.json')));

describe.skipIf(sharedDir === undefined).each(withGolden)(`%s against its reference vectors${needsShared}`, (name) => {
  let model: Model;
  let images: ImageTower;
  let texts: TextTower;
  let golden: z.infer<typeof goldenSchema>;

  beforeAll(async () => {
    model = await describeModel(join(models, name));
    images = await ImageTower.load(model, 1);
    texts = await TextTower.load(model, 1);
    golden = goldenSchema.parse(JSON.parse(readFileSync(join(models, name, 'golden.json'), 'utf8')));
  });

  afterAll(async () => {
    await images.release();
    await texts.release();
  });

  it('gives texts the same ids and vectors', async () => {
    const tokenizer = await Tokenizer.load(model);
    for (const { text, ids } of golden.texts) expect([...tokenizer.encode([text]).ids]).toEqual(ids);
    // All at once: the shorter ones are filled up, which must not show.
    const vectors = await texts.embed(golden.texts.map(({ text }) => text));
    for (const [row, { vector }] of golden.texts.entries()) {
      expect(
        cosine(vectors.subarray(row * model.dimension, (row + 1) * model.dimension), vector),
      ).toBeGreaterThanOrEqual(0.9999);
    }
  });

  it('gives pictures of the tower’s own size the same vectors', async () => {
    for (const { file, vector } of golden.images) {
      const bytes = readFileSync(join(models, file));
      expect(cosine(await pictureVector(bytes, model, images), vector)).toBeGreaterThanOrEqual(0.9999);
    }
  });

  it('gives the photos these pictures were made from nearly the same vectors', async () => {
    for (const { photo, vector } of golden.images) {
      const bytes = readFileSync(photoPath(photo));
      expect(cosine(await pictureVector(bytes, model, images), vector)).toBeGreaterThanOrEqual(0.999);
    }
  });

  it('gives a 12-megapixel photo the vector of its full resolution', async () => {
    const [width, height] = [4000, 3000];
    for (const { photo } of golden.images.slice(-1)) {
      const soft = await sharp(photoPath(photo)).resize(width, height, { fit: 'cover' }).toBuffer();
      const grain = await noise(width, height).png({ compressionLevel: 1 }).toBuffer();
      const file = await sharp(soft)
        .composite([{ input: grain, blend: 'soft-light' }])
        .jpeg({ quality: 90 })
        .toBuffer();
      const full = await pictureVector(Buffer.from(file), model, images, (picture) => picture);
      expect(cosine(await pictureVector(Buffer.from(file), model, images), full)).toBeGreaterThanOrEqual(0.995);
    }
  });
});
