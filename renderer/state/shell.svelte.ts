import type { Command, Input, Rest } from '../../app/contract/index.ts';
import { desktop, type DroppedFolder } from '../transport/desktop.ts';
import type { Engine } from './engine.svelte.ts';
import type { Toasts } from './toasts.svelte.ts';

type FileMethod = 'shell.reveal' | 'shell.open' | 'shell.copyFile' | 'shell.copyPicture';

/** What is done with a file, in words for when it is done; what shows by itself needs none. */
const SAID: Readonly<Record<FileMethod, string | null>> = {
  'shell.reveal': null,
  'shell.open': null,
  'shell.copyFile': 'The file was copied.',
  'shell.copyPicture': 'The picture was copied.',
};

/** What the program around the page can do, and what it asks of the page. */
export class Shell {
  /** Whether files can be shown, opened, copied and dragged out. */
  fileActions = $state(false);
  /** The system's accent colour, `#rrggbb`. */
  accent = $state<string | null>(null);
  /** Why indexing rests, or goes on by turns, without the person having said so. */
  rest = $state<Rest | null>(null);
  /** The photo whose menu is open, and where in the window. */
  menu = $state.raw<{ readonly id: string; readonly x: number; readonly y: number } | null>(null);

  readonly #engine: Engine;
  readonly #toasts: Toasts;

  /** @param obey does what is asked of the page as a whole */
  constructor(engine: Engine, toasts: Toasts, obey: (command: Command) => void) {
    this.#engine = engine;
    this.#toasts = toasts;
    engine.on('command', (command) => {
      if (command.do === 'tint') this.accent = command.accent;
      else if (command.do === 'rest') this.rest = command.why;
      else if (command.do === 'say') toasts.say(command.text, command.tone);
      else obey(command);
    });
  }

  async load(): Promise<void> {
    const info = await this.#engine.call('shell.info', {}).catch(() => null);
    if (info === null) return;
    this.fileActions = info.fileActions;
    this.accent = info.accent;
    this.rest = info.rest;
  }

  /** Opens the menu of a photo where the pointer is. */
  openMenu(event: MouseEvent, id: string): void {
    event.preventDefault();
    this.menu = { id, x: event.clientX, y: event.clientY };
  }

  async do(method: FileMethod, file: Input<'shell.reveal'>): Promise<void> {
    const said = SAID[method];
    if ((await this.#toasts.attempt(this.#engine.call(method, file))) !== undefined && said !== null)
      this.#toasts.say(said);
  }

  /** Goes on with a drag that began on the page as one of the file itself. @returns whether that can be done */
  dragOut(event: DragEvent, file: Input<'shell.dragOut'>): boolean {
    if (!this.fileActions) return false;
    event.preventDefault();
    void this.#toasts.attempt(this.#engine.call('shell.dragOut', file));
    return true;
  }

  /** Folders among what was dropped; a browser does not say where they are. */
  async foldersIn(files: readonly File[]): Promise<readonly DroppedFolder[]> {
    return (await desktop?.dropped(files).catch(() => [])) ?? [];
  }
}
