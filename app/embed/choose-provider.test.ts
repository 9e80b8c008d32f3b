import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { executionSchema } from '../contract/index.ts';
import { decide, fallenBack } from './choose-provider.ts';
import type { Measurement } from './measure-providers.ts';
import { firstPlacement } from './placement.ts';
import { providersFor } from './providers.ts';

const passed = (provider: 'cpu' | 'cuda' | 'webgpu', photosPerSecond: number, cosine = 1): Measurement => ({
  state: 'passed',
  provider,
  graph: 'full',
  batch: 4,
  processes: 1,
  threads: 2,
  photosPerSecond,
  cosine,
});
const failed = (provider: 'cuda' | 'webgpu', reason: string, state: 'absent' | 'failed' = 'failed'): Measurement => ({
  state,
  provider,
  graph: 'half',
  reason,
  cosine: null,
});
const linux = providersFor('linux');
const cpu = passed('cpu', 10);

describe('decide', () => {
  it('takes the first of the platform’s order that is faster than the CPU', () => {
    const execution = decide([cpu, passed('webgpu', 90), passed('cuda', 40, 0.99991)], 'auto', linux);
    expect(execution).toMatchObject({ provider: 'cuda', photosPerSecond: 40, batch: 4 });
    expect(execution.reason).toBe('CUDA gives the same vectors as the CPU at 4 × its speed.');
    expect(execution.trials).toMatchObject([
      { provider: 'cuda', state: 'chosen', reason: 'cosine 0.9999 to the CPU, 4 × the speed of the CPU' },
      { provider: 'webgpu', state: 'accepted' },
      { provider: 'cpu', state: 'accepted' },
    ]);
  });

  it('refuses what is slower, with the figure, unless the person wants it', () => {
    const measured = [passed('webgpu', 4), cpu];
    expect(decide(measured, 'auto', linux)).toMatchObject({
      provider: 'cpu',
      trials: [{ state: 'refused', reason: '0.4 × the speed of the CPU' }, { state: 'chosen' }],
    });
    expect(decide(measured, 'webgpu', linux)).toMatchObject({ provider: 'webgpu', reason: 'You have chosen WebGPU.' });
  });

  it('says why a person’s choice is not followed', () => {
    const measured = [failed('webgpu', 'cosine 0.94 to the CPU'), cpu];
    expect(decide(measured, 'webgpu', linux)).toMatchObject({
      provider: 'cpu',
      reason: 'You have chosen WebGPU, which cannot be used: cosine 0.94 to the CPU.',
    });
  });

  it('tells what is not there from what is wrong', () => {
    const absent = failed('webgpu', 'there is no adapter', 'absent');
    expect(decide([absent, cpu], 'auto', linux)).toMatchObject({
      reason: 'There is nothing but the CPU to run this model here.',
      trials: [{ state: 'unavailable', reason: 'there is no adapter' }, {}],
    });
    expect(decide([absent, failed('cuda', 'it hangs'), cpu], 'auto', linux).reason).toBe(
      'No other way to run this model here is both right and faster.',
    );
  });

  it('never chooses what has not passed, chooses exactly one, and says so in the contract’s words', () => {
    const measurement = fc.oneof(
      fc
        .tuple(fc.constantFrom('cuda' as const, 'webgpu' as const), fc.double({ min: 0.1, max: 1e4, noNaN: true }))
        .map(([provider, speed]) => passed(provider, speed)),
      fc.constantFrom('cuda' as const, 'webgpu' as const).map((provider) => failed(provider, 'it crashes')),
    );
    fc.assert(
      fc.property(
        fc.array(measurement, { maxLength: 4 }),
        fc.constantFrom('auto' as const, 'cpu' as const, 'cuda' as const, 'webgpu' as const),
        (others, override) => {
          const execution = executionSchema.parse(decide([...others, cpu], override, linux));
          expect(execution.trials.filter(({ state }) => state === 'chosen')).toMatchObject([
            { provider: execution.provider, photosPerSecond: execution.photosPerSecond },
          ]);
          expect(execution.trials).toHaveLength(others.length + 1);
          if (override === 'auto') expect(execution.photosPerSecond).toBeGreaterThanOrEqual(10);
          else expect([override, 'cpu']).toContain(execution.provider);
        },
      ),
    );
  });
});

describe('fallenBack', () => {
  it('says of nothing any more what was true of the provider that failed', () => {
    const before = decide([cpu, passed('webgpu', 90)], 'auto', linux);
    const now = firstPlacement({ imageGraphBytes: 1000 }, 2);
    expect(now).not.toMatchObject({ batch: before.batch, processes: before.processes, threads: before.threads });
    const execution = executionSchema.parse(fallenBack(before, now, 'It ended.'));
    expect(execution).toMatchObject({ ...now, provider: 'cpu', photosPerSecond: null, reason: 'It ended.' });
    expect(execution.trials).toMatchObject([
      { provider: 'webgpu', state: 'refused', reason: 'it failed while it worked', photosPerSecond: 90 },
      { provider: 'cpu', state: 'chosen', photosPerSecond: 10 },
    ]);
  });
});
