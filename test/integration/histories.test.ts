import { appendFile, copyFile, mkdir, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Client, IndexReport, Output } from '../../app/contract/index.ts';
import type { Connection } from '../../main/engine/connect.ts';
import { connectBuilt } from '../support/built.ts';
import { temporaryFolder } from '../support/command-line.ts';
import { plain } from '../support/image-files.ts';
import { changedModel } from '../support/model-folders.ts';
import { rawFiles } from '../support/raw-files.ts';

let folder = '';
let remove: () => Promise<void>;
let connection: Connection;
let client: Client;

beforeAll(async () => {
  [folder, remove] = await temporaryFolder();
  await mkdir(join(folder, 'photos'));
  connection = await connectBuilt(join(folder, 'library'));
  ({ client } = connection);
  await client.call('models.use', { id: 'starter' });
  await client.call('roots.add', { path: join(folder, 'photos') });
});
afterAll(async () => {
  await connection.close();
  await remove();
});

const at = (name: string): string => join(folder, 'photos', name);
const index = (): Promise<IndexReport> => client.call('index.run', {});
const idOf = async (name: string): Promise<string> => {
  const { id } = await client.call('photos.find', { photo: at(name) });
  if (id === null) throw new Error(`${name} is not in the library.`);
  return id;
};
const details = async (name: string): Promise<Output<'photos.details'>> =>
  client.call('photos.details', { id: await idOf(name) });

let hue = 0;
/** A picture unlike all others, as old as one is in a library. */
const paint = async (name: string): Promise<void> => {
  await plain(`hsl(${String((hue += 31))}, 60%, 50%)`, 320, 200 + hue)
    .jpeg()
    .toFile(at(name));
  await utimes(at(name), 1_600_000_000, 1_600_000_000);
};
const raw = async (name: string): Promise<void> => {
  const preview = await plain(`hsl(${String((hue += 31))}, 60%, 50%)`, 640, 400 + hue)
    .jpeg()
    .toBuffer();
  const file = rawFiles({ large: preview, small: preview, orientation: 1 }).get('nef');
  if (file !== undefined) await writeFile(at(name), file);
};
/** Indexes a new photo and makes it a favourite. */
const favourite = async (name: string): Promise<string> => {
  expect(await index()).toMatchObject({ indexed: 1, failed: 0 });
  const id = await idOf(name);
  await client.call('photos.mark', { ids: [id], favourite: true });
  return id;
};

describe('a photo with a history', () => {
  it('is not what its original is that comes back after it was described and then edited', async () => {
    await paint('a.jpg');
    const id = await favourite('a.jpg');
    await copyFile(at('a.jpg'), join(folder, 'kept.jpg'));
    await appendFile(at('a.jpg'), 'tail');
    expect(await index()).toMatchObject({ metadataOnly: 1 });
    await paint('a.jpg');
    expect(await index()).toMatchObject({ indexed: 1 });
    await copyFile(join(folder, 'kept.jpg'), at('back.jpg'));
    expect(await index()).toMatchObject({ indexed: 1, copied: 0 });
    expect([await idOf('a.jpg'), (await idOf('back.jpg')) === id]).toEqual([id, false]);
  });

  it('keeps id and marks when it is looked at in the middle of an edit', async () => {
    await paint('b.jpg');
    const id = await favourite('b.jpg');
    const edited = await plain('#20d020', 300, 200).jpeg().toBuffer();
    await writeFile(at('b.jpg'), edited.subarray(0, edited.length / 2));
    expect(await index()).toMatchObject({ failed: 1 });
    await writeFile(at('b.jpg'), edited);
    expect(await index()).toMatchObject({ failed: 0 });
    expect(await details('b.jpg')).toMatchObject({ id, favourite: true, width: 300 });
  });

  it('keeps id, marks and raw file when it is edited, goes without that one, and comes back', async () => {
    await paint('c.jpg');
    const id = await favourite('c.jpg');
    await raw('c.nef');
    expect(await index()).toMatchObject({ indexed: 0, failed: 0 });
    await paint('c.jpg');
    expect(await index()).toMatchObject({ indexed: 1, failed: 0 });
    expect(await details('c.jpg')).toMatchObject({ id, favourite: true });
    expect((await details('c.jpg')).files).toHaveLength(2);
    await rename(at('c.jpg'), join(folder, 'away.jpg'));
    expect(await index()).toMatchObject({ indexed: 1, removed: 1, failed: 0 });
    await rename(join(folder, 'away.jpg'), at('c.jpg'));
    expect(await index()).toMatchObject({ copied: 1, indexed: 0 });
    expect(await details('c.jpg')).toMatchObject({ id, favourite: true });
    expect((await details('c.jpg')).files).toHaveLength(2);
  });

  it('that a raw file showed is there again, unread, when the picture it went along with is gone', async () => {
    await raw('d.nef');
    const id = await favourite('d.nef');
    await paint('d.jpg');
    await index();
    expect(await idOf('d.nef')).toBe(await idOf('d.jpg'));
    await rm(at('d.jpg'));
    expect(await index()).toMatchObject({ indexed: 0, failed: 0 });
    expect(await details('d.nef')).toMatchObject({ id, favourite: true });
  });

  it('is opened under the name that its file has when only the writing of an accent has changed', async () => {
    await paint('caf\u00e9.jpg');
    const id = await favourite('caf\u00e9.jpg');
    await rename(at('caf\u00e9.jpg'), at('cafe\u0301.jpg'));
    expect(await index()).toMatchObject({ indexed: 0, removed: 0, failed: 0 });
    expect(await idOf('cafe\u0301.jpg')).toBe(id);
    expect((await client.call('photos.file', { id, as: 'original' })).path).toBe(at('cafe\u0301.jpg'));
  });

  it('is not another animation that begins alike', async () => {
    const frames = (last: number): Buffer =>
      Buffer.concat([255, last].map((red) => Buffer.alloc(64 * 64 * 3, Uint8Array.of(red, 0, 90))));
    for (const last of [10, 120])
      await sharp(frames(last), { raw: { width: 64, height: 128, channels: 3, pageHeight: 64 } })
        .gif()
        .toFile(at(`${String(last)}.gif`));
    expect(await index()).toMatchObject({ indexed: 2 });
    expect(await idOf('10.gif')).not.toBe(await idOf('120.gif'));
  });

  it('stays as it is, for another model too, while only a cloud service has its file', async () => {
    await paint('e.jpg');
    const id = await favourite('e.jpg');
    await rename(at('e.jpg'), join(folder, 'e.jpg'));
    await writeFile(at('.e.jpg.icloud'), 'stub');
    expect(await index()).toMatchObject({ onlineOnly: 1, removed: 0, failed: 0 });
    const model = await changedModel(join(folder, 'model'), {
      'preprocessor_config.json': (json) => ({ ...json, resample: 2 }),
    });
    await client.call('models.use', { id: (await client.call('models.add', { path: model })).id });
    const { total } = await client.call('photos.page', {});
    expect(await index()).toMatchObject({ indexed: total - 1, failed: 0, removed: 0 });
    expect(await details('e.jpg')).toMatchObject({ id, favourite: true });
  });
});
