import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rootSchema, settingsSchema, type Root } from '../../app/contract/index.ts';
import { run, runJson, temporaryFolder, type Outcome } from '../support/command-line.ts';
import { writePaintings } from '../support/paintings.ts';

let home = '';
let folder = '';
let remove: () => Promise<void>;

beforeAll(async () => {
  [home, remove] = await temporaryFolder();
  folder = join(home, 'Paintings');
  await writePaintings(folder);
  await runJson('index', folder, '--library', join(home, 'library'));
});
afterAll(() => remove());

const withLibrary = (...args: readonly string[]): readonly string[] => [...args, '--library', join(home, 'library')];
const roots = async (...args: readonly string[]): Promise<Root> =>
  rootSchema.parse(await runJson(...withLibrary('roots', ...args)));
const refused = (...args: readonly string[]): Promise<Outcome> => run(...withLibrary(...args));

describe('folders and settings on the command line', () => {
  it('changes how a folder is kept, and says why it cannot', async () => {
    const changed = await roots('change', 'Paintings', '--exclude', '*.tif', 'Trash', '--follow', 'daily', '--pause');
    expect(changed).toMatchObject({ path: folder, excludes: ['*.tif', 'Trash'], follow: 'daily', paused: true });
    expect(await roots('change', changed.id, '--include', 'Trash', '--resume')).toMatchObject({
      excludes: ['*.tif'],
      follow: 'daily',
      paused: false,
    });
    const bad = await refused('roots', 'change', folder, '--exclude', '../elsewhere');
    expect([bad.code, bad.stderr]).toEqual([1, expect.stringContaining('../elsewhere')]);
    const both = await refused('roots', 'change', folder, '--pause', '--resume');
    expect(both.code).toBe(2);
  });

  it('lists, adds and removes folders, whose files stay', async () => {
    const more = join(home, 'More');
    await mkdir(more);
    const added = await roots('add', more);
    const { stdout } = await run(...withLibrary('roots', 'list'));
    expect(stdout.split('\n').filter((line) => line.startsWith(`${added.id}  ${more}: 0 photos`))).toHaveLength(1);
    expect((await run(...withLibrary('roots', 'remove', 'More'))).code).toBe(0);
    const unknown = await refused('roots', 'remove', 'More');
    expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining('“More”')]);
  });

  it('connects a folder again that was moved', async () => {
    const nearby = join(home, 'Pictures');
    await rename(folder, nearby);
    expect(await roots('relink', 'Paintings')).toMatchObject({ path: nearby, state: 'ready', photos: 10 });
    await rename(nearby, folder);
    expect(await roots('relink', 'Pictures')).toMatchObject({ path: folder, photos: 10 });

    const hiding = join(home, 'a', 'b', 'c', 'd', 'e', 'f');
    await mkdir(hiding, { recursive: true });
    await rename(folder, join(hiding, 'Kept'));
    const unknown = await refused('roots', 'relink', 'Paintings');
    expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining('Give its new place')]);
    const wrong = await refused('roots', 'relink', 'Paintings', join(home, 'More'));
    expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining('none of its 10 photos is there')]);
    expect(await roots('relink', 'Paintings', join(hiding, 'Kept'))).toMatchObject({ state: 'ready' });
    // One of the ten is left out by the rule from before.
    const report = await runJson(...withLibrary('index', join(hiding, 'Kept')));
    expect(report).toMatchObject({ indexed: 0, moved: 0, unchanged: 9, removed: 1 });
  });

  it('keeps settings', async () => {
    const settings = async (...args: readonly string[]) =>
      settingsSchema.parse(await runJson(...withLibrary('settings', ...args)));
    expect(await settings('--exclude', '*.gif', '--grace-days', '7')).toEqual({
      excludes: ['*.gif'],
      graceDays: 7,
      provider: 'auto',
    });
    expect(await settings('--include', '*.gif')).toEqual({
      excludes: [],
      graceDays: 7,
      provider: 'auto',
    });
    expect((await refused('settings', '--grace-days', '-1')).code).toBe(2);
  });
});
