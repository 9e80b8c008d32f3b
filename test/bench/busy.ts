import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import sharp from 'sharp';
import type { Client } from '../../app/contract/index.ts';
import { readVocabulary } from '../../app/engine/search/vocabulary.ts';
import { connectBuilt } from '../support/built.ts';
import { temporaryFolder } from '../support/command-line.ts';
import { readHolder } from '../../main/engine/lock.ts';
import { sharedDir } from '../support/shared.ts';
import { makeLibrary, starter } from './made-library.ts';
import { median, memoryOf, quantile, report } from './measure.ts';

/** With what is indexed meanwhile, about 10,000. */
const KNOWN = 8500;
/** Photos that are indexed meanwhile: enough for all blocks. */
const FRESH = 4000;
const ROUNDS = 3;
/** Blocks of queries per round, at rest and at work in turn, so that a machine whose speed drifts favours neither. */
const BLOCKS = 4;
const QUERIES = 26;
/** Milliseconds between an answer and the next question; not a multiple of anything. */
const BREATH_MS = 37;

/** Photos of the size of a phone's screen that all differ: parts of one large soft picture with grain. */
const makePhotos = async (folder: string, count: number): Promise<void> => {
  await mkdir(folder, { recursive: true });
  const [width, height, columns, step] = [1200, 900, 64, 17];
  const raw = {
    width: width + columns * step,
    height: height + Math.ceil(count / columns) * step,
    channels: 3,
  } as const;
  const grey = { ...raw, background: '#808080' };
  const grain = sharp({ create: { ...grey, noise: { type: 'gaussian', mean: 128, sigma: 12 } } });
  const soft = Uint8Array.from({ length: 24 * 18 * 3 }, () => 256 * Math.random());
  const large = await sharp(soft, { raw: { width: 24, height: 18, channels: 3 } })
    .resize(raw.width, raw.height, { kernel: 'cubic', fit: 'fill' })
    .composite([{ input: await grain.png({ compressionLevel: 0 }).toBuffer(), blend: 'soft-light' }])
    .raw()
    .toBuffer();
  for (let number = 0; number < count; number++)
    await sharp(large, { raw })
      .extract({ left: (number % columns) * step, top: Math.floor(number / columns) * step, width, height })
      .jpeg({ quality: 85 })
      .toFile(join(folder, `${String(number)}.jpg`));
};

/** Sentences that nobody asked before: each goes through the text tower. */
const sentences = async function* (): AsyncGenerator<string, never> {
  const words = await readVocabulary(join(import.meta.dirname, '..', '..', 'models', 'vocabulary.json'));
  for (let turn = 0; ; turn++) {
    const [one, other] = [words[turn % words.length], words[(7 * turn + 3) % words.length]];
    yield `${one ?? ''} beside a ${other ?? ''} number ${String(turn)}`;
  }
};

interface Asked {
  readonly idle: readonly number[];
  readonly busy: readonly number[];
}

const asked = async (client: Client, next: () => Promise<string>): Promise<number[]> => {
  const took: number[] = [];
  for (let query = 0; query < QUERIES; query++) {
    const words = await next();
    const began = performance.now();
    await client.call('search', { query: words, limit: 200 });
    took.push(performance.now() - began);
    await pause(BREATH_MS);
  }
  return took;
};

const done = async (client: Client): Promise<number> => (await client.call('status', {})).progress.done;

/** Until nothing that was begun before the pause is left in hand. */
const atRest = async (client: Client): Promise<void> => {
  for (let before = -1, now = await done(client); before !== now; now = await done(client)) {
    before = now;
    await pause(1000);
  }
};

