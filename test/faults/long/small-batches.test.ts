import { expect, it } from 'vitest';
import { temporaryFolder } from '../../support/command-line.ts';
import { smallBatches } from '../../support/small-batches.ts';

it('a store is hardly larger after 1,000 small batches than written at once', async () => {
  const [folder, remove] = await temporaryFolder();
  expect(await smallBatches(folder, 1000)).toBeLessThan(1.3);
  await remove();
});
