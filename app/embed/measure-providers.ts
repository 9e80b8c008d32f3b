import { z } from 'zod';
import { AfterimageError, providerSchema, type Provider } from '../contract/index.ts';
import { dot } from '../space/vector.ts';
import { GOLDEN_COUNT } from './golden-pictures.ts';
import type { Model } from './model.ts';
import { firstPlacement, onCpu, onGpu, placementSchema, type Placement } from './placement.ts';
import { Probe, ProbeFailed, type Probed } from './probe.ts';
import { whyAbsent } from './providers.ts';
import type { WorkerProgram } from './worker-process.ts';

const passedSchema = placementSchema.extend({
  state: z.literal('passed'),
  /** Least cosine to the vectors that the CPU gives of the golden pictures. */
  cosine: z.number(),
  /** Of the image tower alone. */
  photosPerSecond: z.number().positive(),
});
const failedSchema = z.object({
  /** `absent`: it could not even start. */
  state: z.enum(['absent', 'failed']),
  provider: providerSchema,
  graph: z.enum(['full', 'half']),
  reason: z.string(),
  cosine: z.number().nullable(),
});
/** What came of trying a provider on this computer, whatever is made of it. */
export const measurementSchema = z.discriminatedUnion('state', [passedSchema, failedSchema]);
export type Measurement = Readonly<z.infer<typeof measurementSchema>>;
export type Passed = Readonly<z.infer<typeof passedSchema>>;

export interface MeasureOptions extends WorkerProgram {
  readonly model: Model;
  /** Cores to use. */
  readonly threads: number;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds that one answer of a provider may take: to load the model, or to embed some pictures. */
  readonly patienceMs?: number | undefined;
  /** Milliseconds that one measurement takes, at least. */
  readonly measureMs?: number | undefined;
}

/** A provider whose vectors are further from the CPU's would give another library. */
const LEAST_COSINE = 0.999;
/** Long enough for a driver to compile what it needs, too short to leave a person in doubt. */
const PATIENCE_MS = 60_000;
/** The CPU is the reference; where it takes minutes, it takes minutes. */
const CPU_PATIENCE = 10;
const MEASURE_MS = 700;
/** How long all measurements of one provider take, about. */
const TUNING_MS = 10_000;
const MAX_GPU_BATCH = 32;
/** What a larger batch has to be worth. */
const BATCH_GAIN = 1.05;
/** What fewer processes have to be worth: the tower alone is measured here, and decoding is best off with a process per core. */
const CPU_GAIN = 1.15;

/**
 * What the CPU gives of the golden pictures, and how it is used best: today's rule, unless fewer processes with more threads
 * are clearly faster.
 *
 * @returns the measurement and the golden vectors, `[GOLDEN_COUNT × d]` row-major
 * @throws AfterimageError `model-invalid` when the model does not run at all, or `cancelled`
 */
export const measureCpu = async (
  options: MeasureOptions,
): Promise<{ readonly measured: Passed; readonly golden: Float32Array }> => {
  const { model, threads } = options;
  const began = performance.now();
  try {
    const first = await together(options, firstPlacement(model, threads));
    let { measured } = first;
    while (measured.processes > 1 && performance.now() - began < TUNING_MS) {
      const fewer = await together(options, onCpu(model, threads, Math.floor(measured.processes / 2)));
      if (fewer.measured.photosPerSecond < measured.photosPerSecond * CPU_GAIN) break;
      ({ measured } = fewer);
    }
    return { measured, golden: first.golden };
  } catch (error) {
    if (!(error instanceof ProbeFailed)) throw error;
    throw new AfterimageError('model-invalid', `The model ${model.name} does not run here: ${error.message}.`, {
      cause: error,
    });
  }
};

