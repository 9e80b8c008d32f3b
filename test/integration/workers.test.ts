import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { metadataSchema } from '../../app/contract/index.ts';
import { ImageWorkers, type ImageJob, type ImageOutcome } from '../../app/embed/image-workers.ts';
import { describeModel, type Model } from '../../app/embed/model.ts';
import type { Question } from '../../app/embed/protocol.ts';
import { TextWorker } from '../../app/embed/text-worker.ts';
import { thumbnailPath } from '../../app/media/thumbnail.ts';
import { programs } from '../support/command-line.ts';
import { xmp } from '../support/described.ts';
import { noise, plain } from '../support/image-files.ts';
import { changedModel, starterModel } from '../support/model-folders.ts';
import { cosine } from '../support/picture-vector.ts';

const entry = join(programs, 'worker.js');
const never = new AbortController().signal;
const PHOTOS = 60;

let folder: string;
let thumbnails: string;
let model: Model;
let photos: ImageJob[];
const open: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'afterimage-workers-'));
  thumbnails = join(folder, 'thumbnails');
  model = await describeModel(starterModel);
  photos = await Promise.all(
    Array.from({ length: PHOTOS }, async (_, index) => {
      const path = join(folder, `${index}.jpg`);
      await noise(900 + index, 700)
        .jpeg()
        .toFile(path);
      return { key: `key ${index}`, path, sidecars: [], describe: false };
    }),
  );
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((workers) => workers.close()));
  expect(children()).toEqual([]);
});
afterAll(() => rm(folder, { recursive: true }));

const identify = (_key: string, { contentHash }: Question) => ({
  photoId: contentHash.slice(0, 16),
  need: 'everything' as const,
});
const imageWorkers = (options: Partial<ConstructorParameters<typeof ImageWorkers>[0]> = {}): ImageWorkers => {
  const workers = new ImageWorkers({ entry, model, library: folder, threads: 2, identify, ...options });
  open.push(workers);
  return workers;
};

async function* each(jobs: readonly ImageJob[]): AsyncGenerator<ImageJob> {
  for (const job of jobs) yield await Promise.resolve(job);
}

const all = async (outcomes: AsyncIterable<ImageOutcome>): Promise<ImageOutcome[]> => {
  const list = [];
  for await (const outcome of outcomes) list.push(outcome);
  return list;
};

/** Worker processes of this test. */
const children = (): number[] => {
  try {
    return execFileSync('pgrep', ['-f', '-P', String(process.pid), 'worker'], { encoding: 'utf8' })
      .trim()
      .split('\n')
      .map(Number);
  } catch {
    return [];
  }
};

const keysOf = (outcomes: readonly ImageOutcome[]): string[] => outcomes.map(({ key }) => key).sort();
const failuresOf = (outcomes: readonly ImageOutcome[]) => outcomes.filter((outcome) => outcome.state === 'failed');

