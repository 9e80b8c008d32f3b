import { copyFile, mkdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  checkSchema,
  evaluationSchema,
  indexReportSchema,
  searchOutputSchema,
  statusSchema,
} from '../../app/contract/index.ts';
import { run, runJson, temporaryFolder } from '../support/command-line.ts';
import { writePaintings } from '../support/paintings.ts';

let folder = '';
let photos = '';
let library = '';
let names: readonly string[] = [];
let remove: () => Promise<void>;

beforeAll(async () => {
  [folder, remove] = await temporaryFolder();
  photos = join(folder, 'photos');
  library = join(folder, 'library');
  names = await writePaintings(photos);
  await index();
});
afterAll(() => remove());

const index = async () => indexReportSchema.parse(await runJson('index', photos, '--library', library));
const search = async (query: string) => {
  const { results } = searchOutputSchema.parse(await runJson('search', query, '--library', library));
  return results.map((result) => basename(result.path));
};

describe('the command line, with the starter model', () => {
  it('touches nothing the second time', async () => {
    expect(await index()).toMatchObject({ indexed: 0, unchanged: names.length, failed: 0, failures: [] });
  });

  it.each([
    ['red', 'red.jpg'],
    ['night', 'night.jpg'],
    ['snow', 'snow.jpg'],
    ['black and white', 'black and white.png'],
    ['orange sunset', 'orange sunset.jpg'],
    ['yellow', 'yellow.webp'],
  ])('finds “%s”', async (query, expected) => {
    // The last word is unknown to the model and stands in no name: what is found is what is seen.
    expect((await search(`${query} picture`))[0]).toBe(expected);
  });

  it('gives every photo once, best first, with score and match', async () => {
    const { results, total } = searchOutputSchema.parse(
      await runJson('search', 'blue', '--library', library, '--limit', '1000'),
    );
    expect(total).toBe(names.length);
    expect(new Set(results.map((result) => basename(result.path)))).toEqual(new Set(names));
    expect(results.map((result) => result.score)).toEqual(results.map((result) => result.score).sort((a, b) => b - a));
  });

  it('finds what is like a photo, by path, by id, and by a file from outside', async () => {
    const path = join(photos, 'blue.png');
    const byPath = searchOutputSchema.parse(await runJson('similar', path, '--library', library));
    expect(byPath.results).toHaveLength(names.length - 1);
    expect(byPath.results.map((result) => result.path)).not.toContain(path);

    const outside = join(folder, 'outside.png');
    await copyFile(path, outside);
    const { results } = searchOutputSchema.parse(await runJson('similar', outside, '--library', library));
    expect(basename(results[0]?.path ?? '')).toBe('blue.png');
    const id = results[0]?.id ?? '';
    const byId = searchOutputSchema.parse(await runJson('similar', id.slice(0, 9), '--library', library));
    expect(byId.results).toEqual(byPath.results);
  });

  it('tells its state and its health', async () => {
    const status = statusSchema.parse(await runJson('status', '--library', library));
    expect(status).toMatchObject({
      library: { photos: names.length, failed: 0 },
      model: { kind: 'starter', photos: names.length },
    });
    const { checks } = z.object({ checks: z.array(checkSchema) }).parse(await runJson('doctor', '--library', library));
    expect(checks.filter((check) => check.state === 'error')).toEqual([]);
    expect(checks.map((check) => check.name)).toEqual(
      expect.arrayContaining(['Runtime', 'Model', 'Photos', 'Thumbnails', 'Disk']),
    );
  });

  it('measures retrieval with captions', async () => {
    const captions = join(folder, 'captions.json');
    await writeFile(
      captions,
      JSON.stringify(names.map((name) => ({ file: name, captions: [name.replace(/\.\w+$/u, '')] }))),
    );
    const evaluation = evaluationSchema.parse(await runJson('eval', captions, '--library', library));
    expect(evaluation).toMatchObject({ photos: names.length, captions: names.length });
    expect(evaluation.textToImage.r5).toBeGreaterThanOrEqual(0.9);
    const alone = await run('eval', captions, '--operators', '--library', library);
    expect(alone).toMatchObject({ code: 1, stderr: expect.stringContaining('--suite') });
    await writeFile(captions, JSON.stringify(Array.from({ length: 50 }, () => ({ kind: 'A and B' }))));
    const other = await run('eval', captions, '--library', library);
    expect(other).toMatchObject({ code: 1, stderr: expect.stringContaining('is not a list of') });
    expect(other.stderr.trim().split('\n')).toHaveLength(1);
  });

  it('prints for people, too', async () => {
    const { code, stdout } = await run('search', 'red', '--library', library, '--limit', '2');
    expect(code).toBe(0);
    expect(stdout.split('\n')[0]).toMatch(/^ *\d+ % = [0-9a-f]{16} {2}.*red\.jpg$/u);
  });

  it('follows edits, copies, renames and deletions', async () => {
    const [place, undo] = await temporaryFolder();
    const there = join(place, 'photos');
    const lib = join(place, 'library');
    const again = async () => indexReportSchema.parse(await runJson('index', there, '--library', lib));
    await mkdir(there);
    for (const name of ['red.jpg', 'snow.jpg', 'night.jpg']) await copyFile(join(photos, name), join(there, name));
    await again();

    const { results } = searchOutputSchema.parse(await runJson('search', 'red', '--library', lib));
    await copyFile(join(there, 'red.jpg'), join(there, 'copy of red.jpg'));
    await rename(join(there, 'snow.jpg'), join(there, 'winter.jpg'));
    await copyFile(join(photos, 'green.jpg'), join(there, 'night.jpg'));
    await utimes(join(there, 'night.jpg'), 1e9, 1e9);
    expect(await again()).toMatchObject({ indexed: 1, moved: 1, copied: 1, unchanged: 1, removed: 0, failed: 0 });
    const after = searchOutputSchema.parse(await runJson('search', 'green', '--library', lib));
    expect(after.total).toBe(3);
    expect(basename(after.results[0]?.path ?? '')).toBe('night.jpg');
    // The same photos under the same ids: moved, copied, and edited in place.
    expect(new Set(after.results.map((result) => result.id))).toEqual(new Set(results.map((result) => result.id)));

    await rm(join(there, 'red.jpg'));
    await writeFile(join(there, 'broken.jpg'), 'no picture');
    expect(await again()).toMatchObject({ removed: 1, failed: 1 });
    const { stdout } = await run('doctor', '--library', lib);
    expect(stdout).toContain('Failures: 1 file could not be indexed. “afterimage status” lists what was refused.\n');
    const { checks } = z.object({ checks: z.array(checkSchema) }).parse(await runJson('doctor', '--library', lib));
    expect(checks.filter(({ message }) => message.includes('“afterimage'))).toEqual([]);
    expect(searchOutputSchema.parse(await runJson('search', 'red', '--library', lib)).total).toBe(3);
    await rm(join(there, 'copy of red.jpg'));
    await again();
    expect(searchOutputSchema.parse(await runJson('search', 'red', '--library', lib)).total).toBe(2);
    await undo();
  });

  it.each([
    [['--help'], 0],
    [['index', '--help'], 0],
    [['--version'], 0],
    [[], 2],
    [['frobnicate'], 2],
    [['index'], 2],
    [['search', 'red', '--limit', 'many'], 2],
    [['index', '/nowhere/at/all'], 1],
    [['search', '   '], 1],
    [['similar', 'nothing.jpg'], 1],
    [['eval', '/nowhere.json'], 1],
  ])('ends %j with %i and says why', async (args, expected) => {
    const usesLibrary = args.length > 1 && args[0] !== '--help' && !args.includes('--help');
    const { code, stdout, stderr } = await run(...args, ...(usesLibrary ? ['--library', library] : []));
    expect(code).toBe(expected);
    expect(expected === 0 ? stdout : stderr).not.toBe('');
    expect(stderr).not.toMatch(/\bat .*:\d+:\d+/u);
  });

  it('keeps the library to its owner', async () => {
    if (process.platform !== 'win32') expect((await stat(library)).mode & 0o777).toBe(0o700);
  });
});
