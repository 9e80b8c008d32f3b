import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { modelsListSchema } from '../../app/contract/index.ts';
import { findEntry, readCatalogue } from '../../app/hub/catalogue.ts';
import { runJson, temporaryFolder } from '../support/command-line.ts';
import { startHub, status, throttle, type HubServer } from '../support/hub-server.ts';
import { keepDataIn } from '../support/own-data.ts';
import { writePaintings } from '../support/paintings.ts';
import { needsShared, sharedDir } from '../support/shared.ts';
import { startWeb, type RunningWeb } from '../support/web.ts';
import { ask, launch, openPage, results, shoot } from './browser.ts';

/** Slow enough to be watched; what would be whole soon, and wrong, takes longer than anybody watches. */
const [slowly, hardly] = [throttle(12e6), throttle(1000)];

let home = '';
let remove: () => Promise<void>;
let web: RunningWeb;
let browser: Browser;
let page: Page;
const problems: string[] = [];

const begin = async (): Promise<void> => {
  [home, remove] = await temporaryFolder();
  keepDataIn(home);
  browser = await launch();
};
const open = async (folder: string): Promise<void> => {
  web = await startWeb(join(home, 'library'), { home: sharedDir ?? home, folders: [folder] });
  page = await openPage(browser, web.address, problems);
};
const end = async (): Promise<void> => {
  await browser.close();
  await web.stop();
  vi.unstubAllEnvs();
  await remove();
};

const dialog = (name: string): Locator => page.getByRole('dialog', { name });
const models = (): Locator => dialog('Models');
const card = (name: string): Locator => models().getByRole('article', { name, exact: true });
const openModels = async (): Promise<void> => {
  await page.getByRole('button', { name: 'Library', exact: true }).click();
  await page.getByRole('button', { name: 'Models…' }).click();
  await models().waitFor();
};
const rested = (): Promise<void> =>
  page.getByRole('region', { name: 'Indexing' }).waitFor({ state: 'detached', timeout: 120_000 });

/** One story, told in order: each step starts where the one before it ended. */
describe('downloading a model', () => {
  let hub: HubServer;
  let name = '';
  let paths: readonly string[] = [];
  const bar = (): Locator => card(name).getByRole('progressbar');
  const percent = async (): Promise<number> => Number(await bar().getAttribute('aria-valuenow'));

  beforeAll(async () => {
    await begin();
    const entry = findEntry(await readCatalogue('models/catalogue.json'), 'small');
    ({ name } = entry);
    hub = await startHub(Object.fromEntries(entry.files.map(({ path, bytes }) => [path, Buffer.alloc(bytes ?? 200)])));
    paths = entry.files.map(({ path }) => path);
    for (const path of paths) hub.failAlways(path, status(404));
    vi.stubEnv('HF_ENDPOINT', hub.endpoint);
    const folder = join(home, 'Paintings');
    await writePaintings(folder);
    await open(folder);
    await page.getByText('10 photos').first().waitFor({ timeout: 60_000 });
    await rested();
  });
  afterAll(async () => {
    await end();
    await hub.close();
  });

  it('shows what is in use, and what can be had, with size, licence and figures', async () => {
    await openModels();
    await card('Starter model').getByText('In use', { exact: true }).waitFor();
    await card(name).getByText('Licence: MIT').click();
    await card(name).getByText('CLIP by OpenAI').waitFor();
    await card(name)
      .getByRole('button', { name: /^Published figures/u })
      .focus();
    await page.getByText('COCO, text to image').first().waitFor();
    expect(await models().getByText('Recommended').count()).toBe(1);
    await shoot(page, 'models');
  });

  it('says why a download failed, and can try again', async () => {
    await card(name)
      .getByRole('button', { name: /^Download/u })
      .click();
    const alert = card(name).getByRole('alert');
    await alert.getByText('404').waitFor({ timeout: 60_000 });
    await shoot(page, 'model-failed');
    for (const path of paths) hub.failAlways(path, path.endsWith('.onnx') ? slowly : hardly);
    await card(name).getByRole('button', { name: 'Try again' }).click();
    await alert.waitFor({ state: 'detached' });
  });

  it('shows how far it is, waits when asked to, goes on from there, and forgets it', async () => {
    await expect.poll(percent).toBeGreaterThan(3);
    await card(name)
      .getByText(/ a second · .* left/u)
      .waitFor();
    await shoot(page, 'model-download');
    await card(name).getByRole('button', { name: 'Pause' }).press('Enter');
    await card(name).getByText('paused').waitFor();
    const before = await percent();
    await page.reload();
    await openModels();
    await card(name).getByText('paused').waitFor();
    expect(await percent()).toBe(before);
    await card(name).getByRole('button', { name: 'Go on' }).click();
    await expect.poll(percent).toBeGreaterThan(before);
    await card(name).getByRole('button', { name: 'Cancel' }).click();
    await card(name)
      .getByRole('button', { name: /^Download/u })
      .waitFor();
    expect(problems).toEqual([]);
  });
});

