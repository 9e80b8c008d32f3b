import { setImmediate as breathe } from 'node:timers/promises';
import { join } from 'node:path';
import { Matrix, SVD } from 'ml-matrix';
import { ResidentVectors } from '../../app/embed/resident.ts';
import { chooseAnchors } from '../../app/space/upgrade/anchors.ts';
import { applyMap, fitMap } from '../../app/space/upgrade/map.ts';
import { normaliseRows } from '../../app/space/upgrade/matrix.ts';
import { Random } from '../support/scenes/random.ts';
import { median, report, timed } from './measure.ts';

const D = 768;
const ANCHORS = 2000;
const PHOTOS = 100_000;
const MILLION = 1_000_000;
const ROUNDS = 5;
/** Directions in which made-up photos vary more than in others, as real ones do. */
const FADING = 64;

const graph = join(import.meta.dirname, '..', '..', 'models', 'columns.onnx');
const random = new Random(1);
const next = (): number => random.next();

/** Unit vectors with a spectrum that falls off, `[n × 768]`. */
const vectors = (count: number): Float32Array => {
  const made = Float32Array.from({ length: count * D }, (_, i) => random.between(-1, 1) * Math.exp(-(i % D) / FADING));
  normaliseRows(made, D);
  return made;
};

const longestPauseOf = async (run: () => Promise<unknown>): Promise<number> => {
  let longest = 0;
  let last = performance.now();
  const ticking = setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  }, 1);
  await run();
  await breathe();
  longest = Math.max(longest, performance.now() - last);
  clearInterval(ticking);
  return longest;
};

/** Longest time for which nothing else in the process got its turn, in milliseconds, in the quietest of a few runs. */
const longestPause = async (run: () => Promise<unknown>): Promise<number> => {
  const longest: number[] = [];
  for (let round = 0; round < ROUNDS; round++) longest.push(await longestPauseOf(run));
  return Math.min(...longest);
};

const repeated = async (run: () => Promise<unknown>): Promise<number> => {
  const samples: number[] = [];
  for (let round = 0; round < ROUNDS; round++) samples.push(await timed(run));
  return median(samples);
};

/** An upgrade's arithmetic: choosing anchors, fitting a map between two models of 768 dimensions, and mapping a library. */
export const benchMapping = async (): Promise<void> => {
  const resident = await ResidentVectors.create(D, graph, 2);
  const product = resident.product.bind(resident);
  const [old, neu] = [vectors(ANCHORS), vectors(ANCHORS)];
  const fit = (): ReturnType<typeof fitMap> => fitMap({ old, neu }, { dOld: D, dNew: D }, product);
  const fitted = await repeated(fit);
  const [a, b] = [Matrix.from1DArray(ANCHORS, D, [...old]), Matrix.from1DArray(ANCHORS, D, [...neu])];
  const decomposed = await timed(() => Promise.resolve(new SVD(a.transpose().mmul(b))));
  report(
    'map fitted, 2,000 anchors × 768 to 768',
    `${fitted.toFixed(2)} s (singular value decomposition in JavaScript: ${decomposed.toFixed(1)} s)`,
    '≤ 6 s',
    fitted <= 6,
  );
  const map = await fit();
  const library = vectors(PHOTOS);
  const mapped = await repeated(() => applyMap(map, library, product, breathe));
  report('100,000 vectors × 768 mapped', `${mapped.toFixed(2)} s`, '≤ 2.5 s', mapped <= 2.5);
  // What a photo shows does not matter for time: a million of them are the same ones again.
  const rows = {
    count: MILLION,
    dimension: D,
    vectorOf: (row: number) => library.subarray((row % PHOTOS) * D, ((row % PHOTOS) + 1) * D),
  };
  const chosen = await timed(() => chooseAnchors(rows, ANCHORS, { random: next, product, breathe }));
  report('2,000 anchors chosen of 1,000,000 photos × 768', `${chosen.toFixed(2)} s`, '≤ 5 s', chosen <= 5);
  const pauses = [
    await longestPause(fit),
    await longestPause(() => applyMap(map, library, product, breathe)),
    await longestPause(() => chooseAnchors(rows, ANCHORS, { random: next, product, breathe })),
  ];
  const longest = Math.max(...pauses);
  report(
    'longest pause of the process meanwhile: fitting, mapping, choosing',
    pauses.map((pause) => `${pause.toFixed(0)} ms`).join(', '),
    '≤ 50 ms',
    longest <= 50,
  );
  await resident.release();
};
