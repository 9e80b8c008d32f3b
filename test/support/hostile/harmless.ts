import { expect } from 'vitest';
import { CPU_LIMIT_S, type Attempt } from './opening.ts';

/** Fails a test for each command that changed something outside of the library, hung, crashed or left something running. */
export const expectHarmless = (attempts: readonly Attempt[]): void => {
  for (const { command, changed, code, stderr, cpuSeconds, endedWhole } of attempts) {
    expect.soft({ command, changed }).toEqual({ command, changed: [] });
    // Opened or refused, and said why in words.
    expect.soft([0, 1], `${command}: ${stderr}`).toContain(code);
    expect.soft(stderr, command).not.toMatch(/^\s+at /mu);
    expect.soft(endedWhole, command).toBe(true);
    expect.soft(cpuSeconds, command).toBeLessThan(CPU_LIMIT_S);
  }
};
