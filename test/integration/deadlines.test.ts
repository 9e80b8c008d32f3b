import { execFileSync } from 'node:child_process';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ImageWorkers, type ImageJob, type ImageOutcome } from '../../app/embed/image-workers.ts';
import { TIME_LIMITS, type TimeLimits } from '../../app/embed/job-clock.ts';
import { describeModel, type Model } from '../../app/embed/model.ts';
import type { Question } from '../../app/embed/protocol.ts';
import { TextWorker } from '../../app/embed/text-worker.ts';
import { programs, temporaryFolder } from '../support/command-line.ts';
import { noise } from '../support/image-files.ts';
import { changedModel, starterModel } from '../support/model-folders.ts';

const entry = join(programs, 'worker.js');
const never = new AbortController().signal;
/** Work: however busy the machine is, an ordinary photo takes a hundredth of it. */
const LIMITS: TimeLimits = { ...TIME_LIMITS, picture: 1000, text: 2000, start: 8000 };
const PHOTOS = 12;

let folder = '';
let model: Model;
let photos: readonly ImageJob[] = [];
let remove: () => Promise<void>;
const open: { close(): Promise<void> }[] = [];

const jobOf = (path: string): ImageJob => ({ key: path, path, sidecars: [], describe: false });

beforeAll(async () => {
  [folder, remove] = await temporaryFolder();
  model = await describeModel(starterModel);
  photos = await Promise.all(
    Array.from({ length: PHOTOS }, async (_, index) => {
      const path = join(folder, `${index}.jpg`);
      await noise(400 + index, 300)
        .jpeg()
        .toFile(path);
      return jobOf(path);
    }),
  );
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((workers) => workers.close()));
});
afterAll(() => remove());

/** The real worker, in which files or texts of some name get stuck in one way or another. */
const stuckWorker = async (name: string, how: string): Promise<string> => {
  const path = join(folder, `${name}.mjs`);
  const real = JSON.stringify(pathToFileURL(entry).href);
  await writeFile(
    path,
    `import ${real};
process.on('message', ({ id, task }) => {
  if (!JSON.stringify(task ?? {}).includes('poison')) return;
  ${how}
});
`,
  );
  return path;
};

const imageWorkers = (program: string, limits = LIMITS): ImageWorkers => {
  const identify = (_key: string, { contentHash }: Question) => ({
    photoId: contentHash.slice(0, 16),
    need: 'everything' as const,
  });
  const workers = new ImageWorkers({ entry: program, model, library: folder, threads: 2, limits, identify });
  open.push(workers);
  return workers;
};

const outcomesOf = async (workers: ImageWorkers, jobs: readonly ImageJob[]): Promise<ImageOutcome[]> => {
  const source = async function* (): AsyncGenerator<ImageJob> {
    for (const job of jobs) yield await Promise.resolve(job);
  };
  const outcomes = [];
  for await (const outcome of workers.run(source(), never)) outcomes.push(outcome);
  return outcomes;
};

const failuresOf = (outcomes: readonly ImageOutcome[]) => outcomes.filter((outcome) => outcome.state === 'failed');

const LOOP = 'for (;;);';
const SILENT = "process.send({ type: 'begin', id, step: 'read', units: 1 });";

describe('a picture that takes longer than it may', () => {
  it('is named, however its process is busy, and all others are indexed', async () => {
    const poison = ['poison 1.jpg', 'poison 2.jpg'].map((name) => jobOf(join(folder, name)));
    for (const { path } of poison) await copyFile(photos[0]?.path ?? '', path);
    const workers = imageWorkers(await stuckWorker('looping', LOOP));
    const outcomes = await outcomesOf(workers, [...photos.slice(0, 5), ...poison, ...photos.slice(5)]);
    expect(outcomes).toHaveLength(PHOTOS + poison.length);
    const failures = failuresOf(outcomes);
    expect(failures.map(({ key }) => key).sort()).toEqual(poison.map(({ key }) => key));
    for (const { kind, message, key } of failures) {
      expect(kind).toBe('too-slow');
      expect(message).toBe(`${key} took longer than 1 s to read. Save a copy of it in another format, or delete it.`);
    }
    await expect(workers.embedPicture(poison[0]?.path ?? '')).rejects.toMatchObject({
      kind: 'not-a-picture',
      message: expect.stringContaining('took longer than 1 s'),
    });
    expect((await workers.embedPicture(photos[0]?.path ?? '')).width).toBe(400);
  });

  it('is told from one that waits for a question to be answered', async () => {
    const workers = new ImageWorkers({
      ...{ entry, model, library: folder, threads: 1, limits: { ...LIMITS, picture: 500 } },
      identify: async (_key, { contentHash }) => {
        await new Promise((resolve) => setTimeout(resolve, 6000));
        return { photoId: contentHash.slice(0, 16), need: 'nothing' };
      },
    });
    open.push(workers);
    expect(await outcomesOf(workers, photos.slice(0, 1))).toMatchObject([{ state: 'known' }]);
  });
});

