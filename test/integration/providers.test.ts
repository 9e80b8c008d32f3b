import { execFileSync } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env } from 'onnxruntime-node';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { chooseProvider, type ChooseOptions } from '../../app/embed/choose-provider.ts';
import { ImageWorkers, type ImageOutcome } from '../../app/embed/image-workers.ts';
import { describeModel } from '../../app/embed/model.ts';
import type { Placement } from '../../app/embed/placement.ts';
import { TextWorker } from '../../app/embed/text-worker.ts';
import { programs } from '../support/command-line.ts';
import { disguisedGpu, hasWebGpu } from '../support/disguised-gpu.ts';
import { noise } from '../support/image-files.ts';
import { linearModel } from '../support/linear-model.ts';
import { starterModel } from '../support/model-folders.ts';

const entry = join(programs, 'worker.js');

let folder: string;
const open: { close(): Promise<void> }[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'afterimage-providers-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all(open.splice(0).map((workers) => workers.close()));
  await expect.poll(children).toEqual([]);
});
afterAll(() => rm(folder, { recursive: true }));

/** Worker processes of this test. */
const children = (): string[] => {
  try {
    return execFileSync('pgrep', ['-f', '-P', String(process.pid), 'worker'], { encoding: 'utf8' })
      .trim()
      .split('\n');
  } catch {
    return [];
  }
};

const workerWith = (name: string, onMessage: string): Promise<string> => disguisedGpu(folder, name, onMessage);

