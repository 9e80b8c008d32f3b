import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { run, runJson, temporaryFolder } from '../support/command-line.ts';
import { writePaintings } from '../support/paintings.ts';
import { isWhole } from '../support/hostile/whole.ts';

/** A backtracking matcher needs longer than the universe is old for this rule and this name. */
const RULE = '*a*a*a*a*a*a*a*a*a*a*ab';
const NAME = 'a'.repeat(80);

const libraryJson = z.looseObject({
  roots: z.array(z.looseObject({ excludes: z.array(z.string()) })),
  settings: z.looseObject({ excludes: z.array(z.string()) }),
});

let folder = '';
let library = '';
let photos = '';
let remove: () => Promise<void>;

beforeAll(async () => {
  [folder, remove] = await temporaryFolder();
  library = join(folder, 'library');
  photos = join(folder, 'photos');
  await writePaintings(photos);
  await writeFile(join(photos, `${NAME}.txt`), 'no picture');
  await runJson('index', photos, '--library', library);
});
afterAll(() => remove());

const rewrite = async (change: (found: z.infer<typeof libraryJson>) => void): Promise<void> => {
  const path = join(library, 'library.json');
  const found = libraryJson.parse(JSON.parse(await readFile(path, 'utf8')));
  change(found);
  await writeFile(path, JSON.stringify(found));
};

if (isWhole)
  it('goes on indexing with a rule that would keep a backtracking matcher busy for ever', async () => {
    await runJson('settings', '--exclude', RULE, '{a,aa}'.repeat(30), '--library', library);
    expect(await runJson('index', photos, '--library', library)).toMatchObject({ failed: 0 });
  });

it('opens a library whose file names rules that cannot be used, says which, and uses the others', async () => {
  await rewrite(({ settings, roots }) => {
    settings.excludes = ['[half', 'x'.repeat(100_000), RULE, 'Trash'];
    for (const root of roots) root.excludes = ['{a,'.repeat(60), '*'];
  });
  const { code, stdout } = await run('status', '--library', library);
  expect(code).toBe(0);
  expect(stdout).toMatch(/rules for what is left out that cannot be used.*“\[half” has half a pair of brackets/u);
  expect(await runJson('settings', '--library', library)).toMatchObject({ excludes: [RULE, 'Trash'] });
  expect(await runJson('index', photos, '--library', library)).toMatchObject({ failed: 0, removed: 0 });
});

if (isWhole)
  it('refuses such rules from a person', async () => {
    const { code, stderr } = await run('settings', '--exclude', 'y'.repeat(500), '--library', library);
    expect(code).toBe(1);
    expect(stderr).not.toBe('');
  });
