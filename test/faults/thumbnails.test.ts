import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Client } from '../../app/contract/index.ts';
import type { Connection } from '../../main/engine/connect.ts';
import { connectBuilt } from '../support/built.ts';
import { temporaryFolder } from '../support/command-line.ts';
import { writeMany } from '../support/paintings.ts';

const PHOTOS = 200;
let folder = '';
let library = '';
let remove: () => Promise<void>;
let connection: Connection;
let client: Client;

beforeEach(async () => {
  [folder, remove] = await temporaryFolder();
  library = join(folder, 'library');
  const photos = join(folder, 'photos');
  await writeMany(photos, PHOTOS);
  connection = await connectBuilt(library);
  ({ client } = connection);
  await client.call('models.use', { id: 'starter' });
  await client.call('roots.add', { path: photos });
});
afterEach(async () => {
  await connection.close();
  await remove();
});

const deleteThumbnails = (): Promise<void> =>
  rm(join(library, 'thumbnails'), { recursive: true, force: true, maxRetries: 20, retryDelay: 1 });

const expectThumbnails = async (): Promise<void> => {
  const { photos } = await client.call('photos.page', { limit: PHOTOS });
  expect(photos).toHaveLength(PHOTOS);
  for (const { id } of photos) {
    const { path } = await client.call('photos.file', { id, as: 'thumbnail' });
    expect((await stat(path)).size).toBeGreaterThan(100);
  }
};

describe('thumbnails that are deleted under a running engine', () => {
  it('are made again when they are looked at', async () => {
    expect(await client.call('index.run', {})).toMatchObject({ indexed: PHOTOS, failed: 0 });
    await deleteThumbnails();
    await expectThumbnails();
    expect(await client.call('index.run', {})).toMatchObject({ indexed: 0, unchanged: PHOTOS, failed: 0 });
  });

  it('stop no indexing, however often they are deleted meanwhile', async () => {
    let isOver = false;
    const running = client.call('index.run', {}).finally(() => (isOver = true));
    running.catch(() => undefined);
    let times = 0;
    for (; !(isOver as boolean); times++) {
      await deleteThumbnails();
      await pause(10);
    }
    expect(await running).toMatchObject({ indexed: PHOTOS, failed: 0 });
    expect(times).toBeGreaterThan(20);
    await expectThumbnails();
  });
});