describe.skipIf(!hasWebGpu)('trying a provider', () => {
  let caches = 0;
  const choose = async (worker: string, model: string, options: Partial<ChooseOptions> = {}) =>
    chooseProvider({
      entry: worker,
      model: await describeModel(model),
      threads: 2,
      cache: join(folder, `cache-${caches++}.json`),
      override: 'webgpu',
      measureMs: 20,
      ...options,
    });

  it('takes half precision where it is right', async () => {
    const model = await linearModel(join(folder, 'right'), {}, { noise: 0.001 });
    const execution = await choose(await workerWith('right', ''), model);
    expect(execution).toMatchObject({ provider: 'webgpu', graph: 'half', processes: 1, threads: 2 });
    expect(execution.trials.map(({ provider, graph, state }) => [provider, graph, state])).toEqual([
      ['webgpu', 'half', 'chosen'],
      ['cpu', 'full', 'accepted'],
    ]);
  });

  it('refuses half precision that gives other vectors, and takes the full one', async () => {
    const model = await linearModel(join(folder, 'wrong half'), {}, { noise: 0.5 });
    const execution = await choose(await workerWith('wrong', ''), model);
    expect(execution).toMatchObject({ provider: 'webgpu', graph: 'full' });
    const [half, full] = execution.trials;
    expect(half).toMatchObject({
      graph: 'half',
      state: 'refused',
      reason: expect.stringMatching(/^cosine 0\.\d+ to/u),
    });
    expect(half?.cosine).toBeGreaterThan(0.5);
    expect(half?.cosine).toBeLessThan(0.99);
    expect(full).toMatchObject({ graph: 'full', state: 'chosen' });
  });

  it('refuses vectors that are no numbers', async () => {
    const model = await linearModel(join(folder, 'no numbers'), {}, { isBroken: true });
    const { trials } = await choose(await workerWith('broken', ''), model);
    expect(trials[0]).toMatchObject({ state: 'refused', cosine: null, reason: 'its vectors are no numbers' });
  });

  it('stops at the batch that there is memory for', async () => {
    const model = await linearModel(join(folder, 'small'), {}, { largestBatch: 2 });
    const execution = await choose(await workerWith('small', ''), model);
    expect(execution).toMatchObject({ provider: 'webgpu', graph: 'half' });
    expect(execution.batch).toBeLessThanOrEqual(2);
  });

  it.each([
    ['crashes when it is loaded', `if (isGpu) process.kill(process.pid, 'SIGKILL');`, {}, /ended \(SIGKILL\)/u],
    ['crashes when it runs', `if (isGpu && message.task) process.abort();`, {}, /ended \(SIGABRT\)/u],
    // The CPU, whose answers are the reference, has ten times as long.
    ['hangs', 'while (isGpu);', { patienceMs: 4000 }, /no answer within 4 seconds/u],
  ])('survives a driver that %s', async (name, onMessage, patience, reason) => {
    const model = await linearModel(join(folder, name), {}, {});
    const execution = await choose(await workerWith(name, onMessage), model, patience);
    expect(execution).toMatchObject({ provider: 'cpu', reason: expect.stringContaining('You have chosen WebGPU') });
    const gpu = execution.trials.filter(({ provider }) => provider === 'webgpu');
    expect(gpu.map(({ graph }) => graph)).toEqual(['half', 'full']);
    for (const trial of gpu) expect(trial).toMatchObject({ state: 'refused', reason: expect.stringMatching(reason) });
  });

  it('keeps what passed when a larger batch crashes', async () => {
    const model = await linearModel(join(folder, 'fragile'));
    const worker = await workerWith('fragile', `if (isGpu && message.task?.batch > 1) process.abort();`);
    expect(await choose(worker, model)).toMatchObject({ provider: 'webgpu', batch: 1 });
  });

  it('remembers what came of it, until the model, the device or the file changes', async () => {
    const full = join('onnx', 'vision_model.onnx');
    const half = join('onnx', 'vision_model_fp16.onnx');
    const model = await linearModel(join(folder, 'remembered'), {}, { noise: 0.001 });
    const another = await linearModel(join(folder, 'another'), { noise: 0.002 }, { noise: 0.003 });
    const exchange = (file: string): Promise<void> => cp(join(another, file), join(model, file));
    const cache = join(folder, 'remembered.json');
    const log = join(folder, 'started');
    const worker = await workerWith('remembered', `if (message.role) appendFileSync(${JSON.stringify(log)}, '.');`);
    const starts = async (): Promise<number> => (await readFile(log, 'utf8').catch(() => '')).length;
    const first = await choose(worker, model, { cache });
    const before = await starts();
    expect(before).toBeGreaterThan(1);
    expect(await choose(worker, model, { cache })).toEqual(first);
    expect(await choose(worker, model, { cache, override: 'cpu' })).toMatchObject({ provider: 'cpu' });
    expect(await starts()).toBe(before);
    const expectAnew = async (options: Partial<ChooseOptions> = {}): Promise<void> => {
      const known = await starts();
      await choose(worker, model, { cache, ...options });
      expect(await starts()).toBeGreaterThan(known);
      const found = await starts();
      await choose(worker, model, { cache });
      expect(await starts()).toBe(found);
    };
    await writeFile(cache, (await readFile(cache, 'utf8')).slice(0, -20));
    await expectAnew();
    await exchange(full);
    await expectAnew();
    await exchange(half);
    await expectAnew();
    const { common } = env.versions;
    Object.assign(env.versions, { common: 'another' });
    await expectAnew().finally(() => Object.assign(env.versions, { common }));
    if (process.platform === 'linux') {
      vi.stubEnv('VK_DRIVER_FILES', '/another/driver.json');
      await expectAnew();
    }
    await expectAnew({ anew: true });
  });

  it('measures nothing for the starter model', async () => {
    const execution = await choose('no such worker', starterModel, { override: 'auto' });
    expect(execution).toMatchObject({ provider: 'cpu', processes: 2, photosPerSecond: null, trials: [] });
  });

  it('says when a model does not run at all', async () => {
    const model = await linearModel(join(folder, 'hopeless'), { largestBatch: 0 });
    await expect(choose(entry, model)).rejects.toMatchObject({
      kind: 'model-invalid',
      message: expect.stringContaining('hopeless'),
    });
  });

  it('ends at once when it is told to', async () => {
    const model = await linearModel(join(folder, 'stopped'));
    const signal = AbortSignal.timeout(1000);
    await expect(choose(await workerWith('stopped', 'while (isGpu);'), model, { signal })).rejects.toMatchObject({
      kind: 'cancelled',
    });
  });
});

