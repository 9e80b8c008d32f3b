import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectHarmless } from '../../support/hostile/harmless.ts';
import { canPrepare, OpeningRoom } from '../../support/hostile/opening.ts';
import { preparedLibraries } from '../../support/hostile/prepared-libraries.ts';

describe.runIf(canPrepare)('all libraries that somebody prepared (skipped where owners cannot be set)', () => {
  let room: OpeningRoom;
  const slowest = { seconds: 0, cpuSeconds: 0 };
  beforeAll(async () => (room = await OpeningRoom.make()));
  afterAll(async () => {
    console.info(
      `${preparedLibraries.length} libraries; the slowest command took ${slowest.seconds.toFixed(1)} s, ` +
        `and the one that worked most ${slowest.cpuSeconds.toFixed(1)} s of CPU time.`,
    );
    await room.remove();
  });

  it('are fifty', () => {
    expect(new Set(preparedLibraries.map(({ name }) => name)).size).toBeGreaterThanOrEqual(50);
  });

  it.each(preparedLibraries)('change nothing outside of themselves: $name', async (library) => {
    const attempts = await room.open(library);
    for (const { seconds, cpuSeconds } of attempts) {
      slowest.seconds = Math.max(slowest.seconds, seconds);
      slowest.cpuSeconds = Math.max(slowest.cpuSeconds, cpuSeconds);
    }
    expectHarmless(attempts);
  });
});
