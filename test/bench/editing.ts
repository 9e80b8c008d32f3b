import { join } from 'node:path';
import type { Client } from '../../app/contract/index.ts';
import { sharedDir } from '../support/shared.ts';
import { temporaryFolder } from '../support/command-line.ts';
import { connectBuilt } from '../support/built.ts';
import { makeLibrary, starter } from './made-library.ts';
import { median, quantile, report } from './measure.ts';

const EDITS = 60;
const MODES = ['auto', 'mix', 'all', 'any', 'together'] as const;
/** Words that every model with a text tower knows. */
const WORDS = ['dog', 'beach', 'red car', 'snow', 'a child that plays in the water', 'night', 'green grass', 'horse'];

const took = async (client: Client, query: string): Promise<number> =>
  (await client.call('search', { query, limit: 200 })).tookMs;

const p95 = (samples: readonly number[]): string =>
  `${quantile(samples, 0.95).toFixed(1)} ms (median ${median(samples).toFixed(1)} ms)`;

/** Edits of a query of five terms over a library in the engine; what one drag of the hand causes. */
const edits = async (client: Client, photos: string, limit: number): Promise<void> => {
  const { photos: cells } = await client.call('photos.page', { limit: 2 });
  const [first, second] = cells.map(({ id }) => id);
  const composed = (weight: number): string =>
    `"dog"^${String(weight)} +"beach" photo:${first!} -"red car"^${String(2 - weight / 2)} -photo:${second!}`;
  await took(client, composed(1));
  const weights: number[] = [];
  for (let edit = 0; edit < EDITS; edit++) weights.push(await took(client, composed(0.5 + (edit % 30) / 20)));
  const tolerances: number[] = [];
  for (let edit = 0; edit < EDITS; edit++)
    tolerances.push(await took(client, `${composed(1)} tolerance:${String((edit % 50) / 50)}`));
  const switches: number[] = [];
  for (const mode of MODES) await took(client, `${composed(1)} mode:${mode}`);
  for (let edit = 0; edit < EDITS; edit++)
    switches.push(await took(client, `${composed(1)} mode:${MODES[edit % MODES.length]!}`));
  for (const [name, samples] of Object.entries({ weight: weights, tolerance: tolerances, mode: switches })) {
    report(
      `${name} edited, ${photos} photos × 5 terms, engine side, p95`,
      p95(samples),
      `≤ ${String(limit)} ms`,
      quantile(samples, 0.95) <= limit,
    );
  }
};

/** Sentences nobody asked for before: through the text tower, the product with all photos and the ranking. */
const newTerms = async (client: Client): Promise<void> => {
  const samples: number[] = [];
  for (const words of WORDS)
    for (const place of ['', ' at noon', ' in the garden', ' by the sea'])
      samples.push(await took(client, `"dog" +"${words}${place}"`));
  report(
    'new sentence in a query, 100,000 photos, engine side with its text tower, p95',
    p95(samples),
    '≤ 60 ms + tower',
    quantile(samples, 0.95) <= 60,
  );
};

export const benchEditing = async (): Promise<void> => {
  const model = sharedDir === undefined ? starter : join(sharedDir, 'models', 'mini-a');
  for (const [count, photos, limit] of [
    [100_000, '100,000', 16],
    [1_000_000, '1,000,000', 100],
  ] as const) {
    const [folder, remove] = await temporaryFolder();
    const { library } = await makeLibrary(folder, count, { model }, false);
    const connection = await connectBuilt(library);
    const { client } = connection;
    await client.call('search.prepare', {});
    await edits(client, photos, limit);
    if (count === 100_000) await newTerms(client);
    await connection.close();
    await remove();
  }
};