describe('ImageWorkers', () => {
  it('makes of each photo a vector, a thumbnail and metadata', async () => {
    const outcomes = await all(imageWorkers().run(each(photos), never));
    expect(keysOf(outcomes)).toEqual(
      keysOf(photos.map(({ key }) => ({ state: 'failed', key, kind: 'empty', message: '' }))),
    );
    for (const outcome of outcomes) {
      if (outcome.state !== 'embedded') throw new Error(`${outcome.key} is ${outcome.state}.`);
      const bytes = await readFile(join(folder, `${outcome.key.slice(4)}.jpg`));
      expect(outcome).toMatchObject({ width: 900 + Number(outcome.key.slice(4)), height: 700, mime: 'image/jpeg' });
      expect(outcome.contentHash).toBe(createHash('sha256').update(bytes).digest('hex'));
      const [frame] = outcome.frames;
      expect(frame?.vector).toHaveLength(model.dimension);
      expect(cosine(frame!.vector, frame!.vector)).toBeCloseTo(1, 5);
      expect(metadataSchema.parse(outcome.metadata).takenAtSource).toBe('file');
      expect(await sharp(thumbnailPath(thumbnails, outcome.photoId)).metadata()).toMatchObject({
        format: 'jpeg',
        width: 512,
      });
    }
    expect(new Set(outcomes.map((outcome) => (outcome.state === 'embedded' ? outcome.pixelHash : ''))).size).toBe(
      PHOTOS,
    );
  });

  it('decodes nothing that is known', async () => {
    const nowhere = join(folder, 'never written');
    const workers = imageWorkers({
      library: nowhere,
      identify: (key) => ({ photoId: `photo of ${key}`, need: 'nothing' }),
    });
    const outcomes = await all(workers.run(each(photos), never));
    for (const { state, key, ...rest } of outcomes)
      expect([state, rest]).toEqual(['known', expect.objectContaining({ photoId: `photo of ${key}` })]);
    expect(existsSync(nowhere)).toBe(false);
  });

  it('embeds nothing whose picture is known, and reads what its files say of it', async () => {
    const [photo] = photos;
    const sidecar = join(folder, '0.xmp');
    await writeFile(sidecar, xmp('<xmp:Rating>4</xmp:Rating>'));
    const nowhere = join(folder, 'never written either');
    const asked: (Question['look'] | null)[] = [];
    const job = { ...photo!, sidecars: [sidecar] };
    const byLook = imageWorkers({
      library: nowhere,
      identify: (_key, { look }) => {
        asked.push(look);
        return look === null ? { photoId: null, need: 'everything' } : { photoId: 'seen', need: 'description' };
      },
    });
    expect(await all(byLook.run(each([job]), never))).toMatchObject([
      { state: 'described', photoId: 'seen', metadata: { rating: 4 } },
    ]);
    expect(asked).toMatchObject([null, { width: 900, height: 700 }]);
    const byBytes = imageWorkers({ library: nowhere, identify: () => ({ photoId: 'same', need: 'nothing' }) });
    expect(await all(byBytes.run(each([{ ...job, describe: true }]), never))).toMatchObject([
      { state: 'described', photoId: 'same', metadata: { rating: 4 } },
    ]);
    expect(existsSync(nowhere)).toBe(false);
  });

  it('gives every bad file its reason, and the good ones their vectors', async () => {
    const bad = join(folder, 'bad');
    await mkdir(join(bad, 'folder.jpg'), { recursive: true });
    await writeFile(join(bad, 'empty.jpg'), '');
    await writeFile(join(bad, 'text.jpg'), 'no picture');
    await writeFile(join(bad, 'half.jpg'), (await readFile(photos[0]!.path)).subarray(0, 20_000));
    const socket = createServer();
    await new Promise<void>((resolve) => socket.listen(join(bad, 'socket.jpg'), resolve));
    const jobs = ['folder', 'socket', 'empty', 'text', 'half', 'gone'].map((name) => ({
      key: name,
      path: join(bad, `${name}.jpg`),
      sidecars: [],
      describe: false,
    }));
    const outcomes = await all(imageWorkers().run(each([...jobs, ...photos.slice(0, 3)]), never));
    expect(Object.fromEntries(failuresOf(outcomes).map(({ key, kind }) => [key, kind]))).toEqual({
      folder: 'not-a-file',
      socket: 'not-a-file',
      empty: 'empty',
      text: 'not-an-image',
      half: 'truncated',
      gone: 'vanished',
    });
    expect(outcomes).toHaveLength(jobs.length + 3);
    socket.close();
  });

  it('gives the same vector to a picture from outside', async () => {
    const workers = imageWorkers();
    const [outcome] = await all(workers.run(each(photos.slice(0, 1)), never));
    const { vector, ...size } = await workers.embedPicture(photos[0]!.path);
    expect(size).toEqual({ width: 900, height: 700 });
    expect(outcome?.state === 'embedded' && cosine(outcome.frames[0]!.vector, vector)).toBeCloseTo(1, 5);
    await writeFile(join(folder, 'notes.png'), 'no picture');
    await expect(workers.embedPicture(join(folder, 'notes.png'))).rejects.toMatchObject({
      kind: 'not-a-picture',
      message: expect.stringContaining('notes.png'),
    });
    await expect(workers.embedPicture(join(folder, 'nowhere.png'))).rejects.toMatchObject({
      kind: 'unreadable',
      message: expect.stringContaining('nowhere.png'),
    });
  });

  it('answers a query while photos wait', async () => {
    const workers = imageWorkers();
    const order: string[] = [];
    const indexing = (async () => {
      for await (const { state } of workers.run(each(photos), never)) {
        if (order.push(state) === 1) void workers.embedPicture(photos[0]!.path).then(() => order.push('query'));
      }
    })();
    await indexing;
    expect(order.indexOf('query')).toBeGreaterThan(0);
    expect(order.indexOf('query')).toBeLessThan(PHOTOS * 0.8);
  });

  it('draws a TIFF for a browser', async () => {
    await plain('#c83c28', 3000, 2000).tiff().toFile(join(folder, 'large.tif'));
    const target = join(folder, 'views', 'large.jpg');
    await imageWorkers().renderView(join(folder, 'large.tif'), target, 2560);
    expect(await sharp(target).metadata()).toMatchObject({ format: 'jpeg', width: 2560, height: 1707 });
  });

  it('pauses with its source, and gives what it had taken', async () => {
    let open = (): void => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    async function* stalling(): AsyncGenerator<ImageJob> {
      yield* photos.slice(0, 5);
      await gate;
      yield* photos.slice(5, 8);
    }
    const outcomes = imageWorkers().run(stalling(), never)[Symbol.asyncIterator]();
    for (let taken = 0; taken < 5; taken++) expect((await outcomes.next()).done).toBe(false);
    open();
    for (let taken = 0; taken < 3; taken++) expect((await outcomes.next()).done).toBe(false);
    expect((await outcomes.next()).done).toBe(true);
  });

  it('ends at once when it is told to', async () => {
    const controller = new AbortController();
    let count = 0;
    for await (const _ of imageWorkers().run(each(photos), controller.signal)) if (++count === 3) controller.abort();
    expect(count).toBe(3);
  });

  it('starts no process before there is something to do', async () => {
    const workers = imageWorkers();
    expect(children()).toEqual([]);
    await workers.embedPicture(photos[0]!.path);
    expect(children()).toHaveLength(1);
  });
});

