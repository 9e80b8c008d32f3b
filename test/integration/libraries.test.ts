import { readdir, readFile, rm, truncate, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { checkSchema, indexReportSchema, statusSchema, userDataSchema } from '../../app/contract/index.ts';
import { connectBuilt } from '../support/built.ts';
import { run, runJson, temporaryFolder } from '../support/command-line.ts';
import { writePaintings } from '../support/paintings.ts';

let folder = '';
let photos = '';
let names: readonly string[] = [];
let remove: () => Promise<void>;
const library = (name: string): string => join(folder, 'libraries', name);

beforeAll(async () => {
  [folder, remove] = await temporaryFolder();
  photos = join(folder, 'photos');
  names = await writePaintings(photos);
  await index('one');
});
afterAll(() => remove());

const index = async (name: string) =>
  indexReportSchema.parse(await runJson('index', photos, '--library', library(name)));
const checksOf = async (name: string, ...options: readonly string[]) => {
  const { checks } = z
    .object({ checks: z.array(checkSchema) })
    .parse(await runJson('doctor', '--library', library(name), ...options));
  return new Map(checks.map((check) => [check.name, check]));
};

describe('libraries on the command line', () => {
  it('takes what was said of photos from one to another', async () => {
    const one = await connectBuilt(library('one'), { models: join(folder, 'models') });
    const { client } = one;
    const { id } = await client.call('photos.find', { photo: join(photos, names[0] ?? '') });
    await client.call('photos.mark', { ids: [id ?? ''], favourite: true, rating: 5 });
    await client.call('searches.save', { name: 'Sea', query: 'sea' });
    await one.close();
    const file = join(folder, 'words.json');
    expect(await runJson('library', 'export', file, '--library', library('one'))).toEqual({ photos: 1, searches: 1 });
    expect(userDataSchema.parse(JSON.parse(await readFile(file, 'utf8'))).photos).toMatchObject([
      { favourite: true, rating: 5, paths: [join(photos, names[0] ?? '')] },
    ]);
    // Said before the photos are there, it holds when they come.
    const report = { photos: 0, unknown: 1, searches: 1, refused: [] };
    expect(await runJson('library', 'import', file, '--library', library('two'))).toEqual(report);
    await index('two');
    const two = await connectBuilt(library('two'), { models: join(folder, 'models') });
    expect(await two.client.call('photos.details', { id: id ?? '' })).toMatchObject({
      mark: { favourite: true, rating: 5 },
    });
    await two.close();
    const wrong = await run('library', 'import', join(photos, names[0] ?? ''), '--library', library('two'));
    expect(wrong).toMatchObject({ code: 1, stderr: expect.stringContaining('was not written by') });
  });

  it('lists, measures, moves and deletes them, and touches no photo', async () => {
    await index('two');
    const listed = z
      .object({ libraries: z.array(z.object({ name: z.string(), bytes: z.number().positive() })) })
      .parse(await runJson('library', 'list', '--library', library('one')));
    expect(listed.libraries.map(({ name }) => name).sort()).toEqual(['one', 'two']);
    expect(await runJson('library', 'size', '--library', library('two'))).toMatchObject({
      database: expect.any(Number),
      thumbnails: expect.any(Number),
    });
    await runJson('library', 'move', library('three'), '--library', library('two'));
    expect(await index('three')).toMatchObject({ indexed: 0, unchanged: names.length });

    // While an engine has it, it stays where it is.
    const connection = await connectBuilt(library('three'), { models: join(folder, 'models') });
    for (const args of [
      ['move', library('four')],
      ['delete', '--yes'],
    ])
      expect(await run('library', ...args, '--library', library('three'))).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('already open'),
      });
    expect(statusSchema.parse(await connection.client.call('status', {})).library.photos).toBe(names.length);
    await connection.close();

    expect(await run('library', 'delete', '--library', library('three'))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('--yes'),
    });
    expect(await run('library', 'delete', '--yes', '--library', photos)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('is not an Afterimage library'),
    });
    await runJson('library', 'delete', '--yes', '--library', library('three'));
    expect(await readdir(join(folder, 'libraries'))).toEqual(['one']);
    expect((await readdir(photos)).sort()).toEqual([...names].sort());
  });

  it('finds and mends damage, and reads again only what was lost', async () => {
    await index('mended');
    expect((await checksOf('mended')).get('Database')).toMatchObject({ state: 'ok' });
    const data = join(library('mended'), 'database', 'photos.lance', 'data');
    const files = await readdir(data);
    const sizes = await Promise.all(files.map(async (name) => (await stat(join(data, name))).size));
    await truncate(join(data, files[sizes.indexOf(Math.max(...sizes))] ?? ''), 100);
    const { notices } = statusSchema.parse(await runJson('status', '--library', library('mended')));
    expect(notices).toMatchObject([{ kind: 'repaired', message: expect.stringContaining('damaged (photos)') }]);
    const { indexed, unchanged, failed } = await index('mended');
    expect([indexed + unchanged, failed]).toEqual([names.length, 0]);
    const checks = await checksOf('mended', '--repair');
    expect(checks.get('Repair')).toMatchObject({ state: 'ok' });
    expect(checks.get('References')).toMatchObject({ state: 'ok' });
    expect(checks.get('Kept files')).toMatchObject({ state: 'warning', message: expect.stringContaining('damaged-') });
  });

  it('has its folders and its model again when library.json is damaged, and says so', async () => {
    await index('manifest');
    const manifest = join(library('manifest'), 'library.json');
    const said = { message: expect.stringContaining(manifest) };
    await truncate(manifest, 40);
    const checks = await checksOf('manifest', '--repair');
    expect(checks.get('Repair')).toMatchObject({ state: 'warning', ...said });
    await rm(manifest);
    const { notices, roots, model } = statusSchema.parse(await runJson('status', '--library', library('manifest')));
    expect(notices).toMatchObject([{ kind: 'repaired', ...said }]);
    expect([roots.map(({ path }) => path), model?.kind]).toEqual([[photos], 'starter']);
    expect(await index('manifest')).toMatchObject({ indexed: 0, unchanged: names.length });
  });
});
