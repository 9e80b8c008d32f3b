import { afterAll, describe, expect, it } from 'vitest';
import { removeRooms } from '../../fuzz/file-targets.ts';
import { fuzz } from '../../fuzz/loop.ts';
import { targets } from '../../fuzz/targets.ts';

/** As many as `tested` says, from the same seed every time; `npm run fuzz -- all --runs 50000` gives them more. */
const SEED = 1;

afterAll(removeRooms);

describe('readers of what comes from elsewhere', () => {
  it.each(targets)('$name: throws only what it declares, and soon', async (target) => {
    const { runs, findings } = await fuzz(target, { seed: SEED, runs: target.tested, seconds: Infinity });
    expect(findings).toEqual([]);
    expect(runs).toBe(target.tested);
  });
});
