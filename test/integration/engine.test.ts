import { once } from 'node:events';
import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Client, Progress } from '../../app/contract/index.ts';
import type { Connection } from '../../main/engine/connect.ts';
import { readHolder } from '../../main/engine/lock.ts';
import { connectBuilt } from '../support/built.ts';
import { programs, temporaryFolder } from '../support/command-line.ts';
import { writeMany, writePaintings } from '../support/paintings.ts';

const top = join(programs, '..', '..');
let folder = '';
let photos = '';
let library = '';
let remove: () => Promise<void>;
let connection: Connection;
let client: Client;

const open = (): Promise<Connection> => connectBuilt(library);

beforeEach(async () => {
  [folder, remove] = await temporaryFolder();
  photos = join(folder, 'photos');
  library = join(folder, 'library');
  await mkdir(photos);
  connection = await open();
  ({ client } = connection);
});
afterEach(async () => {
  await connection.close();
  await remove();
});

const begin = async (): Promise<void> => {
  await client.call('models.use', { id: 'starter' });
  await client.call('roots.add', { path: photos });
};

describe('indexing', () => {
  it('stands still while paused, and goes on where it was', async () => {
    await writeMany(photos, 300);
    await begin();
    let last: Progress | undefined;
    client.on('progress', (progress) => (last = progress));
    const running = client.call('index.run', {});
    await expect.poll(() => last?.done ?? 0).toBeGreaterThan(0);
    await client.call('index.pause', {});
    const progress = async (): Promise<Progress> => (await client.call('status', {})).progress;
    // What is in the workers' hands is finished.
    const gained = async (): Promise<number> => {
      const { done } = await progress();
      await pause(2000);
      return (await progress()).done - done;
    };
    await expect.poll(gained, { timeout: 60_000 }).toBe(0);
    const { done, ...rest } = await progress();
    expect(rest).toMatchObject({ phase: 'indexing', paused: true, total: 300 });
    expect(done).toBeLessThan(300);
    await client.call('index.resume', {});
    expect(await running).toMatchObject({ indexed: 300, failed: 0, cancelled: false });
    expect((await client.call('status', {})).progress.phase).toBe('idle');
  });

  it('keeps what is done when it is cancelled, and does the rest later', async () => {
    await writeMany(photos, 300);
    await begin();
    const running = client.call('index.run', {});
    await expect.poll(async () => (await client.call('status', {})).progress.done).toBeGreaterThan(0);
    await client.call('index.cancel', {});
    const first = await running;
    expect(first.cancelled).toBe(true);
    const second = await client.call('index.run', {});
    expect(second).toMatchObject({ unchanged: first.indexed, failed: 0, cancelled: false });
    expect(first.indexed + second.indexed).toBe(300);
  });

  it('finds what was added while it ran, and tells of it', async () => {
    await writeMany(photos, 60);
    await begin();
    const heard: number[] = [];
    client.on('changed', (change) => heard.push(change.photos));
    await writePaintings(join(folder, 'more'));
    const running = client.call('index.run', {});
    // So that it runs for as long as it takes to add a folder.
    await client.call('index.pause', {});
    const more = await client.call('roots.add', { path: join(folder, 'more') });
    const joined = client.call('index.run', { rootIds: [more.id] });
    await client.call('index.resume', {});
    expect(await joined).toEqual(await running);
    expect((await client.call('status', {})).library.photos).toBe(70);
    await expect.poll(() => heard.at(-1)).toBe(70);
  });
});

