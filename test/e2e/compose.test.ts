import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/command-line.ts';
import { writePaintings } from '../support/paintings.ts';
import { startWeb, type RunningWeb } from '../support/web.ts';
import { add, box, launch, openPage, photoAt, results, shoot, term } from './browser.ts';

let home = '';
let remove: () => Promise<void>;
let web: RunningWeb;
let browser: Browser;
let page: Page;
const problems: string[] = [];

const start = async (): Promise<void> => {
  web = await startWeb(join(home, 'library'), { home, folders: [join(home, 'Paintings')] });
  page = await openPage(browser, web.address, problems);
  await page.getByText('10 photos').first().waitFor({ timeout: 60_000 });
  await page.getByRole('region', { name: 'Indexing' }).waitFor({ state: 'detached' });
};

beforeAll(async () => {
  [home, remove] = await temporaryFolder();
  await writePaintings(join(home, 'Paintings'));
  browser = await launch();
  await start();
});
afterAll(async () => {
  await browser.close();
  await web.stop();
  await remove();
});

const byName = (name: string): Locator =>
  page.getByRole('grid', { name: 'Results' }).getByRole('gridcell', { name: new RegExp(`^${name},`, 'u') });
/** What the hash of the address says is asked; it follows when the query rests. */
const asked = (): string => decodeURIComponent(new URL(page.url()).hash.replace(/^#q=/u, ''));
const said = (): Promise<string | null> => page.getByTestId('said').textContent();
const weight = (name: string): Locator => page.getByRole('slider', { name: `Weight of ${name}` });

/** Drags from the middle of an element by so many px, in steps as a hand would. */
const pull = async (element: Locator, dx: number, dy = 0): Promise<void> => {
  const area = await element.boundingBox();
  if (area === null) throw new Error('Nothing to drag.');
  const [x, y] = [area.x + area.width / 2, area.y + area.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + dx, y + dy, { steps: 8 });
  await page.mouse.up();
};

/** One story, told in order: each step starts where the one before it ended. */
describe('composing a query, with the starter model, in a browser', () => {
  /** Results before the steps that are undone later. */
  let composed: readonly string[] = [];

  it('composes a photo, words, and words to avoid', async () => {
    await add(page, 'blue');
    await expect.poll(async () => (await results(page))[0]).toMatch(/^blue/u);
    await byName('orange sunset.jpg').press('a');
    await term(page, 'photo').waitFor();
    await add(page, '-night');
    await term(page, 'avoid “night”').waitFor();
    await expect.poll(async () => (await results(page)).length).toBe(9);
    expect(await results(page)).not.toContain('orange sunset.jpg');
    expect((await results(page)).at(-1)).toBe('night.jpg');
    composed = await results(page);
    await shoot(page, 'compose');
  });

  it('changes the order while a weight is dragged, and says the weight', async () => {
    await pull(weight('“blue”'), -90);
    await expect.poll(() => results(page)).not.toEqual(composed);
    expect(Number(await weight('“blue”').getAttribute('aria-valuenow'))).toBeLessThan(0.5);
    await weight('“night”').press('-');
    await term(page, '“night”').waitFor();
    await expect.poll(async () => (await results(page)).at(-1)).not.toBe('night.jpg');
    await weight('“night”').press('-');
    await weight('“night”').press('ArrowRight');
    await term(page, 'avoid “night”, weight 1.1').waitFor();
    await weight('photo').hover();
    await page.mouse.wheel(0, -120);
    await expect.poll(() => weight('photo').getAttribute('aria-valuenow')).toBe('1.3');
  });

  it('adds the part of a photo that is drawn, and none that has no size', async () => {
    await byName('blue sky over grass.jpg').press('Enter');
    const viewer = page.getByRole('dialog');
    const picture = viewer.getByRole('img', { name: 'blue sky over grass.jpg' });
    await picture.waitFor();
    await pull(picture, 5, 1);
    await page.getByText('That frame is too small').waitFor();
    const area = await picture.boundingBox();
    await pull(picture, 0.4 * (area?.width ?? 0), 0.4 * (area?.height ?? 0));
    await shoot(page, 'region');
    await viewer.getByRole('button', { name: 'Search this part' }).click();
    await term(page, 'part of a photo').waitFor();
    // The part is grass, which shows when it outweighs the rest.
    await weight('part of a photo').press('End');
    await expect.poll(async () => (await results(page))[0]).toMatch(/green|forest|grass/u);
    await page.keyboard.press('Control+z');
    await expect.poll(asked).toMatch(/photo:[0-9a-f]{16}#0\.5,0\.5,0\.4,0\.4/u);
  });

  it('moves a frame by the keyboard too', async () => {
    await byName('snow.jpg').press('Enter');
    await page.getByRole('dialog').getByText('snow.jpg').first().waitFor();
    await page.keyboard.press('r');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Enter');
    await expect.poll(asked).toMatch(/#0\.27,0\.25,0\.5,0\.52/u);
    await page.keyboard.press('Control+z');
    await expect.poll(asked).not.toMatch(/#0\.27/u);
  });

  it('keeps only what matches well enough, and lets go of that', async () => {
    const slider = page.getByRole('slider', { name: 'Least match' });
    const before = (await results(page)).length;
    await slider.focus();
    for (let step = 0; step < 44 && (await results(page)).length === before; step++) await slider.press('ArrowRight');
    await expect.poll(async () => (await results(page)).length).toBeLessThan(before);
    expect(await slider.getAttribute('aria-valuetext')).toMatch(/at least \d+%: \d of 9|\d of \d/u);
    await shoot(page, 'tolerance');
    await expect.poll(asked).toMatch(/tolerance:/u);
  });

  it('likes and unlikes results as visible terms, explains a result, and adds what is dragged', async () => {
    await slideAway();
    const [first = ''] = await results(page);
    await byName(first).press('+');
    await term(page, '1 liked photo').waitFor();
    await byName('red.jpg').press('-');
    await term(page, '1 unliked photo').waitFor();
    // It has the focus wherever it went, and tells why it is there.
    const focused = page.locator('[role=gridcell]:focus');
    await expect.poll(() => focused.textContent()).toMatch(/“blue” \d+%, (?:adds|takes away)/u);
    expect(await focused.getAttribute('aria-label')).toMatch(/^red\.jpg/u);
    await byName('yellow.webp').dragTo(page.getByRole('group', { name: '“blue”' }).first());
    await page.getByRole('group', { name: /^between “blue” and photo/u }).waitFor();
    await shoot(page, 'compose-many');
  });

  it('undoes it all, and does it again', async () => {
    // The address follows when the query rests.
    await expect.poll(asked).toContain('slide:');
    const all = asked();
    for (let step = 0; step < 80 && (await page.getByRole('grid', { name: 'Photos' }).count()) === 0; step++)
      await page.keyboard.press('Control+z');
    await photoAt(page, 'Photos', 1).waitFor();
    for (let step = 0; step < 80; step++) await page.keyboard.press('Control+Shift+z');
    await expect.poll(asked).toBe(all);
  });

  it('shows the query as text, in step and editable, and keeps the last good result beside an error', async () => {
    await page.getByRole('button', { name: 'As text' }).click();
    const text = page.getByRole('combobox', { name: 'The search as text' });
    await expect.poll(async () => (await text.inputValue()) === asked()).toBe(true);
    await text.fill('blue -night^2 mode:all');
    await term(page, 'avoid “night”, weight 2').waitFor();
    await expect.poll(async () => (await results(page)).length).toBe(10);
    const good = await results(page);
    await text.fill('blue -night^2 camra:lumen');
    await page.getByRole('alert').getByText('camra:').waitFor();
    await shoot(page, 'text-error');
    expect(await results(page)).toEqual(good);
    await page.getByRole('button', { name: 'Use “camera:”' }).click();
    await expect.poll(() => results(page)).toEqual(['red.jpg']);
    await text.fill('blue camera:');
    await page.getByRole('option', { name: /Lumen L1/u }).click();
    await expect.poll(() => text.inputValue()).toBe('blue camera:"Lumen L1" ');
    await page.getByRole('button', { name: 'Write in plain words' }).click();
    await page.getByRole('button', { name: 'Remove camera: Lumen L1' }).click();
  });

  it('offers to avoid what words only mention, and takes it only when asked to', async () => {
    await box(page).press('Escape');
    await add(page, 'blue without grass');
    await page.getByRole('button', { name: 'Avoid “grass” instead' }).click();
    await term(page, 'avoid “grass”').waitFor();
    await expect.poll(asked).toBe('blue -grass');
  });

  it('says what is wrong with bad input, and loses nothing', async () => {
    const before = await results(page);
    for (const [bad, message] of [
      ['-blue', /both wanted and avoided/u],
      ['sea^NaN', /weight/u],
      [Array.from({ length: 40 }, (_, index) => `+word${String(index)}`).join(' '), /24/u],
    ] as const) {
      await box(page).fill(bad);
      await page.getByRole('alert').getByText(message).waitFor();
      expect(await results(page)).toEqual(before);
      await box(page).fill('');
      await page.getByRole('alert').waitFor({ state: 'detached' });
    }
    await page.goto(`${web.origin}/#q=blue%5EInfinity`);
    await page
      .getByRole('alert')
      .getByText(/weight/u)
      .waitFor();
    expect(await box(page).inputValue()).toBe('blue^Infinity');
    await box(page).fill('');
  });

  it('goes back and forth by the address, and closes the viewer by going back', async () => {
    await page.goto(`${web.origin}/#q=snow`);
    await expect.poll(async () => (await results(page))[0]).toBe('snow.jpg');
    await page.goto(`${web.origin}/#q=red`);
    await expect.poll(async () => (await results(page))[0]).toBe('red.jpg');
    await page.goBack();
    await expect.poll(async () => (await results(page))[0]).toBe('snow.jpg');
    await photoAt(page, 'Results', 1).press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.goBack();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await term(page, '“snow”').waitFor();
  });

  it('saves the search, and finds it after a restart, with the recent ones', async () => {
    await add(page, '-dark');
    await expect.poll(asked).toBe('snow -dark');
    const before = await results(page);
    await page.getByRole('button', { name: 'Save this search' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('White days');
    await page.getByRole('button', { name: 'Save search' }).click();
    await page.getByText('Saved as “White days”').waitFor();
    await photoAt(page, 'Results', 1).press('Enter');
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
    await expect.poll(said).not.toBe('');

    await page.close();
    await web.stop();
    await start();

    await box(page).click();
    await page.getByRole('group', { name: 'Searches' }).getByRole('button', { name: 'Snow, without dark' }).waitFor();
    await shoot(page, 'recent');
    await page.getByRole('button', { name: 'Saved searches' }).click();
    await page.getByRole('button', { name: /White days.*\d+ photos?/u }).waitFor();
    await shoot(page, 'saved');
    await page.getByRole('button', { name: /^White days/u }).click();
    await expect.poll(() => results(page)).toEqual(before);
    await expect.poll(asked).toBe('snow -dark');
    expect(problems).toEqual([]);
  });
});

/** Takes the tolerance away again. */
const slideAway = async (): Promise<void> => {
  await page.getByRole('slider', { name: 'Least match' }).press('Home');
  await expect.poll(asked).not.toMatch(/tolerance:/u);
};
