import { spawn } from 'node:child_process';
import { once } from 'node:events';
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

  it('counts the memory of the programs that a process has started', async () => {
    const before = processUsage(process.pid);
    const hundred = "const held = Buffer.alloc(1e8, 1); process.stdout.write('ready'); setTimeout(() => held, 60_000)";
    const child = spawn(process.execPath, ['-e', hundred], { stdio: ['ignore', 'pipe', 'ignore'] });
    await once(child.stdout, 'data');
    const during = processUsage(process.pid);
    child.kill();
    await once(child, 'exit');
    const after = processUsage(process.pid);
    expect(during!.residentBytes - before!.residentBytes).toBeGreaterThan(1e8);
    expect(during!.residentBytes - after!.residentBytes).toBeGreaterThan(1e8);
  });

  it('knows nothing of a process that is not there', () => {
    expect(processUsage(2 ** 22 + 1)).toBeNull();
  });
});
