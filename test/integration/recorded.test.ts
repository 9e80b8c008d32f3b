import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import sharp, { type Exif } from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Client } from '../../app/contract/index.ts';
import { respond } from '../../main/content.ts';
import type { Connection } from '../../main/engine/connect.ts';
import { connectBuilt } from '../support/built.ts';
import { run, temporaryFolder } from '../support/command-line.ts';

let folder = '';
let photos = '';
let library = '';
let remove: () => Promise<void>;
let connection: Connection;
let client: Client;

const open = async (): Promise<void> => {
  connection = await connectBuilt(library);
  ({ client } = connection);
};

const xmp = (properties: string): string =>
  `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/">${properties}</rdf:Description></rdf:RDF></x:xmpmeta>`;

interface Written {
  readonly colour: string;
  readonly size?: readonly [width: number, height: number];
  readonly exif?: Exif;
  readonly xmp?: string;
}
const writePhoto = async (path: string, { colour, size: [width, height] = [480, 320], ...said }: Written) => {
  const picture = sharp({ create: { width, height, channels: 3, background: colour } });
  if (said.exif !== undefined) picture.withExif(said.exif);
  if (said.xmp !== undefined) picture.withXmp(xmp(said.xmp));
  await writeFile(join(photos, path), await picture.jpeg().toBuffer());
};

beforeAll(async () => {
  [folder, remove] = await temporaryFolder();
  photos = join(folder, 'Pictures');
  library = join(folder, 'library');
  await mkdir(join(photos, 'Sylt 2023'), { recursive: true });
  await writePhoto('Sylt 2023/Beach_2019.jpg', {
    colour: '#2040c0',
    exif: {
      IFD0: { Make: 'NIKON CORPORATION', Model: 'NIKON D90' },
      IFD2: {
        DateTimeOriginal: '2023:12:31 23:59:58',
        ISOSpeedRatings: '400',
        FNumber: '28/10',
        ExposureTime: '1/250',
        FocalLength: '35/1',
      },
      IFD3: {
        GPSLatitudeRef: 'N',
        GPSLatitude: '54/1 54/1 0/1',
        GPSLongitudeRef: 'E',
        GPSLongitude: '8/1 18/1 0/1',
      },
    },
    xmp: '<xmp:Rating>4</xmp:Rating><dc:subject><rdf:Bag><rdf:li>Nordsee</rdf:li></rdf:Bag></dc:subject>',
  });
  await writePhoto('IMG_2041.JPG', {
    colour: '#c02020',
    size: [320, 480],
    exif: { IFD2: { DateTimeOriginal: '2024:05:17 12:00:00', ISOSpeedRatings: '100' } },
    xmp: '<dc:title><rdf:Alt><rdf:li xml:lang="x-default">Café by the Harbour</rdf:li></rdf:Alt></dc:title>',
  });
  await writePhoto('pano.jpg', { colour: '#20a040', size: [960, 240] });
  await open();
  await client.call('models.use', { id: 'starter' });
  await client.call('roots.add', { path: photos });
  await client.call('index.run', {});
});
afterAll(async () => {
  await connection.close();
  await remove();
});

const search = (query: string) => client.call('search', { query });
const found = async (query: string): Promise<string[]> =>
  (await search(query)).results.map(({ path }) => basename(path)).sort();
const restart = async (): Promise<void> => {
  await connection.close();
  await open();
};