describe('copies and edits', () => {
  it('embeds copies that lie side by side as one photo, under any model, again and again', async () => {
    await writePaintings(photos);
    for (const name of ['red.jpg', 'snow.jpg', 'night.jpg'])
      await cp(join(photos, name), join(photos, `copy of ${name}`));
    await begin();
    // A copy that is looked at after its photo has been written is known by then.
    const { indexed, copied, failed } = await client.call('index.run', {});
    expect([indexed + copied, failed]).toEqual([13, 0]);
    expect(await client.call('models.list', {})).toMatchObject({ models: [{ photos: 10 }] });
    const other = join(folder, 'other');
    await cp(join(top, 'models', 'starter'), other, { recursive: true });
    const preprocessing = join(other, 'preprocessor_config.json');
    await writeFile(preprocessing, (await readFile(preprocessing, 'utf8')).replace(/"resample": 3/u, '"resample": 2'));
    const { id } = await client.call('models.add', { path: other });
    expect((await client.call('models.use', { id })).active).toBe(true);
    expect(await client.call('index.run', {})).toMatchObject({ indexed: 10, failed: 0 });
    expect((await client.call('search', { query: 'red' })).total).toBe(10);
  });

  it('keeps both when a photo is edited and its original is kept as a copy', async () => {
    await writePaintings(photos);
    await begin();
    await client.call('index.run', {});
    const { id } = await client.call('photos.find', { photo: 'red.jpg' });
    await cp(join(photos, 'red.jpg'), join(photos, 'red, original.jpg'));
    await sharp(join(photos, 'green.jpg')).rotate(90).jpeg().toFile(join(photos, 'red.tmp'));
    await rename(join(photos, 'red.tmp'), join(photos, 'red.jpg'));
    // Whichever of the two is seen first keeps the id: the edited photo, or the bytes that are known.
    const { indexed, copied, failed } = await client.call('index.run', {});
    expect([indexed + copied, failed]).toEqual([2, 0]);
    expect((await client.call('search', { query: 'red' })).total).toBe(11);
    const ids = [
      (await client.call('photos.find', { photo: 'red.jpg' })).id,
      (await client.call('photos.find', { photo: 'red, original.jpg' })).id,
    ];
    expect(new Set(ids).size).toBe(2);
    expect(ids).toContain(id);
    const [first] = (await client.call('search', { query: 'red picture', limit: 1 })).results;
    expect(first?.path).toBe(join(photos, 'red, original.jpg'));
  });

  it('answers changes of the model in the order they were asked for', async () => {
    await writePaintings(photos);
    await begin();
    const other = join(folder, 'other');
    await cp(join(top, 'models', 'starter'), other, { recursive: true });
    const preprocessing = join(other, 'preprocessor_config.json');
    await writeFile(preprocessing, (await readFile(preprocessing, 'utf8')).replace(/"resample": 3/u, '"resample": 2'));
    const { id } = await client.call('models.add', { path: other });
    const [, , report] = await Promise.all([
      client.call('models.use', { id }),
      client.call('models.use', { id: 'starter' }),
      client.call('index.run', {}),
    ]);
    expect(report).toMatchObject({ indexed: 10, failed: 0, cancelled: false });
    expect(await client.call('status', {})).toMatchObject({ model: { kind: 'starter', name: 'starter', photos: 10 } });
  });
});

