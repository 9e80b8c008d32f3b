import { existsSync } from 'node:fs';
import { join } from 'node:path';
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
  const isSigned = platform === 'win32' || platform === 'darwin';
  if (!isPackaged || !isSigned || !existsSync(join(resources, 'app-update.yml'))) return false;
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
