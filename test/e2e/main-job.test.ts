import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { temporaryFolder } from '../support/command-line.ts';
import { needsShared, sharedDir } from '../support/shared.ts';
import { add, ask, openApplication, photoAt, results, shoot, term, type OpenApplication } from './browser.ts';

const captionsSchema = z.array(z.object({ file: z.string(), captions: z.array(z.string()) }));

describe.skipIf(sharedDir === undefined)(
  `the main job in a browser, on real photos with a full model${needsShared}`,
  () => {
    const home = sharedDir ?? '/';
    let remove: () => Promise<void>;
    let application: OpenApplication;
    let page: Page;
    const problems: string[] = [];
    beforeAll(async () => {
      const [folder, removeFolder] = await temporaryFolder();
      remove = removeFolder;
      application = await openApplication(join(folder, 'library'), { home }, problems);
      ({ page } = application);
    });
    afterAll(async () => {
      await application.close();
      await remove();
    });

    const walkTo = async (...names: readonly string[]): Promise<void> => {
      for (const name of names)
        await page
          .getByRole('dialog')
          .getByRole('list', { name: 'Folders' })
          .getByRole('button', { name, exact: true })
          .click();
    };

    it('takes a folder of photos and a model from a folder', async () => {
      await page.getByRole('button', { name: 'Choose a folder…' }).click();
      await walkTo('photos', 'flickr8k-dev');
      await page.getByText('500 pictures directly').waitFor();
      await page.getByRole('button', { name: 'Choose this folder' }).click();
      await page.getByRole('button', { name: 'Choose its folder…' }).click();
      await walkTo('models', 'mini-a');
      await page.getByRole('button', { name: 'Use this folder' }).click();
      await page.getByRole('radio', { name: /mini-a/u }).waitFor();
      await page.getByRole('button', { name: 'Start' }).click();
    });

    it('shows how far it is, can be paused, and finishes', async () => {
      const strip = page.getByRole('region', { name: 'Indexing' });
      await strip.getByText(/of 500/u).waitFor({ timeout: 30_000 });
      await strip.getByRole('button', { name: 'Pause' }).click();
      await strip.getByText('Paused').waitFor();
      await shoot(page, 'real-indexing');
      await strip.getByRole('button', { name: 'Resume' }).click();
      await strip.waitFor({ state: 'detached', timeout: 120_000 });
      await page.getByText('500 photos').first().waitFor();
      await shoot(page, 'real-library');
    });

    it('shows two dogs running in snow first', async () => {
      await ask(page, 'two dogs running in snow');
      const captions = captionsSchema.parse(
        JSON.parse(readFileSync(join(sharedDir ?? '', 'photos', 'flickr8k-dev', 'captions.json'), 'utf8')),
      );
      const shown = async (): Promise<string> => {
        const [best] = await results(page);
        return captions.find(({ file }) => file === best)?.captions.join(' ') ?? '';
      };
      await expect.poll(shown).toMatch(/dog/u);
      expect(await shown()).toMatch(/snow/u);
      await shoot(page, 'real-results');
      await page.emulateMedia({ colorScheme: 'dark' });
      await shoot(page, 'real-results-dark');
    });

    it('finds the like of one, together with words', async () => {
      await photoAt(page, 'Results', 1).press('s');
      await term(page, 'photo').waitFor();
      const before = await results(page);
      await add(page, 'beach');
      await expect.poll(() => results(page)).not.toEqual(before);
      await shoot(page, 'real-similar-with-words');
      await photoAt(page, 'Results', 1).press('Enter');
      await page.getByRole('dialog').getByRole('button', { name: 'Find similar' }).waitFor();
      await shoot(page, 'real-viewer');
      expect(problems).toEqual([]);
    });
  },
);