describe('what is recorded of photos', () => {
  it.each([
    ['camera:nikon', ['Beach_2019.jpg']],
    ['iso:>=200', ['Beach_2019.jpg']],
    ['aperture:f/2.8 exposure:1/250 focal:35mm', ['Beach_2019.jpg']],
    ['iso:100..400', ['Beach_2019.jpg', 'IMG_2041.JPG']],
    ['on:2023', ['Beach_2019.jpg']],
    ['after:2024-05-17 before:2024-05-18', ['IMG_2041.JPG']],
    ['near:54.9,8.3,1km', ['Beach_2019.jpg']],
    ['rating:>=4', ['Beach_2019.jpg']],
    ['keyword:nordsee', ['Beach_2019.jpg']],
    ['title:café', ['IMG_2041.JPG']],
    ['is:portrait', ['IMG_2041.JPG']],
    ['is:panorama', ['pano.jpg']],
    ['in:sylt', ['Beach_2019.jpg']],
    ['-in:sylt -is:portrait', ['pano.jpg']],
    ['name:img type:jpeg', ['IMG_2041.JPG']],
  ])('answers %s', async (query, names) => {
    expect(await found(query)).toEqual(names);
  });

  it('sorts by what is recorded', async () => {
    const { results } = await search('type:jpeg on:2023..2024 sort:date-');
    expect(results.map(({ path }) => basename(path))).toEqual(['Beach_2019.jpg', 'IMG_2041.JPG']);
  });

  it('says why nothing is a favourite', async () => {
    expect(await search('is:favourite')).toMatchObject({ total: 0, notes: [expect.stringContaining('favourites')] });
  });

  it('finds the words of names, titles and keywords first, and follows the files', async () => {
    const literal = async (query: string): Promise<string[]> =>
      (await search(query)).results.filter((result) => result.literal).map(({ path }) => basename(path));
    expect(await literal('beach')).toEqual(['Beach_2019.jpg']);
    expect(await literal('IMG_2041')).toEqual(['IMG_2041.JPG']);
    expect(await literal('the cafe by the harbour')).toEqual(['IMG_2041.JPG']);
    expect(await literal('nordsee beach')).toEqual(['Beach_2019.jpg']);
    expect(await literal('beach harbour')).toEqual([]);
    expect(await literal('beach in:nowhere')).toEqual([]);
    await rename(join(photos, 'pano.jpg'), join(photos, 'dunes.jpg'));
    await client.call('index.run', {});
    expect(await literal('dunes')).toEqual(['dunes.jpg']);
    expect(await literal('pano')).toEqual([]);
    await restart();
    expect(await literal('dunes')).toEqual(['dunes.jpg']);
  });

  it('offers the values of fields', async () => {
    const offer = async (field: 'camera' | 'in' | 'after' | 'name' | 'keyword' | 'type', prefix: string) =>
      (await client.call('search.values', { field, prefix })).values.map(({ value, photos: n }) => [value, n]);
    expect(await offer('camera', 'nik')).toEqual([['NIKON D90', 1]]);
    expect(await offer('in', 'sylt')).toEqual([['Pictures/Sylt 2023', 1]]);
    expect(await offer('after', '202')).toContainEqual(['2024', 1]);
    expect(await offer('name', 'img')).toEqual([['IMG_2041.JPG', 1]]);
    expect(await offer('keyword', '')).toEqual([['Nordsee', 1]]);
    expect(await offer('type', '')).toEqual([['jpeg', 3]]);
  });
});

