import { execFileSync, fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { z } from 'zod';
import { indexReportSchema } from '../../app/contract/index.ts';
import { ImageWorkers } from '../../app/embed/image-workers.ts';
import { mapUnordered } from '../../app/base/map-unordered.ts';
import { describeModel } from '../../app/embed/model.ts';
import { programs, runJson, temporaryFolder } from '../support/command-line.ts';
import { median, report } from './measure.ts';

const CORES = availableParallelism();
const ROUNDS = 3;
const PHOTO = /\.jpe?g$/iu;

const photosOf = async (folder: string): Promise<string[]> =>
  (await readdir(folder)).filter((name) => PHOTO.test(name)).map((name) => join(folder, name));

interface Ideal {
  /** Seconds per photo: decoding with thumbnails alone, and inference alone, added, over all cores. */
  readonly strict: number;
  /** The same with the making of the model's input counted among the decoding. */
  readonly withInput: number;
}

/** The ideal pipeline, in which nothing waits for anything: measures once per call. */
const startIdeal = async (model: string, paths: readonly string[]) => {
  const [thumbnails, remove] = await temporaryFolder();
  const shares = Array.from({ length: CORES }, (_, core) => paths.filter((__, index) => index % CORES === core));
  const workers = shares.map((share) =>
    fork(join(import.meta.dirname, 'ideal-worker.ts'), [model, thumbnails, ...share], {
      execArgv: ['--import', 'tsx'],
    }),
  );
  const answers = async (): Promise<number> => {
    const values = await Promise.all(workers.map(async (worker) => Number((await once(worker, 'message'))[0])));
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  const ask = (phase: string): Promise<number> => {
    const reply = answers();
    for (const worker of workers) worker.send(phase);
    return reply;
  };
  await answers();
  await ask('inference');
  return {
    measure: async (): Promise<Ideal> => {
      const decode = await ask('decode');
      const decodeForTower = await ask('decode-for-tower');
      const inference = await ask('inference');
      return { strict: (decode + inference) / CORES, withInput: (decodeForTower + inference) / CORES };
    },
    end: async (): Promise<void> => {
      workers.forEach((worker: ChildProcess) => worker.kill());
      await remove();
    },
  };
};

/** Seconds per photo of `afterimage index` into a fresh library, start of the workers included. */
const programSeconds = async (model: string, folder: string): Promise<number> => {
  const [library, remove] = await temporaryFolder();
  const report = await runJson('index', folder, '--model', model, '--library', library);
  const { seconds, indexed } = indexReportSchema.parse(report);
  await remove();
  return seconds / indexed;
};

/** Seconds per photo of the workers alone: decode and embed, no thumbnails, nothing stored. */
const embeddingSeconds = async (directory: string, paths: readonly string[]): Promise<number> => {
  const [library, remove] = await temporaryFolder();
  const model = await describeModel(directory);
  const workers = new ImageWorkers({
    entry: join(programs, 'worker.js'),
    model,
    library,
    threads: CORES,
    identify: () => ({ photoId: '', need: 'nothing' }),
  });
  const source = async function* (): AsyncGenerator<string> {
    for (const path of paths) yield await Promise.resolve(path);
  };
  const all = async (): Promise<void> => {
    for await (const vector of mapUnordered(source(), 12 * CORES, new AbortController().signal, (path) =>
      workers.embedPicture(path),
    )) {
      if (vector.width === 0) throw new Error('A picture has no size.');
    }
  };
  await all();
  const rounds: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const began = performance.now();
    await all();
    rounds.push((performance.now() - began) / 1000 / paths.length);
  }
  await workers.close();
  await remove();
  return median(rounds);
};

const plainSchema = z.object({ photos: z.number(), seconds: z.array(z.number()) });

/** Seconds per photo of the plain script over transformers.js, the better of one at a time and batches of 16. */
const plainSeconds = (models: string, name: string, folder: string): number => {
  const cwd = join(import.meta.dirname, 'transformers');
  execFileSync('npm', ['ci', '--silent'], { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
  const perPhoto = ['1', '16'].map((batch) => {
    const { photos, seconds } = plainSchema.parse(
      JSON.parse(
        execFileSync(process.execPath, ['embed.mjs', models, name, folder, batch, String(ROUNDS)], {
          cwd,
          encoding: 'utf8',
        }),
      ),
    );
    return median(seconds) / photos;
  });
  return Math.min(...perPhoto);
};

const perSecond = (seconds: number): string => `${(1 / seconds).toFixed(0)} photos/s`;

/** Ideal and program in turn, so that a machine whose speed drifts does not favour either; the median of the ratios counts. */
const compareWithIdeal = async (what: string, model: string, folder: string): Promise<number> => {
  const ideal = await startIdeal(model, await photosOf(folder));
  const rounds: (Ideal & { readonly program: number })[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    rounds.push({ ...(await ideal.measure()), program: await programSeconds(model, folder) });
  }
  await ideal.end();
  const strict = median(rounds.map((round) => round.strict / round.program));
  const withInput = median(rounds.map((round) => round.withInput / round.program));
  const program = median(rounds.map((round) => round.program));
  report(`indexing ${what}, of the ideal`, `${strict.toFixed(2)} (${perSecond(program)})`, '≥ 0.85', strict >= 0.85);
  report('… the model’s input counted as part of the ideal', withInput.toFixed(2), 'for comparison', true);
  return program;
};

/** The same photos several times over, different to the byte: long enough a run for the start not to matter. */
export const multiply = async (folder: string, target: string, times: number): Promise<void> => {
  await mkdir(target, { recursive: true });
  for (const path of await photosOf(folder)) {
    const bytes = await readFile(path);
    // What follows the end of a JPEG is not read by decoders, and makes another file of it.
    for (let copy = 0; copy < times; copy++)
      await writeFile(
        join(target, `${String(copy)}-${path.split(/[\\/]/u).at(-1) ?? ''}`),
        Buffer.concat([bytes, Buffer.from([copy])]),
      );
  }
};

/** Photo-like 12-megapixel JPEGs: soft shapes with grain, as a camera would write them. */
const makeLargePhotos = async (folder: string, count: number): Promise<void> => {
  await mkdir(folder, { recursive: true });
  const [width, height] = [4000, 3000];
  for (let index = 0; index < count; index++) {
    const soft = await sharp({
      create: {
        width: 40,
        height: 30,
        channels: 3,
        background: '#808080',
        noise: { type: 'gaussian', mean: 90 + 4 * index, sigma: 60 },
      },
    })
      .png()
      .toBuffer();
    const grain = await sharp({
      create: { width, height, channels: 3, background: '#808080', noise: { type: 'gaussian', mean: 128, sigma: 12 } },
    })
      .png({ compressionLevel: 1 })
      .toBuffer();
    await sharp(soft)
      .resize(width, height, { kernel: 'cubic' })
      .composite([{ input: grain, blend: 'soft-light' }])
      .jpeg({ quality: 90 })
      .toFile(join(folder, `${String(index)}.jpg`));
  }
};

export const benchIndexing = async (shared: string): Promise<void> => {
  const models = join(shared, 'models');
  const model = join(models, 'mini-a');
  const small = join(shared, 'photos', 'flickr8k-dev');
  const [made, remove] = await temporaryFolder();
  await multiply(small, join(made, 'small'), 4);
  await multiply(join(shared, 'photos', 'tiny-coco'), join(made, 'medium'), 8);
  await makeLargePhotos(join(made, 'camera'), 30);
  await multiply(join(made, 'camera'), join(made, 'large'), 6);

  const program = await compareWithIdeal('2,000 small photos (mini-a)', model, join(made, 'small'));
  await compareWithIdeal('800 photos of 640 pixels (mini-a)', model, join(made, 'medium'));
  await compareWithIdeal('180 photos of 12 megapixels (mini-a)', model, join(made, 'large'));

  const plain = plainSeconds(models, 'mini-a', small);
  const embedding = await embeddingSeconds(model, await photosOf(small));
  report(
    'embedding alone against a plain transformers.js script',
    `${(plain / embedding).toFixed(2)} × (${perSecond(embedding)} against ${perSecond(plain)})`,
    '≥ 1.7 ×',
    plain / embedding >= 1.7,
  );
  report(
    'the whole program against the same script',
    `${(plain / program).toFixed(2)} × (${perSecond(program)} against ${perSecond(plain)})`,
    '≥ 1.3 ×',
    plain / program >= 1.3,
  );
  await remove();
};