describe('a file of which nothing comes', () => {
  it('is left to another time, and holds up nothing for ever', async () => {
    const poison = jobOf(join(folder, 'poison disk.jpg'));
    await copyFile(photos[0]?.path ?? '', poison.path);
    // It says that it reads, and the answer of the real worker never gets through.
    const program = await stuckWorker(
      'silent',
      `${SILENT} const { send } = process; process.send = (reply, ...rest) => reply.id === id || send.call(process, reply, ...rest);`,
    );
    const workers = imageWorkers(program, { ...LIMITS, silence: 3000 });
    const outcomes = await outcomesOf(workers, [poison, ...photos]);
    expect(failuresOf(outcomes)).toMatchObject([
      { key: poison.key, kind: 'unreadable', message: expect.stringContaining('nothing came of it for 3 s') },
    ]);
    expect(outcomes).toHaveLength(PHOTOS + 1);
  });
});

describe.runIf(process.platform === 'linux')('a process that takes more memory than a picture may', () => {
  it('is ended, and the picture named', async () => {
    const poison = jobOf(join(folder, 'poison memory.jpg'));
    await copyFile(photos[0]?.path ?? '', poison.path);
    const hoard = 'globalThis.hoard = []; for (;;) globalThis.hoard.push(Buffer.alloc(2 ** 26, 1));';
    const workers = imageWorkers(await stuckWorker('hoarding', hoard), { ...LIMITS, picture: 60_000 });
    const outcomes = await outcomesOf(workers, [poison]);
    expect(failuresOf(outcomes)).toMatchObject([
      { kind: 'too-large', message: expect.stringContaining('takes more memory to decode than one file may') },
    ]);
    expect(failuresOf(await outcomesOf(workers, photos))).toEqual([]);
  });
});

describe('a text that takes longer than it may', () => {
  it('is an error that names it, and the next one is answered', async () => {
    const directory = await changedModel(join(folder, 'backtracking'), {
      'tokenizer.json': (json) => ({
        ...json,
        pre_tokenizer: { type: 'Split', pattern: { Regex: '(a+)+$' }, behavior: 'Isolated', invert: false },
      }),
    });
    const texts = new TextWorker({ entry, model: await describeModel(directory), threads: 1, limits: LIMITS });
    open.push(texts);
    await texts.embed(['dog']);
    await expect(texts.embed([`${'a'.repeat(60)}b`])).rejects.toMatchObject({
      kind: 'internal',
      message: expect.stringMatching(
        /The text part of the model .* took longer than 2 s over “aaa.*”\. Try other words/u,
      ),
    });
    expect(await texts.embed(['dog'])).toHaveLength(model.dimension);
  });
});

describe('a model that takes longer to load than it may', () => {
  it('is an error for all that waits', async () => {
    const hanging = join(folder, 'hanging.mjs');
    await writeFile(hanging, 'for (;;);\n');
    const workers = imageWorkers(hanging, { ...LIMITS, start: 2000 });
    await expect(outcomesOf(workers, photos)).rejects.toMatchObject({
      kind: 'model-invalid',
      message: expect.stringContaining('takes too long to load'),
    });
  });
});

describe.skipIf(process.platform === 'win32')('what is no file at all', () => {
  it('is named at once, be it the photo or what describes it', async () => {
    const pipes = join(folder, 'pipes');
    await mkdir(pipes);
    const described = photos.slice(0, 8).map((photo, index) => ({ ...photo, sidecars: [join(pipes, `${index}.xmp`)] }));
    for (const { sidecars } of described) execFileSync('mkfifo', [...sidecars]);
    execFileSync('mkfifo', [join(pipes, 'pipe.jpg'), join(pipes, 'pipe.mp4')]);
    const outcomes = await outcomesOf(imageWorkers(entry), [
      ...described,
      ...['pipe.jpg', 'pipe.mp4'].map((name) => jobOf(join(pipes, name))),
    ]);
    for (const outcome of outcomes) {
      if (outcome.state === 'embedded') expect(outcome.leftOut).toContain('it is a folder, pipe, socket or device');
      else expect(outcome).toMatchObject({ state: 'failed', key: expect.stringContaining('pipe.') });
    }
    expect(outcomes).toHaveLength(described.length + 2);
  });
});
