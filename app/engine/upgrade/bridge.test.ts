import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ResidentVectors } from '../../embed/resident.ts';
import { seeded } from '../../base/random.ts';
import { applyMap, fitMap, type SpaceMap } from '../../space/upgrade/map.ts';
import { concatenate, normalise } from '../../space/vector.ts';
import type { VectorBatch } from '../../store/reading.ts';
import { Bridge } from './bridge.ts';

const OLD = 12;
const NEW = 16;
const PHOTOS = 400;
const GRAPH = fileURLToPath(new URL('../../../models/columns.onnx', import.meta.url));

let folder = '';
let resident: ResidentVectors;
let map: SpaceMap;
const random = seeded(3);
const direction = (d: number): Float32Array =>
  normalise(Float32Array.from({ length: d }, () => random() + random() + random() - 1.5));
/** What two models see in photos: the new one more than the old one. */
const photos = Array.from({ length: PHOTOS }, (_, index) => {
  const neu = direction(NEW);
  return { id: String(index), neu, old: normalise(neu.slice(0, OLD)) };
});
const batch = (from: number, to: number): VectorBatch => {
  const part = photos.slice(from, to);
  return {
    ids: part.map(({ id }) => id),
    parts: new Int32Array(part.length),
    at: part.map(() => null),
    vectors: concatenate(part.map(({ old }) => old)),
  };
};
const store = {
  async *vectorsOf(): AsyncGenerator<VectorBatch> {
    yield await Promise.resolve(batch(0, 150));
    yield batch(150, PHOTOS);
  },
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'afterimage-bridge-'));
  resident = await ResidentVectors.create(NEW, GRAPH, 1);
  const anchors = photos.slice(0, 100);
  map = await fitMap(
    { old: concatenate(anchors.map(({ old }) => old)), neu: concatenate(anchors.map(({ neu }) => neu)) },
    { dOld: OLD, dNew: NEW },
    resident.product.bind(resident),
  );
  for (const { id, neu } of photos.slice(0, 200)) resident.load(id, 0, { vector: neu, at: null });
});
afterEach(async () => {
  await resident.release();
  await rm(folder, { recursive: true });
});

describe('a bridge', () => {
  it('stands in where the new model has seen nothing, and leaves alone what it has seen', async () => {
    const rows = await new Bridge('old', map, []).fill(resident, store);
    expect(rows.size).toBe(200);
    expect(resident.size).toBe(PHOTOS);
    expect(resident.get('5')).toEqual(photos[5]?.neu);
    const [through] = [
      await applyMap(map, photos[300]?.old ?? new Float32Array(OLD), resident.product.bind(resident), setImmediate),
    ];
    expect(resident.get('300')).toEqual(through);
  });

  it('brings photos that it stands in for to the level of the others', async () => {
    const heldOut = photos.slice(100, 200).map(({ id }) => id);
    const mapped = await new Bridge('old', map, heldOut).fill(resident, store);
    const gap = async (): Promise<number> => {
      let sum = 0;
      for (let term = 0; term < 40; term++) {
        const [column] = await resident.columns(direction(NEW));
        const spread = (rows: readonly number[]): number =>
          Math.sqrt(rows.reduce((all, row) => all + (column?.[row] ?? 0) ** 2, 0) / rows.length);
        sum += spread([...mapped]) / spread(Array.from({ length: 200 }, (_, row) => row));
      }
      return Math.abs(1 - sum / 40);
    };
    const levelled = await gap();
    resident.standIns = null;
    expect(levelled).toBeLessThan(await gap());
  });

  it('is kept for its owner alone, and is the same after a restart', async () => {
    await new Bridge('old', map, ['1', '2']).save(folder, 'new');
    const again = await Bridge.load(folder, 'old', 'new');
    expect(again?.map).toEqual(map);
    expect([...(again?.heldOut ?? [])]).toEqual(['1', '2']);
    if (process.platform !== 'win32')
      for (const kind of ['map', 'json']) expect((await stat(join(folder, `old--new.${kind}`))).mode & 0o77).toBe(0);
  });

  it('is none where its file is missing or damaged', async () => {
    expect(await Bridge.load(folder, 'old', 'new')).toBeNull();
    await new Bridge('old', map, []).save(folder, 'new');
    const path = join(folder, 'old--new.map');
    const bytes = await readFile(path);
    bytes[bytes.length - 9] = (bytes[bytes.length - 9] ?? 0) ^ 255;
    await writeFile(path, bytes);
    expect(await Bridge.load(folder, 'old', 'new')).toBeNull();
  });

  it('goes when its change of models is over, and others with it', async () => {
    for (const to of ['new', 'newer']) await new Bridge('old', map, []).save(folder, to);
    await Bridge.keepOnly(folder, ['old', 'new']);
    expect((await readdir(folder)).sort()).toEqual(['old--new.json', 'old--new.map']);
    await Bridge.keepOnly(folder, null);
    expect(await readdir(folder)).toEqual([]);
    await expect(Bridge.keepOnly(join(folder, 'missing'), null)).resolves.toBeUndefined();
  });
});
