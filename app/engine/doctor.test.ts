import { describe, expect, it } from 'vitest';
import type { Execution } from '../contract/index.ts';
import { describeExecution } from './doctor.ts';

describe('describeExecution', () => {
  const trial = { graph: 'full', cosine: null, photosPerSecond: null } as const;
  const execution: Execution = {
    provider: 'cpu',
    graph: 'full',
    batch: 1,
    processes: 2,
    threads: 1,
    photosPerSecond: 10,
    reason: 'No other way to run this model here is both right and faster.',
    trials: [
      { ...trial, provider: 'cuda', state: 'unavailable', reason: 'its libraries are not installed' },
      { ...trial, provider: 'webgpu', state: 'refused', reason: 'cosine 0.94 to the CPU', cosine: 0.94 },
      { ...trial, provider: 'cpu', state: 'chosen', reason: 'the others are compared with it' },
    ],
  };

  it('names what was refused or is not there, with the reason', () => {
    expect(describeExecution(execution)).toBe(
      'CPU, 2 processes, 1 picture at a time. No other way to run this model here is both right and faster. CUDA unavailable: its libraries are not installed. WebGPU refused: cosine 0.94 to the CPU.',
    );
  });

  it('is silent of what could run it', () => {
    const trials: Execution['trials'] = [{ ...trial, provider: 'webgpu', state: 'accepted', reason: 'in vain' }];
    expect(describeExecution({ ...execution, trials })).not.toContain('WebGPU');
  });

  it('promises to find out where nothing has been tried', () => {
    expect(describeExecution(null)).toMatch(/^The CPU, until .* found out/u);
  });
});
