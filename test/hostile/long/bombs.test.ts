import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../support/command-line.ts';
import { bombs } from '../../support/hostile/bombs.ts';
import { indexBombs, plant } from '../../support/hostile/exploding.ts';

const canPlant = process.platform === 'linux' && process.getuid?.() === 0;
/** On a machine that does nothing else it takes less than half as long. */
const LIMIT_S = 1200;

describe.runIf(canPlant)(
  'all files that are more than they seem (skipped where pipes and devices cannot be made)',
  () => {
    it(
      'end no engine, take no more memory than there is, and are photos or named with a reason',
      async () => {
        expect(bombs.length).toBeGreaterThanOrEqual(200);
        const [folder, remove] = await temporaryFolder();
        try {
          const photos = join(folder, 'photos');
          await plant(photos, bombs);
          expect(await indexBombs(join(folder, 'library'), photos, bombs)).toBeLessThan(LIMIT_S);
        } finally {
          await remove();
        }
      },
      2 * LIMIT_S * 1000,
    );
  },
);