describe('what searches are made of', () => {
  it('keeps saved and recent searches', async () => {
    let told = 0;
    client.on('changed', ({ what }) => {
      if (what === 'searches') told += 1;
    });
    const saved = await client.call('searches.save', { name: 'Shore', query: 'in:sylt' });
    await client.call('searches.remember', { query: 'beach' });
    await expect(client.call('searches.save', { name: 'x', query: 'camra:x' })).rejects.toMatchObject({
      kind: 'query-syntax',
    });
    await expect.poll(() => told).toBe(2);
    expect(await client.call('searches.count', { id: saved.id })).toEqual({ photos: 1 });
    await restart();
    expect(await client.call('searches.list', {})).toEqual({ saved: [saved], recent: ['beach'] });
  });

  it('keeps dropped pictures under one token, for as long as a search may need them', async () => {
    const dropped = join(folder, 'dropped.png');
    await sharp({ create: { width: 2000, height: 1000, channels: 3, background: '#c02020' } })
      .png()
      .toFile(dropped);
    const { token } = await client.call('pictures.add', { path: dropped });
    expect((await client.call('pictures.add', { path: dropped })).token).toBe(token);
    const before = await search(`image:${token}`);
    expect(basename(before.results[0]?.path ?? '')).toBe('IMG_2041.JPG');
    const shown = await respond(new Request(`http://localhost/picture/${token}`), {
      engine: client,
      renderer: photos,
      library,
    });
    expect([shown.status, shown.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
    expect(await sharp(await shown.arrayBuffer()).metadata()).toMatchObject({ width: 1024, height: 512 });
    await rm(dropped);
    await restart();
    expect((await search(`image:${token}`)).results).toEqual(before.results);
    const kept = await client.call('pictures.file', { token });
    expect(await sharp(kept.path).metadata()).toMatchObject({ width: 1024, height: 512, format: 'jpeg' });
    if (process.platform !== 'win32') expect((await stat(kept.path)).mode & 0o777).toBe(0o600);

    const longAgo = new Date(Date.now() - 40 * 24 * 3600 * 1000);
    await client.call('searches.remember', { query: `red image:${token}` });
    await utimes(kept.path, longAgo, longAgo);
    await restart();
    expect((await search(`image:${token}`)).results).toEqual(before.results);
    await client.call('searches.forget', {});
    await restart();
    await expect(search(`image:${token}`)).rejects.toMatchObject({ kind: 'not-found' });
    expect(await readdir(join(library, 'pictures'))).toEqual([]);
    for (const other of ['../library.json', 'x', 'f'.repeat(32)])
      await expect(client.call('pictures.file', { token: other })).rejects.toMatchObject({ kind: 'not-found' });
  });

  it('says what is no picture, and keeps nothing of it', async () => {
    const text = join(folder, 'text.jpg');
    await writeFile(text, 'no picture');
    await expect(client.call('pictures.add', { path: text })).rejects.toMatchObject({ kind: 'not-a-picture' });
    expect(await readdir(join(library, 'pictures'))).toEqual([]);
  });

  it('sees parts of photos, upright', async () => {
    // Stored on its side: upright, the upper half is red and the lower half is blue.
    await sharp({ create: { width: 480, height: 320, channels: 3, background: '#c02020' } })
      .composite([
        { input: { create: { width: 240, height: 320, channels: 3, background: '#2040c0' } }, left: 240, top: 0 },
      ])
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toFile(join(photos, 'both.jpg'));
    await client.call('index.run', {});
    const [both] = (await search('name:both')).results;
    const first = async (region: string): Promise<string> =>
      basename((await search(`photo:${both!.id}#${region}`)).results[0]?.path ?? '');
    expect(await first('0,0,1,0.45')).toBe('IMG_2041.JPG');
    expect(await first('0,0.55,1,0.45')).toBe('Beach_2019.jpg');
    expect(await first('0,0,0.0001,0.0001')).toBe('IMG_2041.JPG');
    await expect(first('0.5,0,0.6,1')).rejects.toMatchObject({ kind: 'query-syntax' });
  });

  it('puts damaged searches aside, and says so', async () => {
    await connection.close();
    await writeFile(join(library, 'searches.json'), '{"saved":');
    await open();
    expect(await client.call('searches.list', {})).toEqual({ saved: [], recent: [] });
    const { checks } = await client.call('doctor', {});
    expect(checks.find(({ name }) => name === 'Searches')).toMatchObject({
      state: 'warning',
      message: expect.stringContaining('searches.json.damaged'),
    });
  });
});

describe('the command line', () => {
  it('takes the whole language, with options over it', async () => {
    const red = join(folder, 'red "one".jpg');
    await sharp({ create: { width: 64, height: 64, channels: 3, background: '#c02020' } })
      .jpeg()
      .toFile(red);
    const afterimage = (...args: string[]) => run(...args, '--library', library);
    const { stdout } = await afterimage('search', `image:"${red.replaceAll('"', '\\"')}" name:img`, '--mode', 'any');
    expect(stdout).toMatch(/IMG_2041\.JPG\n1 of 1 photo, /u);
    const sorted = await afterimage('search', 'on:2023..2024 sort:date', '--sort', 'date-');
    expect(sorted.stdout.split('\n').map((line) => line.split('/').at(-1))).toEqual(
      expect.arrayContaining(['Beach_2019.jpg', 'IMG_2041.JPG']),
    );
    expect(sorted.stdout.indexOf('Beach_2019')).toBeLessThan(sorted.stdout.indexOf('IMG_2041'));
    expect((await afterimage('search', 'beach')).stdout).toMatch(/^ *\d+ % = .*Beach_2019\.jpg\n/u);
    expect((await afterimage('search', 'is:favourite')).stdout).toContain('favourites');
    const wrong = await afterimage('search', 'beach camra:x');
    expect(wrong).toMatchObject({ code: 1, stderr: expect.stringContaining('\n  beach camra:x\n        ^^^^^^') });
    expect(await afterimage('search', 'beach', '--tolerance', 'much')).toMatchObject({ code: 2 });
    expect(await afterimage('search', 'beach', '--mode', 'none')).toMatchObject({ code: 2 });
    expect((await afterimage('searches', 'save', 'Shore', 'in:sylt')).code).toBe(0);
    expect((await afterimage('searches', 'list')).stdout).toMatch(/^[0-9a-f]{12} {2}Shore: in:sylt\n$/u);
    expect((await afterimage('searches', 'remove', 'Shore')).code).toBe(0);
    expect((await afterimage('searches', 'remove', 'Shore')).code).toBe(1);
  });

  it('forgets recent searches, and writes what was said of photos beside them, when it is asked to', async () => {
    await client.call('searches.remember', { query: 'sea' });
    expect((await run('searches', 'forget', '--library', library)).code).toBe(0);
    expect((await client.call('searches.list', {})).recent).toEqual([]);
    const beside = 'Beach_2019.jpg.xmp';
    expect(await readdir(join(photos, 'Sylt 2023'))).not.toContain(beside);
    const { stdout } = await run('library', 'sidecars', '--library', library);
    expect(stdout).toBe('Ratings and keywords of 1 file are in XMP files beside the photos now.\n');
    expect(await readFile(join(photos, 'Sylt 2023', beside), 'utf8')).toMatch(/Rating.*4[^]*Nordsee/u);
    await rm(join(photos, 'Sylt 2023', beside));
  });
});
