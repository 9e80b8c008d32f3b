import type { Menu, MenuItemConstructorOptions, NativeImage, Tray } from 'electron';
import type { Progress, Rest } from '../../app/contract/index.ts';
import { words } from './words.ts';

export interface TrayParts {
  readonly Tray: new (image: NativeImage) => Tray;
  readonly Menu: Pick<typeof Menu, 'buildFromTemplate'>;
  readonly image: NativeImage;
  readonly show: () => void;
  readonly pause: () => void;
  readonly resume: () => void;
  readonly quit: () => void;
}

/** How work stands, in a line. */
export const stateLine = ({ phase, paused, done, total }: Progress, rest: Rest | null): string => {
  if (phase === 'idle') return words.upToDate;
  if (paused || rest === 'turns') return words.indexingPaused(rest, done, total);
  return phase === 'scanning' || total === 0 ? words.lookingForPhotos : words.indexing(done, total);
};

const menuOf = (parts: TrayParts, progress: Progress | null, rest: Rest | null): MenuItemConstructorOptions[] => [
  { label: words.showWindow, click: parts.show },
  { type: 'separator' },
  ...(progress === null ? [] : [{ label: stateLine(progress, rest), enabled: false }]),
  ...(progress === null || progress.phase === 'idle'
    ? []
    : [
        // By turns, it is the person's to pause all the time.
        progress.paused && rest !== 'turns'
          ? { label: words.resumeIndexing, click: parts.resume }
          : { label: words.pauseIndexing, click: parts.pause },
      ]),
  { type: 'separator' },
  { label: words.quit, click: parts.quit },
];

/** The application in the notification area, with how indexing stands. */
export class TrayIcon {
  readonly #parts: TrayParts;
  readonly #tray: Tray;
  #said = '';

  constructor(parts: TrayParts) {
    this.#parts = parts;
    this.#tray = new parts.Tray(parts.image);
    this.#tray.on('click', parts.show);
    this.heed(null, null);
  }

  /** @param progress null while nothing is known */
  heed(progress: Progress | null, rest: Rest | null): void {
    const said = progress === null ? '' : stateLine(progress, rest);
    if (said === this.#said && progress !== null) return;
    this.#said = said;
    this.#tray.setToolTip(said === '' ? 'Afterimage' : `Afterimage\n${said}`);
    this.#tray.setContextMenu(this.#parts.Menu.buildFromTemplate(menuOf(this.#parts, progress, rest)));
  }

  end(): void {
    this.#tray.destroy();
  }
}
