import { z } from 'zod';
import { readJsonBounded } from '../base/read.ts';
import type { Execution, Provider, ProviderChoice, Trial } from '../contract/index.ts';
import { deviceKey } from './device.ts';
import {
  measureCpu,
  measureGpu,
  measurementSchema,
  shown,
  type Measurement,
  type MeasureOptions,
  type Passed,
} from './measure-providers.ts';
import { firstPlacement, type Placement } from './placement.ts';
import { labelOf, providersFor } from './providers.ts';
import { writeCache } from './write-cache.ts';

export interface ChooseOptions extends MeasureOptions {
  /** JSON file that remembers what was measured, by device and model; deleted, everything is measured anew. */
  readonly cache: string;
  /** The person's choice. It may be slow, but not wrong. */
  readonly override?: ProviderChoice | undefined;
  /** What was measured before is not believed. */
  readonly anew?: boolean;
}

/**
 * Decides how a model's image tower runs on this computer. The first time, every provider of the platform is tried in a
 * process of its own, which takes from some seconds to some minutes; nothing else should be embedded meanwhile.
 *
 * @throws AfterimageError `model-invalid` when the model does not even run on the CPU, or `cancelled`
 */
export const chooseProvider = async (options: ChooseOptions): Promise<Execution> => {
  const { key, known, missing, execution } = await recall(options);
  return execution ?? decide(await measure(options, key, known, missing), options.override ?? 'auto');
};

/** As `chooseProvider`, without trying anything: null while something has not been tried. */
export const rememberedExecution = async (options: ChooseOptions): Promise<Execution | null> =>
  (await recall(options)).execution;

/** What was measured before, what is missing for a decision, and the decision when nothing is. */
const recall = async ({ model, threads, cache, override = 'auto', anew = false }: ChooseOptions): Promise<Recalled> => {
  const key = `${await deviceKey()} ${threads} ${model.fingerprint} ${model.halfFingerprint ?? 'full'}`;
  if (model.kind === 'starter' && (override === 'auto' || override === 'cpu')) {
    const reason = 'The starter model is so small that nothing is faster than the CPU.';
    const execution = { ...firstPlacement(model, threads), photosPerSecond: null, reason, trials: [] };
    return { key, known: [], missing: [], execution };
  }
  const cached = anew ? [] : ((await readCache(cache))[key] ?? []);
  // Without the CPU's there is nothing to compare the others with.
  const known = cached.some(({ provider, state }) => provider === 'cpu' && state === 'passed') ? cached : [];
  const wanted = override === 'auto' ? providersFor() : [override];
  const missing = wanted.filter((provider) => !known.some((measurement) => measurement.provider === provider));
  return { key, known, missing, execution: missing.length === 0 ? decide(known, override) : null };
};

interface Recalled {
  readonly key: string;
  readonly known: readonly Measurement[];
  readonly missing: readonly Provider[];
  readonly execution: Execution | null;
}

/** Tries what has not been tried, and remembers it. The CPU always comes along: it is what others are compared with. */
const measure = async (
  options: ChooseOptions,
  key: string,
  known: readonly Measurement[],
  missing: readonly Provider[],
): Promise<Measurement[]> => {
  const { measured, golden } = await measureCpu(options);
  const measurements = known.filter(({ provider }) => provider !== 'cpu');
  for (const provider of missing)
    if (provider !== 'cpu') measurements.push(...(await measureGpu(options, provider, golden)));
  measurements.push(measured);
  const others = Object.entries(await readCache(options.cache)).filter(([other]) => other !== key);
  const entries = Object.fromEntries([...others.slice(1 - REMEMBERED), [key, measurements]]);
  await writeCache(options.cache, entries);
  return measurements;
};

/** Devices and models that are remembered; drivers come and go. */
const REMEMBERED = 64;
const MAX_CACHE_BYTES = 4e6;

const cacheSchema = z.record(z.string(), z.array(measurementSchema));

