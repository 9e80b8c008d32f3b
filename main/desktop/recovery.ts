import { release, totalmem } from 'node:os';
import { join } from 'node:path';
import type { App, BrowserWindow, Dialog, Shell } from 'electron';
import { OwnFolder } from '../../app/base/disk.ts';
import { version } from '../paths.ts';
import { Attempts } from './attempts.ts';
import type { Log } from './log.ts';
import { describeEndings, type Ending } from './report.ts';
import { words } from './words.ts';

const SPAN_MS = 5 * 60_000;
const MOST = 3;

export const attemptsAllowed = (): Attempts => new Attempts(MOST, SPAN_MS);

export interface RecoveryParts {
  readonly app: Pick<App, 'quit'>;
  readonly dialog: Pick<Dialog, 'showMessageBox'>;
  readonly shell: Pick<Shell, 'openPath'>;
  readonly logs: string;
  readonly log: Log;
}

/** Keeps account of what ended by itself, and asks the person when it happens too often. */
export class Recovery {
  readonly #parts: RecoveryParts;
  #endings: readonly Ending[] = [];

  constructor(parts: RecoveryParts) {
    this.#parts = parts;
  }

  note(what: Ending['what'], reason: string): void {
    this.#endings = [...this.#endings.slice(-19), { what, at: new Date(), reason }];
    this.#parts.log.info(`${what} ended: ${reason}`);
  }

  /** Loads a window's page again when what draws it ends, a bounded number of times. */
  guard(window: BrowserWindow): void {
    const attempts = attemptsAllowed();
    const again = (): void => {
      if (!window.isDestroyed()) window.webContents.reload();
    };
    window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
      if (reason === 'clean-exit') return;
      this.note('window', `${reason}, code ${exitCode}`);
      const wait = attempts.next();
      if (wait !== null) setTimeout(again, wait);
      else
        void this.ask('window', () => {
          attempts.clear();
          again();
        });
    });
  }

  /** Says what keeps ending, where the report is, and lets the person decide. */
  async ask(what: Ending['what'], tryAgain: () => void): Promise<void> {
    const { app, dialog, shell } = this.#parts;
    const report = this.#write();
    const buttons = [words.tryAgain, ...(report === null ? [] : [words.showReport]), words.quit];
    const detail = what === 'engine' ? words.engineEndsDetail : words.pageEndsDetail;
    for (;;) {
      const { response } = await dialog.showMessageBox({
        type: 'error',
        message: what === 'engine' ? words.engineEnds : words.pageEnds,
        detail: detail(MOST + 1, SPAN_MS / 60_000),
        buttons,
        defaultId: 0,
        cancelId: buttons.length - 1,
      });
      if (response === 0) {
        tryAgain();
        return;
      }
      if (report === null || response !== 1) {
        app.quit();
        return;
      }
      await shell.openPath(report);
    }
  }

  /** @returns path of the report; null where none can be written: the person is asked all the same */
  #write(): string | null {
    const path = join(this.#parts.logs, 'report.txt');
    const { electron, chrome } = process.versions;
    const machine = {
      version,
      electron,
      chromium: chrome,
      platform: process.platform,
      arch: process.arch,
      release: release(),
      memoryGB: Math.round(totalmem() / 1024 ** 3),
    };
    try {
      new OwnFolder(this.#parts.logs).writeNow(path, describeEndings(this.#endings, machine));
      return path;
    } catch {
      return null;
    }
  }
}
