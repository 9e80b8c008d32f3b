import { describe, expect, it } from 'vitest';
import { processUsage } from './process-usage.ts';

describe.runIf(process.platform === 'linux')('processUsage', () => {
  it('counts what this process has worked, and the memory that it holds', () => {
    const before = processUsage(process.pid);
    const own = process.cpuUsage();
    while (process.cpuUsage(own).user < 200_000) Math.sqrt(2);
    const after = processUsage(process.pid);
    expect(after!.cpuMs - before!.cpuMs).toBeGreaterThanOrEqual(150);
    expect(after!.residentBytes).toBeGreaterThan(20e6);
    expect(after!.residentBytes).toBeLessThan(64e9);
  });

  it('knows nothing of a process that is not there', () => {
    expect(processUsage(2 ** 22 + 1)).toBeNull();
  });
});