/** A damaged cache is an empty one. */
const readCache = async (path: string): Promise<z.infer<typeof cacheSchema>> => {
  try {
    return await readJsonBounded(path, cacheSchema, { maxBytes: MAX_CACHE_BYTES });
  } catch {
    return {};
  }
};

/**
 * What is made of the measurements: the first provider in the platform's order that is right and no slower than the CPU, or the
 * person's choice if it is right.
 *
 * @param measurements that of the CPU among them
 */
export const decide = (
  measurements: readonly Measurement[],
  override: ProviderChoice,
  order: readonly Provider[] = providersFor(),
): Execution => {
  const cpu = measurements.find((one): one is Passed => one.state === 'passed' && one.provider === 'cpu');
  if (cpu === undefined) throw new TypeError('The CPU has not been measured.');
  const rankOf = ({ provider }: Measurement): number => (provider === 'cpu' ? order.length : order.indexOf(provider));
  const ranked = measurements.toSorted((a, b) => rankOf(a) - rankOf(b));
  const wanted = ranked.find(
    (one): one is Passed =>
      one.state === 'passed' &&
      (override === 'auto' ? one.photosPerSecond >= cpu.photosPerSecond : one.provider === override),
  );
  const chosen = wanted ?? cpu;
  const trials = ranked.map((one) => trialOf(one, cpu, one === chosen));
  const { state: _, cosine: __, ...placement } = chosen;
  return { ...placement, reason: reasonFor(chosen, cpu, override, trials), trials };
};

/** What becomes of a decision when the chosen provider fails in use, and the CPU goes on as `placement` says. */
export const fallenBack = (before: Execution, placement: Placement, reason: string): Execution => ({
  ...placement,
  photosPerSecond: null,
  reason,
  trials: before.trials.map((trial) => {
    if (trial.state === 'chosen') return { ...trial, state: 'refused', reason: 'it failed while it worked' };
    return trial.provider === placement.provider ? { ...trial, state: 'chosen' } : trial;
  }),
});

const trialOf = (one: Measurement, cpu: Passed, isChosen: boolean): Trial => {
  const { provider, graph, cosine } = one;
  if (one.state !== 'passed') {
    const state = one.state === 'absent' ? 'unavailable' : 'refused';
    return { provider, graph, state, reason: one.reason, cosine, photosPerSecond: null };
  }
  const { photosPerSecond } = one;
  const speed = `${ratio(one, cpu)} × the speed of the CPU`;
  const isSlow = photosPerSecond < cpu.photosPerSecond;
  const state = isChosen ? 'chosen' : isSlow ? 'refused' : 'accepted';
  const reason =
    one === cpu
      ? 'the others are compared with it'
      : state === 'refused'
        ? speed
        : `cosine ${shown(one.cosine)} to the CPU, ${speed}`;
  return { provider, graph, state, reason, cosine, photosPerSecond };
};

const reasonFor = (chosen: Passed, cpu: Passed, override: ProviderChoice, trials: readonly Trial[]): string => {
  if (override === chosen.provider) return `You have chosen ${labelOf(override)}.`;
  if (override !== 'auto') {
    const why = trials.find(({ provider }) => provider === override)?.reason ?? 'it has not been tried';
    return `You have chosen ${labelOf(override)}, which cannot be used: ${why}.`;
  }
  if (chosen !== cpu)
    return `${labelOf(chosen.provider)} gives the same vectors as the CPU at ${ratio(chosen, cpu)} × its speed.`;
  return trials.some(({ state }) => state === 'refused')
    ? 'No other way to run this model here is both right and faster.'
    : 'There is nothing but the CPU to run this model here.';
};

const ratio = (one: Passed, cpu: Passed): string => {
  const value = one.photosPerSecond / cpu.photosPerSecond;
  return value < 10 ? String(Number(value.toPrecision(2))) : String(Math.round(value));
};