describe.runIf(process.platform !== 'win32')('workers that die', () => {
  it('are replaced, and what they had in hand is done again', async () => {
    const outcomes: ImageOutcome[] = [];
    let kills = 0;
    for await (const outcome of imageWorkers().run(each(photos), never)) {
      outcomes.push(outcome);
      if (outcomes.length === 10 || outcomes.length === 25)
        for (const pid of children().slice(0, 1)) kills += Number(process.kill(pid, 'SIGKILL'));
    }
    expect(kills).toBe(2);
    expect(failuresOf(outcomes)).toEqual([]);
    expect(new Set(keysOf(outcomes)).size).toBe(PHOTOS);
    expect(outcomes).toHaveLength(PHOTOS);
  });

  it('lose only the photos that kill them', async () => {
    // The real worker, where a codec crashes on some files: the process is gone at once, as after an abort in native code.
    const fragile = join(folder, 'fragile-worker.mjs');
    await writeFile(
      fragile,
      `import ${JSON.stringify(pathToFileURL(entry).href)};\nprocess.on('message', ({ task }) => { if (task?.path?.includes('poison')) process.kill(process.pid, 'SIGSEGV'); });\n`,
    );
    const poison = ['poison 1.jpg', 'poison 2.jpg'].map((name) => ({
      key: name,
      path: join(folder, name),
      sidecars: [],
      describe: false,
    }));
    for (const { path } of poison) await copyFile(photos[0]!.path, path);
    const workers = imageWorkers({ entry: fragile });
    const outcomes = await all(
      workers.run(
        each([...photos.slice(0, 10), poison[0]!, ...photos.slice(10, 20), poison[1]!, ...photos.slice(20)]),
        never,
      ),
    );
    expect(outcomes).toHaveLength(PHOTOS + poison.length);
    const failures = failuresOf(outcomes);
    expect(keysOf(failures)).toEqual(['poison 1.jpg', 'poison 2.jpg']);
    for (const { key, kind, message } of failures) {
      expect(kind).toBe('crashed');
      expect(message).toContain(key);
    }
    await expect(workers.embedPicture(poison[0]!.path)).rejects.toMatchObject({
      kind: 'not-a-picture',
      message: expect.stringContaining('poison 1.jpg'),
    });
  });

  it('are not started for ever', async () => {
    const hopeless = join(folder, 'hopeless-worker.mjs');
    await writeFile(hopeless, 'process.exit(1);\n');
    const workers = imageWorkers({ entry: hopeless });
    await expect(all(workers.run(each(photos), never))).rejects.toMatchObject({
      kind: 'model-invalid',
      message: expect.stringContaining(starterModel),
    });
  });
});

describe('a model that cannot be loaded', () => {
  it('is an error of its own for every call, not a crash', async () => {
    const directory = await changedModel(join(folder, 'broken model'), {
      'onnx/vision_model.onnx': 'no graph',
      'onnx/text_model.onnx': 'no graph',
    });
    const broken = await describeModel(directory);
    const workers = imageWorkers({ model: broken });
    await expect(all(workers.run(each(photos), never))).rejects.toMatchObject({
      kind: 'model-invalid',
      message: expect.stringContaining('vision_model.onnx'),
    });
    await expect(workers.embedPicture(photos[0]!.path)).rejects.toMatchObject({ kind: 'model-invalid' });
    const texts = new TextWorker({ entry, model: broken, threads: 1 });
    open.push(texts);
    await expect(texts.embed(['red'])).rejects.toMatchObject({
      kind: 'model-invalid',
      message: expect.stringContaining('text_model.onnx'),
    });
  });
});
