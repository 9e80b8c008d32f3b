import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { temporaryFolder } from '../support/command-line.ts';
import { timedRun } from '../support/cpu-time.ts';
import { multiply } from './indexing.ts';
import { median, report } from './measure.ts';

const ROUNDS = 10;
/** Of 500 photos each. */
const COPIES = 4;
const own = resolve(import.meta.dirname, '..', '..');

/**
 * CPU time in seconds, of command line, engine and workers, that the built program of a checkout takes to index a folder. The
 * library has its model already: choosing one costs time once, whatever is indexed later.
 */
const indexed = async (checkout: string, photos: string, model: string): Promise<number> => {
  const folder = await mkdtemp(join(tmpdir(), 'afterimage-commits-'));
  const program = join(checkout, 'dist', 'main', 'cli.js');
  const run = async (...args: readonly string[]): Promise<number> => {
    const library = join(folder, 'library');
    const ended = await timedRun([process.execPath, program, 'index', ...args, '--library', library]);
    if (ended.code !== 0) throw new Error(`${program} ended with ${String(ended.code)}: ${ended.stderr}`);
    return ended.cpuSeconds;
  };
  try {
    await mkdir(join(folder, 'none'));
    await run(join(folder, 'none'), '--model', model);
    return await run(photos);
  } finally {
    await rm(folder, { recursive: true });
  }
};

/**
 * Whether this commit indexes as fast as another: both built, in turn, on the same 2,000 photos. What a commit differs from
 * itself by, measured in the same rounds, says how far the figure can be believed.
 *
 * @param other a checkout of the other commit, installed and built
 */
export const benchCommits = async (shared: string, other: string): Promise<void> => {
  const model = join(shared, 'models', 'mini-a');
  const [photos, remove] = await temporaryFolder();
  await multiply(join(shared, 'photos', 'flickr8k-dev'), photos, COPIES);
  const rounds: { readonly before: number; readonly now: number; readonly again: number }[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const cost = { before: 0, now: 0, again: 0 };
    const order = ['before', 'now', 'again'] as const;
    // There and back: what ran just before makes a difference of some per cent.
    for (const which of round % 2 === 0 ? order : order.toReversed())
      cost[which] = await indexed(which === 'before' ? resolve(other) : own, photos, model);
    rounds.push(cost);
  }
  await remove();
  const ratio = median(rounds.map(({ before, now }) => now / before));
  const noise = median(rounds.map(({ now, again }) => again / now));
  const seconds = median(rounds.map(({ now }) => now));
  report(
    `CPU time of indexing 2,000 photos (mini-a), of the same with the other commit, median of ${ROUNDS} paired rounds`,
    `${ratio.toFixed(3)} (${seconds.toFixed(1)} s; this commit against itself ${noise.toFixed(3)})`,
    '≤ 1.03',
    ratio <= 1.03,
  );
};
