import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { describeModel, type Model } from '../../app/embed/model.ts';
import { TextWorker } from '../../app/embed/text-worker.ts';
import { programs } from '../support/command-line.ts';
import { starterModel } from '../support/model-folders.ts';
import { cosine } from '../support/picture-vector.ts';

let model: Model;
let dimension: number;
const opened: TextWorker[] = [];

beforeAll(async () => {
  model = await describeModel(starterModel);
  ({ dimension } = model);
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((workers) => workers.close()));
});

const open = (): TextWorker => {
  const workers = new TextWorker({ entry: join(programs, 'worker.js'), model, threads: 1 });
  opened.push(workers);
  return workers;
};

describe('TextWorker', () => {
  it('embeds sentences in order, several calls at once', async () => {
    const workers = open();
    const [one, many, none] = await Promise.all([
      workers.embed(['red']),
      workers.embed(['blue', 'red', 'a dark forest']),
      workers.embed([]),
    ]);
    expect([one.length, many.length, none.length]).toEqual([dimension, 3 * dimension, 0]);
    expect(cosine(one, many.subarray(dimension, 2 * dimension))).toBeCloseTo(1, 5);
    expect(cosine(one, many.subarray(0, dimension))).toBeLessThan(0.9);
  });

  it('says that it has been closed', async () => {
    const workers = open();
    await workers.embed(['red']);
    await workers.close();
    await expect(workers.embed(['red'])).rejects.toMatchObject({ kind: 'engine-stopped' });
  });
});
