import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectHarmless } from '../support/hostile/harmless.ts';
import { canPrepare, OpeningRoom } from '../support/hostile/opening.ts';
import { sampledLibraries } from '../support/hostile/prepared-libraries.ts';
import { isWhole, sampleOf } from '../support/hostile/whole.ts';

describe.runIf(canPrepare)('a library that somebody prepared (skipped where owners cannot be set)', () => {
  let room: OpeningRoom;
  beforeAll(async () => (room = await OpeningRoom.make()));
  afterAll(() => room.remove());

  if (isWhole)
    it('opens, once it is trusted, where nothing is wrong with it', async () => {
      const attempts = await room.open({ name: 'sound', prepare: () => Promise.resolve() });
      expectHarmless(attempts);
      expect(attempts.map(({ command, code }) => [command.split(' ')[0], code])).toEqual([
        ['status', 1],
        ['status', 0],
        ['index', 0],
        ['doctor', 0],
        ['library', 0],
      ]);
    });

  it.each(sampleOf(sampledLibraries, 1))('changes nothing outside of itself: $name', async (library) => {
    expectHarmless(await room.open(library));
  });
});