describe.skipIf(sharedDir === undefined)(`changing from one model to a better one${needsShared}`, () => {
  const QUERY = 'two dogs running in snow';
  const shared = sharedDir ?? '';
  let oldResults: string[] = [];

  beforeAll(async () => {
    await begin();
    const photos = join(shared, 'photos', 'flickr8k-dev');
    const library = join(home, 'library');
    await runJson('index', photos, '--library', library, '--model', join(shared, 'models', 'mini-b'));
    await runJson('models', 'add', join(shared, 'models', 'mini-a'), '--library', library);
    await open(photos);
    await page.getByText('500 photos').first().waitFor();
    await rested();
    await ask(page, QUERY);
    await page.getByRole('gridcell', { name: /, 20 of/u }).waitFor();
    oldResults = await results(page);
  });
  afterAll(end);

  const change = (): Locator => models().getByRole('region', { name: 'Change of the model' });

  it('says what the model in use was tried on, and what came of it', async () => {
    const list = await runJson('models', 'list', '--library', join(home, 'library'));
    const { trials = [] } = modelsListSchema.parse(list).execution ?? {};
    expect(trials.length).toBeGreaterThan(1);
    await openModels();
    const tried = card('mini-b').getByRole('listitem');
    expect(await tried.count()).toBe(0);
    await card('mini-b').getByText('What was tried').click();
    for (const [row, { reason }] of trials.entries()) await tried.nth(row).getByText(reason).waitFor();
    await page.keyboard.press('Escape');
  });

  it('asks first, and says what will happen', async () => {
    await openModels();
    await card('mini-b').getByText('In use', { exact: true }).waitFor();
    await card('mini-a').getByRole('button', { name: 'Switch…' }).click();
    await dialog('Change to mini-a?').getByText('kept until you let it go').waitFor();
    await shoot(page, 'model-switch');
    await dialog('Change to mini-a?').getByRole('button', { name: 'Change to mini-a' }).click();
  });

  it('gets the new model ready, and can be stopped meanwhile', async () => {
    await change().getByText('Getting mini-a ready').waitFor({ timeout: 60_000 });
    await shoot(page, 'model-anchors');
    await change().getByRole('button', { name: 'Stay with mini-b' }).click();
    await change().waitFor({ state: 'detached', timeout: 30_000 });
    await card('mini-b').getByText('In use', { exact: true }).waitFor();
  });

  it('answers with the new model before it has seen all photos, and says how well', async () => {
    await card('mini-a').getByRole('button', { name: 'Switch…' }).click();
    await dialog('Change to mini-a?').getByRole('button', { name: 'Change to mini-a' }).press('Enter');
    await change().getByText('mini-a answers your searches').waitFor({ timeout: 120_000 });
    await change().getByRole('button', { name: 'Pause' }).click();
    await change()
      .getByText(/About \d+ of the 10 nearest photos/u)
      .waitFor();
    await change()
      .getByText(/mini-a has seen \d+ of 500 photos/u)
      .waitFor();
    await shoot(page, 'model-mapped');
    await card('mini-a').getByText('In use', { exact: true }).waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => results(page), { timeout: 30_000 }).not.toEqual(oldResults);
    await shoot(page, 'model-mapped-results');
    await openModels();
    await change().getByRole('button', { name: 'Resume' }).click();
    await change().getByText('mini-a has seen all of your photos').waitFor({ timeout: 120_000 });
    await shoot(page, 'model-done');
  });

  it('compares both on the query that is open', async () => {
    await card('mini-b').getByRole('button', { name: 'Compare…' }).click();
    const compared = dialog('Compare two models');
    expect(await compared.getByRole('searchbox').inputValue()).toBe(QUERY);
    const side = (label: string): Locator => compared.getByRole('region', { name: label });
    /** As many as the grid shows of the same answer. */
    const names = async (label: string): Promise<string[]> => {
      const images = side(label).getByRole('img');
      const all = await images.evaluateAll((list) => list.map((image) => image.getAttribute('alt') ?? ''));
      return all.slice(0, oldResults.length);
    };
    await expect.poll(() => names('Second model'), { timeout: 30_000 }).toEqual(oldResults);
    expect(await names('First model')).not.toEqual(oldResults);
    await compared.getByText(/\d+ of the first 60 photos are the same/u).waitFor();
    await shoot(page, 'model-compare');
    await page.keyboard.press('Escape');
    await compared.waitFor({ state: 'detached' });
  });

  it('goes back at once, and answers as before', async () => {
    await change().getByRole('button', { name: 'Go back to mini-b' }).click();
    await card('mini-b').getByText('In use', { exact: true }).waitFor();
    await change().waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
    await expect.poll(() => results(page), { timeout: 30_000 }).toEqual(oldResults);
  });

  it('removes a model once it is told what that means', async () => {
    await openModels();
    await card('mini-a').getByRole('button', { name: 'Remove mini-a…' }).click();
    const question = dialog('Remove mini-a?');
    await question.getByText('What it saw in 500 photos is deleted').waitFor();
    await question.getByText('Its folder is yours and stays as it is').waitFor();
    await question.getByRole('button', { name: 'Remove' }).click();
    await card('mini-a').waitFor({ state: 'detached' });
    expect(problems).toEqual([]);
  });
});