const round = async (client: Client, next: () => Promise<string>): Promise<Asked> => {
  const idle: number[] = [];
  const busy: number[] = [];
  for (let block = 0; block < BLOCKS; block++) {
    await client.call('index.pause', {});
    await atRest(client);
    idle.push(...(await asked(client, next)));
    const before = await done(client);
    await client.call('index.resume', {});
    // Until the workers have all that they can hold in hand again.
    while ((await done(client)) < before + 20) await pause(20);
    busy.push(...(await asked(client, next)));
  }
  return { idle, busy };
};

const shown = (samples: readonly number[]): string =>
  `${quantile(samples, 0.95).toFixed(0)} ms (${median(samples).toFixed(0)} ms)`;

/** How long a new sentence takes while photos are indexed, beside what it takes while nothing is. */
const duringIndexing = async (client: Client, photos: string): Promise<void> => {
  const made = sentences();
  const next = async (): Promise<string> => (await made.next()).value;
  await client.call('search.prepare', {});
  await asked(client, next);
  const { id } = await client.call('roots.add', { path: photos });
  const running = client.call('index.run', { rootIds: [id] });
  while ((await done(client)) < 100) await pause(50);
  const rounds: Asked[] = [];
  for (let number = 0; number < ROUNDS; number++) rounds.push(await round(client, next));
  if ((await client.call('status', {})).progress.phase !== 'indexing')
    throw new Error('The run was over before the queries were.');
  const ratio = median(rounds.map(({ idle, busy }) => quantile(busy, 0.95) / quantile(idle, 0.95)));
  const [idle, busy] = [rounds.flatMap((each) => each.idle), rounds.flatMap((each) => each.busy)];
  report(
    'new sentence at about 10,000 photos while others are indexed, of the same at rest, p95 (median)',
    `${ratio.toFixed(2)} × (${(median(busy) / median(idle)).toFixed(2)} ×): ${shown(busy)} against ${shown(idle)}`,
    '≤ 1.5 ×',
    ratio <= 1.5,
  );
  await client.call('index.cancel', {});
  await running;
};

/** Memory of the engine when its workers have ended and it has come to rest; Linux only. */
const atItsLeast = async (library: string, what: string): Promise<void> => {
  const holder = await readHolder(library);
  if (holder === null || process.platform !== 'linux') return;
  const pid = String(holder.pid);
  const began = performance.now();
  const workers = (): boolean => readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim() !== '';
  // The text worker waits five minutes for another sentence.
  while (workers() && performance.now() - began < 330_000) await pause(1000);
  await pause(Math.max(0, 95_000 - (performance.now() - began)));
  const { now, peak } = memoryOf(holder.pid);
  report(
    `engine memory at rest, workers ended, ${what} (peak)`,
    `${now.toFixed(0)} MB (${peak.toFixed(0)} MB)${workers() ? ', a worker is left' : ''}`,
    '≤ 250 MB',
    now <= 250 && !workers(),
  );
};

/** Searching while photos are indexed, and what the engine holds when all is done. */
export const benchBusy = async (): Promise<void> => {
  const model = sharedDir === undefined ? starter : join(sharedDir, 'models', 'mini-a');
  const [folder, remove] = await temporaryFolder();
  const { library } = await makeLibrary(folder, KNOWN, { model });
  const photos = join(folder, 'fresh');
  await makePhotos(photos, FRESH);
  const connection = await connectBuilt(library);
  await duringIndexing(connection.client, photos);
  const { total } = await connection.client.call('photos.page', { limit: 1 });
  await atItsLeast(library, `${total.toLocaleString('en')} photos, after indexing and 600 sentences`);
  await connection.close();
  await remove();

  const [large, removeLarge] = await temporaryFolder();
  const known = await makeLibrary(large, 10_000, { dimension: 768 }, false);
  const other = await connectBuilt(known.library);
  const { photos: cells } = await other.client.call('photos.page', { limit: 200 });
  for (const { id } of cells) await other.client.call('search', { query: `photo:${id}`, limit: 200 });
  await atItsLeast(known.library, '10,000 photos × 768, after 200 photos were searched for');
  await other.close();
  await removeLarge();
};