describe('a library in use', () => {
  beforeEach(async () => {
    await writePaintings(photos);
    await begin();
    await client.call('index.run', {});
  });

  it('makes a lost thumbnail again', async () => {
    const { results } = await client.call('search', { query: 'snow', limit: 1 });
    const id = results[0]?.id ?? '';
    await rm(join(library, 'thumbnails'), { recursive: true });
    const { path } = await client.call('photos.file', { id, as: 'thumbnail' });
    expect(await sharp(path).metadata()).toMatchObject({ format: 'jpeg', width: 480 });
  });

  it('tells what a photo’s file says of it', async () => {
    const { id } = await client.call('photos.find', { photo: 'red.jpg' });
    const details = await client.call('photos.details', { id: id ?? '' });
    expect(details).toMatchObject({
      width: 480,
      height: 320,
      mime: 'image/jpeg',
      metadata: { camera: 'Lumen L1', takenAtSource: 'exif' },
    });
    expect(details.files.map((file) => file.path)).toEqual([join(photos, 'red.jpg')]);
    expect(new Date(details.metadata.takenAt ?? 0).getFullYear()).toBe(2021);
  });

  it('says that an original is gone, and still shows its thumbnail', async () => {
    const { id } = await client.call('photos.find', { photo: 'snow.jpg' });
    await rm(join(photos, 'snow.jpg'));
    await expect(client.call('photos.file', { id: id ?? '', as: 'view' })).rejects.toMatchObject({
      kind: 'unreadable',
      message: expect.stringContaining('snow.jpg'),
    });
    expect((await client.call('photos.file', { id: id ?? '', as: 'thumbnail' })).mime).toBe('image/jpeg');
  });

  it('switches to another model when told to, embeds anew, and keeps the vectors of the old one', async () => {
    const other = join(folder, 'other');
    await cp(join(top, 'models', 'starter'), other, { recursive: true });
    const preprocessing = join(other, 'preprocessor_config.json');
    await writeFile(preprocessing, (await readFile(preprocessing, 'utf8')).replace(/"resample": 3/u, '"resample": 2'));
    const before = await client.call('search', { query: 'night', limit: 1 });
    const added = await client.call('models.add', { path: other });
    await client.call('models.use', { id: added.id });
    expect((await client.call('search', { query: 'night' })).total).toBe(0);
    expect(await client.call('index.run', {})).toMatchObject({ indexed: 10, failed: 0 });
    expect((await client.call('search', { query: 'night', limit: 1 })).results[0]?.id).toBe(before.results[0]?.id);
    await client.call('models.use', { id: 'starter' });
    expect((await client.call('search', { query: 'night' })).total).toBe(10);
  });

  it('counts a hidden photo nowhere, after a restart too', async () => {
    const counts = async (): Promise<unknown> => {
      const { total } = await client.call('photos.page', {});
      const status = await client.call('status', {});
      return [total, status.library.photos, status.roots[0]?.photos, status.model?.photos];
    };
    expect(await counts()).toEqual([10, 10, 10, 10]);
    const { results } = await client.call('search', { query: 'red', limit: 1 });
    await client.call('photos.mark', { ids: [results[0]?.id ?? ''], hidden: true });
    expect(await counts()).toEqual([9, 9, 9, 9]);
    await connection.close();
    connection = await open();
    ({ client } = connection);
    expect(await counts()).toEqual([9, 9, 9, 9]);
  });

  it('forgets a folder without touching it, and knows its photos when it comes back', async () => {
    const [root] = (await client.call('status', {})).roots;
    await client.call('roots.remove', { id: root?.id ?? '' });
    expect((await client.call('search', { query: 'red' })).total).toBe(0);
    expect(await readFile(join(photos, 'red.jpg'))).toBeDefined();
    await client.call('roots.add', { path: photos });
    await client.call('index.run', {});
    expect((await client.call('search', { query: 'red', limit: 1 })).results[0]?.path).toBe(join(photos, 'red.jpg'));
  });

  it('says what is wrong when its model has changed or gone, and keeps the photos', async () => {
    const other = join(folder, 'other');
    await cp(join(top, 'models', 'starter'), other, { recursive: true });
    const config = join(other, 'preprocessor_config.json');
    const text = await readFile(config, 'utf8');
    await writeFile(config, text.replace(/"resample": 3/u, '"resample": 2'));
    await client.call('models.use', { id: (await client.call('models.add', { path: other })).id });
    await connection.close();

    await writeFile(config, text);
    connection = await open();
    expect(await connection.client.call('status', {})).toMatchObject({
      model: null,
      modelProblem: expect.stringMatching(/files have changed/u),
      library: { photos: 10 },
    });
    await connection.close();

    await rm(other, { recursive: true });
    connection = await open();
    expect((await connection.client.call('status', {})).modelProblem).toContain(other);
    await expect(connection.client.call('search', { query: 'red' })).rejects.toMatchObject({
      kind: 'no-model',
      message: expect.stringContaining(other),
    });
    expect((await connection.client.call('models.use', { id: 'starter' })).photos).toBe(10);
  });
});

describe('the local socket', () => {
  it('lets in whoever knows the secret, and nobody else', async () => {
    const holder = await readHolder(library);
    for (const line of [
      'wrong\n',
      '{"type":"request","id":1,"method":"status","input":{}}\n',
      `${holder?.secret ?? ''}x\n`,
    ]) {
      const socket = connect(holder?.address ?? '');
      socket.write(line);
      socket.resume();
      await once(socket, 'close');
    }
    const second = await open();
    expect(second.own).toBe(false);
    expect((await second.client.call('status', {})).library.directory).toBe(library);
    await second.close();
  });
});
