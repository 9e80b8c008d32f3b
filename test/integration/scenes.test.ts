import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { searchOutputSchema } from '../../app/contract/index.ts';
import { runJson, temporaryFolder } from '../support/command-line.ts';
import { read } from '../support/described.ts';
import { writeScenes, type Scene } from '../support/scenes.ts';

/** Enough that every season comes round once. */
const COUNT = 22;

let folder = '';
let scenes: readonly Scene[] = [];
let remove: () => Promise<void>;

beforeAll(async () => {
  [folder, remove] = await temporaryFolder();
  scenes = await writeScenes(join(folder, 'scenes'), COUNT);
});
afterAll(() => remove());

const fileOf = ({ name }: Scene, among = 'scenes'): Promise<Buffer> => readFile(join(folder, among, name));

describe('painted scenes', () => {
  it('are the same ones every time', async () => {
    const again = await writeScenes(join(folder, 'again'), 4);
    expect(again).toEqual(scenes.slice(0, 4));
    const hash = (file: Buffer): string => createHash('sha256').update(file).digest('hex');
    for (const scene of again) expect(hash(await fileOf(scene, 'again')), scene.name).toBe(hash(await fileOf(scene)));
  });

  it('are all different, of the sizes stated, and say when and with what they were taken, newest first', async () => {
    expect(new Set(scenes.map(({ name }) => name)).size).toBe(COUNT);
    const times = [];
    for (const scene of scenes) {
      const file = await fileOf(scene);
      expect(await sharp(file).metadata()).toMatchObject({ format: 'jpeg', width: scene.width, height: scene.height });
      const { takenAt, takenAtSource, camera, lens, exposure } = read(file, { name: 'scene.jpg' });
      expect({ takenAtSource, camera, lens, exposure }).toEqual({
        takenAtSource: 'exif',
        camera: expect.stringMatching(/^(?:Lumen L1|Halden F2|Petrel Pocket 6)$/u),
        lens: expect.stringMatching(/mm F/u),
        exposure: expect.stringMatching(/ s · f\/.* · ISO \d+ · \d+ mm$/u),
      });
      times.push(takenAt);
    }
    expect(times).toEqual(times.toSorted((a, b) => (b ?? 0) - (a ?? 0)));
  });

  it('carry, many of them, stars, words and a place', async () => {
    const all = await Promise.all(scenes.map(async (scene) => read(await fileOf(scene), { name: scene.name })));
    const full = all.filter(
      (metadata) =>
        metadata.rating !== null &&
        metadata.latitude !== null &&
        metadata.keywords.length > 0 &&
        metadata.description !== null,
    );
    expect(full.length).toBeGreaterThan(COUNT / 4);
  });
});

describe('the starter model finds scenes by what they look like', () => {
  const library = (): string => join(folder, 'library');
  beforeAll(() => runJson('index', join(folder, 'scenes'), '--library', library()));

  it.each([
    ['sunset', /^sunset/u],
    ['night', /night|lights/u],
    ['snow', /^snow/u],
    ['black and white', /^black and white/u],
  ])('“%s”', async (query, kind) => {
    // The last word is unknown to the model and stands in no name: what is found is what is seen.
    const { results } = searchOutputSchema.parse(await runJson('search', `${query} thing`, '--library', library()));
    expect(results.some(({ literal }) => literal)).toBe(false);
    expect(basename(results[0]?.path ?? '')).toMatch(kind);
  });
});
