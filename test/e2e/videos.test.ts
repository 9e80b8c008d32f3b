import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/command-line.ts';
import { writePaintings } from '../support/paintings.ts';
import { redGreenBlue, videoPrograms, writeVideo } from '../support/video-files.ts';
import { ask, openApplication, photoAt, photos, shoot, type OpenApplication } from './browser.ts';

describe.skipIf(videoPrograms === null)('videos in a browser', () => {
  let remove: () => Promise<void>;
  let application: OpenApplication;
  let page: Page;
  const problems: string[] = [];

  beforeAll(async () => {
    const [folder, removeFolder] = await temporaryFolder();
    remove = removeFolder;
    const pictures = join(folder, 'photos');
    await mkdir(pictures);
    const names = await writePaintings(pictures);
    // Every browser plays WebM; none plays AVI.
    await writeVideo(join(pictures, 'colours.webm'), redGreenBlue, ['-c:v', 'libvpx', '-b:v', '1M']);
    await writeVideo(join(pictures, 'old.avi'), [{ shows: 'testsrc2', seconds: 75 }], ['-c:v', 'mpeg4']);
    application = await openApplication(join(folder, 'library'), { folders: [pictures] }, problems);
    ({ page } = application);
    await page
      .getByText(`${String(names.length + 2)} photos`)
      .first()
      .waitFor({ timeout: 60_000 });
    await page.getByRole('region', { name: 'Indexing' }).waitFor({ state: 'detached', timeout: 60_000 });
  });
  afterAll(async () => {
    await application.close();
    await remove();
  });

  const time = (): Promise<number> =>
    page.locator('.viewer video').evaluate((video: HTMLVideoElement) => video.currentTime);

  /** Of the picture that is drawn. */
  const middle = (selector: string): Promise<{ isGreen: boolean }> =>
    page
      .locator(selector)
      .first()
      .evaluate((image: HTMLImageElement) => {
        const canvas = new OffscreenCanvas(1, 1).getContext('2d');
        canvas?.drawImage(image, 0, 0, 1, 1);
        const [red = 0, green = 0, blue = 0] = canvas?.getImageData(0, 0, 1, 1).data ?? [];
        return { isGreen: green > 200 && red < 50 && blue < 50 };
      });

  it('say how long they are', async () => {
    await photos(page, 'Photos').getByText('1:15').waitFor();
    const video = page.getByRole('gridcell', { name: /video, 0:06/u });
    await video.waitFor();
    await video.focus();
    await shoot(page, 'videos');
  });

  it('are opened at the moment that was found, and played from there', async () => {
    await ask(page, 'lime green');
    const first = photoAt(page, 'Results', 1);
    await first.and(page.getByRole('gridcell', { name: /colours\.webm.*, video, 0:02 of 0:06/u })).waitFor();
    await first.getByText('0:02 of 0:06').waitFor();
    expect(await middle('[role=gridcell] img.shown[src*="at=2.0"]')).toEqual({ isGreen: true });
    await first.click();
    expect(await page.locator('.viewer video').getAttribute('poster')).toMatch(/\/thumbnail\?at=2\.0$/u);
    await expect.poll(time).toBe(2);
    await shoot(page, 'viewer-video');
    await page.keyboard.press('Space');
    await expect.poll(time).toBeGreaterThan(2.2);
    await page.keyboard.press('Space');
    expect(await page.locator('.viewer video').evaluate((video: HTMLVideoElement) => video.paused)).toBe(true);
    expect(await page.getByRole('button', { name: /Search a part/u }).count()).toBe(0);
    await page.keyboard.press('Escape');
  });

  it('that the browser cannot play are shown by a picture, with a word of why', async () => {
    expect(problems).toEqual([]);
    await ask(page, 'old.avi');
    await photoAt(page, 'Results', 1).click();
    await page.getByText('This video cannot be played here').waitFor();
    await shoot(page, 'viewer-unplayable');
    await page.keyboard.press('Escape');
  });
});
