import { join } from 'node:path';
import { describe, it } from 'vitest';
import { temporaryFolder } from '../support/command-line.ts';
import { sampledBombs } from '../support/hostile/bombs.ts';
import { indexBombs, plant } from '../support/hostile/exploding.ts';

const canPlant = process.platform === 'linux' && process.getuid?.() === 0;

describe.runIf(canPlant)('files that are more than they seem (skipped where pipes and devices cannot be made)', () => {
  it('end no engine, take no more memory than there is, and are photos or named with a reason', async () => {
    const [folder, remove] = await temporaryFolder();
    try {
      const photos = join(folder, 'photos');
      await plant(photos, sampledBombs);
      await indexBombs(join(folder, 'library'), photos, sampledBombs);
    } finally {
      await remove();
    }
  });
});
