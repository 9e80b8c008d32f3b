import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeModel } from '../../app/embed/model.ts';
import { firstPlacement } from '../../app/embed/placement.ts';
import type { Connection } from '../../main/engine/connect.ts';
import { connectBuilt } from '../support/built.ts';
import { temporaryFolder } from '../support/command-line.ts';
import { disguisedGpu, hasWebGpu } from '../support/disguised-gpu.ts';
import { linearModel } from '../support/linear-model.ts';
import { writePaintings } from '../support/paintings.ts';

/** One story: a GPU passes all trials, and fails when it is to work. */
describe.skipIf(!hasWebGpu)('a library whose GPU fails in use', () => {
  const threads = 2;
  let folder = '';
  let remove: () => Promise<void>;
  let connection: Connection;
  let directory = '';
  /** Where it is remembered how models run. */
  let providers = '';
  const execution = async () => (await connection.client.call('models.list', {})).execution;

  beforeAll(async () => {
    [folder, remove] = await temporaryFolder();
    await writePaintings(join(folder, 'photos'));
    await mkdir(join(folder, 'models'));
    providers = join(folder, 'models', 'providers.json');
    await writeFile(providers, JSON.stringify({ 'another model': [] }));
    directory = await linearModel(join(folder, 'linear'));
    const entry = await disguisedGpu(folder, 'failing', `if (isGpu && message.role === 'images') process.exit(1);`);
    connection = await connectBuilt(join(folder, 'library'), { worker: { entry }, threads });
    const { client } = connection;
    await client.call('models.use', { id: (await client.call('models.add', { path: directory })).id });
    await client.call('settings.change', { provider: 'webgpu' });
  });
  afterAll(async () => {
    await connection.close();
    await remove();
  });

  it('says what is true of the CPU from then on, without being asked', async () => {
    const { client } = connection;
    await expect.poll(execution, { timeout: 60_000 }).toMatchObject({ provider: 'webgpu', processes: 1 });
    const told: unknown[] = [];
    client.on('changed', ({ what }) => {
      if (what === 'model') void execution().then((now) => told.push(now?.provider));
    });
    await client.call('roots.add', { path: join(folder, 'photos') });
    expect(await client.call('index.run', {})).toMatchObject({ indexed: 10, failed: 0 });
    await expect.poll(() => told).toContain('cpu');
    expect(await execution()).toMatchObject({
      ...firstPlacement(await describeModel(directory), threads),
      photosPerSecond: null,
      reason: expect.stringMatching(/^WebGPU cannot be used any more; the CPU goes on\. .+ended/u),
      trials: [
        { provider: 'webgpu', state: 'refused', reason: 'it failed while it worked' },
        { provider: 'cpu', state: 'chosen' },
      ],
    });
  });

  it('is tried anew without forgetting what was measured of other models', async () => {
    expect(await connection.client.call('models.check', {})).toMatchObject({ provider: 'webgpu', processes: 1 });
    const measured: unknown = JSON.parse(await readFile(providers, 'utf8'));
    expect(measured).toMatchObject({ 'another model': [] });
    expect(Object.keys(Object(measured) as object)).toHaveLength(2);
  });
});
