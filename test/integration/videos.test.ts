import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Client, Result } from '../../app/contract/index.ts';
import type { Connection } from '../../main/engine/connect.ts';
import { connectBuilt } from '../support/built.ts';
import { temporaryFolder } from '../support/command-line.ts';
import { ffmpeg, redGreenBlue, videoPrograms, writeVideo } from '../support/video-files.ts';

describe.skipIf(videoPrograms === null)('videos in a library', () => {
  let folder: string;
  let photos: string;
  let remove: () => Promise<void>;
  let connection: Connection;
  let client: Client;

  const colour = (name: string, shows: string): Promise<unknown> =>
    sharp({ create: { width: 320, height: 180, channels: 3, background: shows } })
      .jpeg()
      .toFile(join(photos, name));
  const find = async (query: string): Promise<Result[]> => (await client.call('search', { query, limit: 10 })).results;
  const video = async (): Promise<string> => {
    const page = await client.call('photos.page', {});
    return page.photos.find(({ seconds }) => seconds === 6)?.id ?? '';
  };

  beforeAll(async () => {
    [folder, remove] = await temporaryFolder();
    photos = join(folder, 'photos');
    await mkdir(photos);
    await writeVideo(join(photos, 'colours.mp4'), redGreenBlue, [
      ...['-c:v', 'libx264', '-metadata', 'title=Three colours', '-metadata', 'creation_time=2024-05-01T10:00:00Z'],
    ]);
    await colour('white.jpg', '#ffffff');
    await colour('grey.jpg', '#808080');
    connection = await connectBuilt(join(folder, 'library'));
    ({ client } = connection);
    await client.call('models.use', { id: 'starter' });
    await client.call('roots.add', { path: photos });
    expect(await client.call('index.run', {})).toMatchObject({ indexed: 3, failed: 0 });
  });
  afterAll(async () => {
    await connection.close();
    await remove();
  });

  it('are found by what they show at any moment, and opened there', async () => {
    const id = await video();
    for (const [words, at] of [
      ['red', 0],
      ['green', 2],
      ['blue', 4],
    ] as const) {
      const [first] = await find(words);
      expect(first, words).toMatchObject({ id, at, seconds: 6 });
    }
    // Pictures have no moments, and without words there is none to prefer.
    expect((await find('white')).filter((result) => result.id !== id).map(({ at }) => at)).toEqual([null, null]);
    expect((await find('is:video')).map((result) => [result.id, result.at])).toEqual([[id, null]]);
    expect((await find('blue -yellow'))[0]).toMatchObject({ id, at: 4 });
    // What is avoided is avoided at every moment.
    expect((await find('blue -red'))[0]?.id).not.toBe(id);
  });

  it('are described by what their container says', async () => {
    const details = await client.call('photos.details', { id: await video() });
    expect(details).toMatchObject({ width: 320, height: 180, seconds: 6, mime: 'video/mp4' });
    expect(details.metadata).toMatchObject({
      title: 'Three colours',
      takenAt: Date.UTC(2024, 4, 1, 10),
      takenAtSource: 'video',
    });
  });

  it('are shown by a picture, made again when it is lost, and served as they are', async () => {
    const id = await video();
    const thumbnail = await client.call('photos.file', { id, as: 'thumbnail' });
    await rm(thumbnail.path);
    for (const as of ['thumbnail', 'view'] as const) {
      const { path } = await client.call('photos.file', { id, as });
      expect(await sharp(path).metadata()).toMatchObject({ format: 'jpeg', width: 320, height: 180 });
    }
    const original = await client.call('photos.file', { id, as: 'original' });
    expect(original.mime).toBe('video/mp4');
    expect((await stat(original.path)).size).toBe((await stat(join(photos, 'colours.mp4'))).size);
  });

  it('are pictured by the moment that was found, also later without their drive', async () => {
    const id = await video();
    const picture = async (as: 'thumbnail' | 'view', at?: number): Promise<string> =>
      (await client.call('photos.file', { id, as, at })).path;
    const colourOf = async (path: string): Promise<string> => {
      const { channels } = await sharp(path).stats();
      return channels.map(({ mean }) => (mean > 200 ? 'f' : mean < 50 ? '0' : '?')).join('');
    };
    const [found] = await find('blue');
    expect(found).toMatchObject({ id, at: 4 });
    for (const as of ['thumbnail', 'view'] as const) {
      expect(await colourOf(await picture(as, found?.at ?? 0))).toBe('00f');
      expect(await colourOf(await picture(as))).not.toBe('00f');
    }
    // More than a grid asks for at once, each of them once.
    const moments = Array.from({ length: 12 }, (_, index) => 2 + index / 10);
    const paths = await Promise.all(moments.map((at) => picture('thumbnail', at)));
    expect(new Set(paths).size).toBe(12);
    expect(await colourOf(paths[11] ?? '')).toBe('0f0');
    const general = await picture('thumbnail');
    expect(await picture('thumbnail', 100)).toBe(general);
    await rename(photos, join(folder, 'away'));
    expect(await colourOf(await picture('thumbnail', 4))).toBe('00f');
    expect(await picture('thumbnail', 5)).toBe(general);
    await rename(join(folder, 'away'), photos);
    expect(await colourOf(await picture('thumbnail', 5))).toBe('00f');
  });

  it('are terms of queries themselves, and no answers to that', async () => {
    const id = await video();
    const results = await find(`photo:${id}`);
    expect(results.map((result) => result.id)).not.toContain(id);
    expect(results.length).toBeGreaterThan(0);
  });

  it('stay what they are when they are moved, told anew, and after a restart', async () => {
    const id = await video();
    await rename(join(photos, 'colours.mp4'), join(photos, 'moved.mp4'));
    expect(await client.call('index.run', {})).toMatchObject({ indexed: 0, moved: 1 });
    await ffmpeg('-i', join(photos, 'moved.mp4'), '-c', 'copy', '-metadata', 'title=Colours', join(folder, 'new.mp4'));
    await rename(join(folder, 'new.mp4'), join(photos, 'moved.mp4'));
    expect(await client.call('index.run', {})).toMatchObject({ indexed: 0, metadataOnly: 1 });
    await connection.close();
    connection = await connectBuilt(join(folder, 'library'));
    ({ client } = connection);
    expect(await video()).toBe(id);
    expect((await client.call('photos.details', { id })).metadata.title).toBe('Colours');
    expect((await find('green'))[0]).toMatchObject({ id, at: 2 });
  });

  it('that are edited are seen anew, all of them', async () => {
    const id = await video();
    const scenes = ['yellow', 'blue', 'red'].map((shows) => ({ shows, seconds: 2 }));
    await writeVideo(join(photos, 'moved.mp4'), scenes);
    expect(await client.call('index.run', {})).toMatchObject({ indexed: 1 });
    expect(await video()).toBe(id);
    for (const [words, at] of [
      ['blue', 2],
      ['red', 4],
    ] as const)
      expect((await find(words))[0], words).toMatchObject({ id, at });
    // The still of what was there before is not shown any more.
    const { path } = await client.call('photos.file', { id, as: 'thumbnail', at: 4 });
    expect((await sharp(path).stats()).dominant).toMatchObject({ b: expect.toSatisfy((blue: number) => blue < 50) });
  });
});