describe('a chosen provider that fails in use', () => {
  const gpu: Placement = { provider: 'webgpu', graph: 'full', batch: 8, processes: 1, threads: 2 };
  const PHOTOS = 60;
  let paths: string[];
  beforeAll(async () => {
    paths = await Promise.all(
      Array.from({ length: PHOTOS }, async (_, index) => {
        const path = join(folder, `${index}.jpg`);
        await noise(300 + index, 200)
          .jpeg()
          .toFile(path);
        return path;
      }),
    );
  });

  const index = async (
    worker: string,
    more: readonly string[] = [],
  ): Promise<{ readonly outcomes: ImageOutcome[]; readonly reasons: string[] }> => {
    const reasons: string[] = [];
    const workers = new ImageWorkers({
      entry: worker,
      model: await describeModel(starterModel),
      library: folder,
      threads: 2,
      placement: gpu,
      identify: (_key, { contentHash }) => ({ photoId: contentHash.slice(0, 16), need: 'everything' }),
      onFallback: (reason) => reasons.push(reason),
    });
    open.push(workers);
    async function* jobs() {
      for (const path of [...more, ...paths]) {
        yield await Promise.resolve({ key: path, path, sidecars: [], describe: false });
      }
    }
    const outcomes = [];
    for await (const outcome of workers.run(jobs(), new AbortController().signal)) outcomes.push(outcome);
    return { outcomes, reasons };
  };
  const statesOf = (outcomes: readonly ImageOutcome[]) => new Set(outcomes.map(({ state }) => state));

  it.each([
    ['ends before it is ready', `if (isGpu) process.exit(1);`],
    ['dies again and again', `if (isGpu && message.task) process.kill(process.pid, 'SIGKILL');`],
  ])('leaves all to the CPU when its process %s', async (name, onMessage) => {
    const { outcomes, reasons } = await index(await workerWith(name, onMessage));
    expect(outcomes).toHaveLength(PHOTOS);
    expect(statesOf(outcomes)).toEqual(new Set(['embedded']));
    expect(reasons).toEqual([expect.stringMatching(/^WebGPU cannot be used any more; the CPU goes on\. .+ended/u)]);
  });

  it.skipIf(!hasWebGpu || process.platform !== 'linux')('leaves all to the CPU when the driver has gone', async () => {
    vi.stubEnv('VK_ICD_FILENAMES', join(folder, 'no driver.json'));
    const { outcomes, reasons } = await index(entry);
    expect(outcomes).toHaveLength(PHOTOS);
    expect(statesOf(outcomes)).toEqual(new Set(['embedded']));
    expect(reasons).toEqual([expect.stringContaining('WebGPU')]);
  });

  it('is not blamed for a photo that kills the CPU’s process, too', async () => {
    const poison = join(folder, 'poison.jpg');
    await writeFile(poison, await readFile(paths[0]!));
    const worker = await workerWith(
      'poisoned',
      `if (message.task?.path?.includes('poison')) process.kill(process.pid, 'SIGSEGV');`,
    );
    const { outcomes, reasons } = await index(worker, [poison]);
    const failed = outcomes.filter(({ state }) => state === 'failed');
    expect(failed).toMatchObject([{ key: poison, kind: 'crashed' }]);
    expect(outcomes).toHaveLength(PHOTOS + 1);
    expect(reasons).toEqual([]);
  });
});

describe('workers without work', () => {
  it('end, and come back when they are needed', async () => {
    const model = await describeModel(starterModel);
    const path = join(folder, 'idle.png');
    await noise(90, 60).png().toFile(path);
    const images = new ImageWorkers({
      entry,
      model,
      library: folder,
      threads: 1,
      identify: () => ({ photoId: '', need: 'nothing' }),
      idleMs: 300,
    });
    const texts = new TextWorker({ entry, model, threads: 1, idleMs: 300 });
    open.push(images, texts);
    const use = () => Promise.all([images.embedPicture(path), texts.embed(['red'])]);
    const first = use();
    // While they are used: who is done first may have ended before the other is.
    await expect.poll(children).toHaveLength(2);
    const [{ vector }, words] = await first;
    await expect.poll(children).toEqual([]);
    const [again, wordsAgain] = await use();
    expect(again.vector).toEqual(vector);
    expect(wordsAgain).toEqual(words);
  });

  it('stay while there is some', async () => {
    const model = await describeModel(starterModel);
    const texts = new TextWorker({ entry, model, threads: 1, idleMs: 400 });
    open.push(texts);
    await texts.embed(['red']);
    const [pid] = children();
    for (let call = 0; call < 8; call++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      await texts.embed(['blue']);
    }
    expect(children()).toEqual([pid]);
  });
});
