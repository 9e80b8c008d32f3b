import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { temporaryFolder } from '../../test/support/command-line.ts';
import { startUpdates, type UpdateParts } from './update.ts';

/** As electron-builder writes them. */
const FEED = 'provider: generic\nurl: https://updates.example\nupdaterCacheDirName: afterimage-updater\n';
const SIGNED = `${FEED}publisherName:\n  - Afterimage contributors\n`;

let home = '';
let remove: () => Promise<void>;
beforeAll(async () => {
  [home, remove] = await temporaryFolder();
  for (const [name, feed] of Object.entries({ unsigned: FEED, signed: SIGNED, nobody: `${FEED}publisherName:\n` })) {
    await mkdir(join(home, name));
    await writeFile(join(home, name, 'app-update.yml'), feed);
  }
});
afterAll(() => remove());

const start = async (platform: NodeJS.Platform, package_: string, isPackaged = true) => {
  const listeners = new Map<string, () => void>();
  const updater = {
    autoDownload: false,
    autoInstallOnAppQuit: false,
    allowDowngrade: true,
    disableWebInstaller: false,
    logger: console as unknown,
    on: (event: string, listener: () => void) => listeners.set(event, listener),
    checkForUpdates: vi.fn(() => Promise.reject(new Error('The feed does not answer.'))),
  };
  const load = vi.fn<UpdateParts['load']>(() => Promise.resolve(updater));
  const onReady = vi.fn();
  const log = { info: vi.fn(), debug: vi.fn() };
  const parts = { isPackaged, platform, resources: join(home, package_), load, log, onReady };
  return { looks: await startUpdates(parts), load, updater, listeners, onReady };
};

describe('updates', () => {
  it.each(['win32', 'darwin', 'linux'] as const)('are off until a feed is configured, on %s', async (platform) => {
    const { looks, load } = await start(platform, 'without');
    expect(looks).toBe(false);
    expect(load).not.toHaveBeenCalled();
  });

  it('are looked for where a signature is checked, and nowhere else', async () => {
    const places = [
      ['win32', 'signed', true],
      ['win32', 'unsigned', false],
      ['win32', 'nobody', false],
      ['darwin', 'unsigned', true],
      ['linux', 'signed', false],
    ] as const;
    for (const [platform, package_, expected] of places)
      expect([platform, package_, (await start(platform, package_)).looks]).toEqual([platform, package_, expected]);
    expect((await start('win32', 'signed', false)).looks).toBe(false);
  });

  it('never go back to an older program, and are told of when they are there', async () => {
    const { updater, listeners, onReady } = await start('win32', 'signed');
    expect(updater.checkForUpdates).toHaveBeenCalledOnce();
    expect(updater).toMatchObject({ allowDowngrade: false, disableWebInstaller: true });
    listeners.get('update-downloaded')?.();
    expect(onReady).toHaveBeenCalledOnce();
  });
});
