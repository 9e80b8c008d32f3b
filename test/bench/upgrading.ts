import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { evaluationSchema, type Client } from '../../app/contract/index.ts';
import { connectBuilt } from '../support/built.ts';
import { runJson, temporaryFolder } from '../support/command-line.ts';
import { report, timed } from './measure.ts';

const ANCHORS = 200;

const seeAnchors = async (client: Client): Promise<void> => {
  for (;;) {
    const { upgrade } = await client.call('status', {});
    if (upgrade !== null && upgrade.phase !== 'anchors') return;
    await pause(5);
  }
};

/** A change from a model to a better one: how soon it answers, and how well before it has seen all photos. */
export const benchUpgrading = async (shared: string): Promise<void> => {
  const [folder, remove] = await temporaryFolder();
  const photos = join(shared, 'photos', 'flickr8k-dev');
  const library = join(folder, 'library');
  const connection = await connectBuilt(library);
  const { client } = connection;
  const add = async (name: string): Promise<string> =>
    (await client.call('models.add', { path: join(shared, 'models', name) })).id;
  await client.call('models.use', { id: await add('mini-b') });
  await client.call('roots.add', { path: photos });
  await client.call('index.run', {});
  const id = await add('mini-a');
  const upgrading = client.call('models.upgrade', { id, anchors: ANCHORS });
  await seeAnchors(client);
  const first = await timed(async () => {
    const { outcome } = await upgrading;
    if (outcome !== 'mapped') throw new Error(`There is no map: ${outcome}.`);
    await client.call('search', { query: 'two dogs running in snow' });
  });
  report('first search in the new space after the anchors are embedded', `${first.toFixed(1)} s`, '≤ 5 s', first <= 5);
  const evaluation = await runJson('eval', join(photos, 'captions.json'), '--library', library);
  const { r10 } = evaluationSchema.parse(evaluation).textToImage;
  report(
    'text → image R@10 right after a change mini-b → mini-a, 200 anchors of 500 photos',
    r10.toFixed(3),
    '≥ 0.56',
    r10 >= 0.56,
  );
  await connection.close();
  await remove();
};
