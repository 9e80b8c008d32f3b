import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { finished, startAt, temporaryFolder } from '../support/command-line.ts';
import { changedModel } from '../support/model-folders.ts';
import { writePaintings } from '../support/paintings.ts';
import { openApplication, photos, shoot, type OpenApplication } from './browser.ts';

const schema = z.looseObject({ models: z.array(z.unknown()), roots: z.array(z.looseObject({ path: z.string() })) });

let home = '';
let stick = '';
let library = '';
let application: OpenApplication;
let problems: string[] = [];
const removals: (() => Promise<void>)[] = [];

/** A library that somebody else has made of the pictures on their stick, and that names a folder of this home, too. */
beforeEach(async () => {
  const made = await Promise.all([temporaryFolder(), temporaryFolder(), temporaryFolder()]);
  removals.push(...made.map(([, remove]) => remove));
  const [[mine], [theirs], [stranger]] = made;
  [home, stick] = [mine, theirs];
  library = join(stick, 'library');
  await writePaintings(join(stick, 'Paintings'));
  await writePaintings(join(home, 'Pictures'));
  const model = await changedModel(join(stick, 'A model'), { 'golden.json': null });
  const made_ = startAt(stranger, 'index', join(stick, 'Paintings'), '--model', model, '--library', library);
  expect((await finished(made_)).code).toBe(0);
  const manifest = schema.parse(JSON.parse(await readFile(join(library, 'library.json'), 'utf8')));
  const root = { ...manifest.roots[0], id: 'victim', path: join(home, 'Pictures') };
  await writeFile(join(library, 'library.json'), JSON.stringify({ ...manifest, roots: [...manifest.roots, root] }));
  problems = [];
  application = await openApplication(library, { home }, problems);
});
afterEach(async () => {
  await application.close();
  for (const remove of removals.splice(0)) await remove();
});

describe('a library that was not made here', () => {
  it('says what it would do, and does nothing of it when it is closed', async () => {
    const { page } = application;
    await page.getByRole('heading', { name: 'Do you trust this library?' }).waitFor();
    for (const path of [join(stick, 'Paintings'), join(home, 'Pictures'), join(stick, 'A model')])
      await page.getByText(path, { exact: true }).waitFor();
    await shoot(page, 'approval');
    await page.emulateMedia({ colorScheme: 'dark' });
    await shoot(page, 'approval-dark');
    await page.setViewportSize({ width: 390, height: 720 });
    await shoot(page, 'approval-narrow');
    await page.getByRole('button', { name: 'Close' }).click();
    await page.getByText('Nothing in it was opened or changed.').waitFor();
    await page.getByRole('button', { name: 'Back' }).click();
    await page.getByRole('button', { name: 'Open with all of this' }).waitFor();
    expect(problems).toEqual([]);
  });

  it('opens with all of it at once', async () => {
    const { page } = application;
    await page.getByRole('button', { name: 'Open with all of this' }).click();
    await expect.poll(() => photos(page, 'Photos').count()).toBeGreaterThan(5);
    expect(problems).toEqual([]);
  });

  it('opens without its folders and models, which are approved one by one', async () => {
    const { page } = application;
    await page.getByRole('button', { name: 'Open without these' }).click();
    await page.getByRole('heading', { name: 'Choose a model to go on' }).waitFor();
    await shoot(page, 'approval-model');
    await page.getByRole('button', { name: 'Approve it' }).click();
    await page.getByRole('button', { name: '2 notices' }).click();
    await shoot(page, 'approval-notices');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Library', exact: true }).click();
    await page.getByRole('button', { name: 'Folders and settings…' }).click();
    const card = page.getByRole('listitem', { name: 'Paintings' });
    await card.getByText('Waits for your approval').waitFor();
    await shoot(page, 'approval-folders');
    await card.getByRole('button', { name: 'Approve it' }).click();
    await expect.poll(() => card.getByText('Waits for your approval').count()).toBe(0);
    await page.getByRole('listitem', { name: 'Pictures' }).getByText('Waits for your approval').waitFor();
    expect(problems).toEqual([]);
  });
});
