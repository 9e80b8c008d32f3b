import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/command-line.ts';
import { makeMockHome, type MockHome } from '../support/hostile/mock-home.ts';
import { CPU_LIMIT_S, makePattern, openPrepared } from '../support/hostile/opening.ts';
import { sampledLibraries } from '../support/hostile/prepared-libraries.ts';

const canPrepare = process.platform === 'linux' && process.getuid?.() === 0;

describe.runIf(canPrepare)(
  'a library that somebody prepared (skipped where links, pipes and owners cannot be set)',
  () => {
    let home: MockHome;
    let pattern = '';
    let remove: () => Promise<void>;
    beforeAll(async () => {
      const [folder, removeFolder] = await temporaryFolder();
      remove = removeFolder;
      pattern = join(folder, 'pattern');
      home = await makeMockHome(folder);
      await makePattern(home, pattern);
    });
    afterAll(() => remove());

    it.each(sampledLibraries)('changes nothing outside of itself: $name', async (library) => {
      for (const { command, changed, code, stderr, cpuSeconds, endedWhole } of await openPrepared(
        home,
        pattern,
        library,
      )) {
        expect.soft({ command, changed }).toEqual({ command, changed: [] });
        // Opened or refused, and said why in words.
        expect.soft([0, 1], `${command}: ${stderr}`).toContain(code);
        expect.soft(stderr, command).not.toMatch(/^\s+at /mu);
        expect.soft(endedWhole, command).toBe(true);
        expect.soft(cpuSeconds, command).toBeLessThan(CPU_LIMIT_S);
      }
    });
  },
);