/** So many processes at once, as they work in earnest. */
const together = async (
  options: MeasureOptions,
  { processes, ...seat }: Placement,
): Promise<{ measured: Passed; golden: Float32Array }> => {
  const { model, signal, patienceMs = PATIENCE_MS, measureMs = MEASURE_MS } = options;
  const patience = { ms: patienceMs * CPU_PATIENCE, signal };
  const starts = await Promise.allSettled(
    Array.from({ length: processes }, () => Probe.start(options, { role: 'probe', model, ...seat }, patience)),
  );
  const probes = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
  try {
    for (const start of starts) if (start.status === 'rejected') throw start.reason;
    const probed = await Promise.all(probes.map((probe) => probe.run(seat.batch, measureMs)));
    const photosPerSecond = probed.reduce((sum, one) => sum + one.photosPerSecond, 0);
    // One process at least.
    const { vectors, batch } = probed[0]!;
    const golden = vectors.slice(0, GOLDEN_COUNT * model.dimension);
    return { measured: { ...seat, batch, processes, state: 'passed', cosine: 1, photosPerSecond }, golden };
  } finally {
    await Promise.all(probes.map((probe) => probe.end()));
  }
};

/**
 * Tries one provider: in half precision first, which is faster where it is right, then in full.
 *
 * @param golden what the CPU gives, `[GOLDEN_COUNT × d]` row-major
 * @returns one measurement for each graph that was tried
 * @throws AfterimageError `cancelled`
 */
export const measureGpu = async (
  options: MeasureOptions,
  provider: Provider,
  golden: Float32Array,
): Promise<Measurement[]> => {
  const absence = whyAbsent(provider);
  if (absence !== null) return [{ state: 'absent', provider, graph: 'full', reason: absence, cosine: null }];
  const measurements: Measurement[] = [];
  for (const graph of options.model.imageGraphHalf === null ? (['full'] as const) : (['half', 'full'] as const)) {
    const measurement = await tryGraph(options, provider, graph, golden);
    measurements.push(measurement);
    if (measurement.state !== 'failed') break;
  }
  return measurements;
};

const tryGraph = async (
  options: MeasureOptions,
  provider: Provider,
  graph: 'full' | 'half',
  golden: Float32Array,
): Promise<Measurement> => {
  const { model, threads, signal, patienceMs = PATIENCE_MS, measureMs = MEASURE_MS } = options;
  const failed = (reason: string, cosine: number | null = null): Measurement => ({
    state: ABSENT.test(reason) ? 'absent' : 'failed',
    provider,
    graph,
    reason,
    cosine,
  });
  const seat = { provider, graph, batch: MAX_GPU_BATCH, threads };
  let probe: Probe | undefined;
  let best: Passed | undefined;
  try {
    probe = await Probe.start(options, { role: 'probe', model, ...seat }, { ms: patienceMs, signal });
    const began = performance.now();
    for (let batch = 1; batch <= MAX_GPU_BATCH && performance.now() - began < TUNING_MS; batch *= 2) {
      const probed = await probe.run(batch, measureMs);
      const cosine = leastCosine(probed, golden, model.dimension);
      if (!(cosine >= LEAST_COSINE)) {
        if (best !== undefined) break;
        return Number.isNaN(cosine)
          ? failed('its vectors are no numbers')
          : failed(`cosine ${shown(cosine)} to the CPU`, cosine);
      }
      const { photosPerSecond } = probed;
      if (best !== undefined && photosPerSecond < best.photosPerSecond * BATCH_GAIN) break;
      const placement = onGpu({ provider, graph, batch: probed.batch }, threads);
      best = { ...placement, state: 'passed', cosine: Math.min(cosine, best?.cosine ?? 1), photosPerSecond };
      if (probed.batch < batch) break;
    }
  } catch (error) {
    if (!(error instanceof ProbeFailed)) throw error;
    // What fails in large batches has still passed in small ones.
    if (best === undefined) return failed(error.message);
  } finally {
    await probe?.end();
  }
  return best ?? failed('it was too slow to be measured');
};

/** What ONNX Runtime says when there is no such device, or no driver for it. */
const ABSENT = /adapter|shared library|no available backend|driver version|no CUDA-capable device/iu;

/** @returns NaN when one of the vectors is no vector */
const leastCosine = ({ vectors }: Probed, golden: Float32Array, dimension: number): number => {
  const rowOf = (all: Float32Array, row: number): Float32Array => all.subarray(row * dimension, (row + 1) * dimension);
  const cosines = Array.from({ length: vectors.length / dimension }, (_, row) =>
    dot(rowOf(vectors, row), rowOf(golden, row % GOLDEN_COUNT)),
  );
  return Math.min(...cosines);
};

/** Never rounded up to what would pass. */
export const shown = (cosine: number): string => String(Math.floor(cosine * 1e4) / 1e4);
