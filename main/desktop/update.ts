import { join } from 'node:path';
import { readTextBounded } from '../../app/base/read.ts';
import type { Log } from './log.ts';

/** What is needed of electron-updater; it is only loaded where there is a feed. */
interface Updater {
  autoDownload: boolean;
  autoInstallOnAppQuit: boolean;
  allowDowngrade: boolean;
  disableWebInstaller: boolean;
  logger: unknown;
  on(event: 'update-downloaded' | 'error', listener: () => void): unknown;
  checkForUpdates(): Promise<unknown>;
}

export interface UpdateParts {
  readonly isPackaged: boolean;
  readonly platform: NodeJS.Platform;
  readonly resources: string;
  readonly load: () => Promise<Updater>;
  readonly log: Log;
  readonly onReady: () => void;
}

/** Who has to have signed an update on Windows. A package that is unsigned itself names nobody, and would take anybody's. */
const PUBLISHER = /^publisherName:\s+- \S/mu;

/** Whether what the feed offers is compared with a signature, by the updater on Windows and by the system on macOS. */
const isChecked = (platform: NodeJS.Platform, feed: string): boolean =>
  platform === 'darwin' || (platform === 'win32' && PUBLISHER.test(feed));

/**
 * Updates where a feed was configured when the package was made, and nowhere else: without the file that names one, the
 * program asks nobody. Windows and macOS check the publisher's signature before anything is put in place; packages for
 * Linux carry none that is checked, so there the system's own package manager updates.
 *
 * @returns whether it looks for updates
 */
export const startUpdates = async ({
  isPackaged,
  platform,
  resources,
  load,
  log,
  onReady,
}: UpdateParts): Promise<boolean> => {
  const feed = isPackaged
    ? await readTextBounded(join(resources, 'app-update.yml'), { maxBytes: 65_536 }).catch(() => null)
    : null;
  if (feed === null || !isChecked(platform, feed)) return false;
  const updater = await load();
  updater.autoDownload = true;
  updater.autoInstallOnAppQuit = true;
  updater.allowDowngrade = false;
  updater.disableWebInstaller = true;
  updater.logger = null;
  updater.on('update-downloaded', onReady);
  updater.on('error', () => {
    log.info('update failed');
  });
  await updater.checkForUpdates().catch(() => undefined);
  return true;
};
