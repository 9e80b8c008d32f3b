import { toAfterimageError, type ErrorData, type FolderList } from '../../app/contract/index.ts';
import type { Engine } from './engine.svelte.ts';
import type { Toasts } from './toasts.svelte.ts';

export type FolderPurpose = 'photos' | 'place' | 'model';
export type ChosenFolder = FolderList['here'];

/** Lets the person choose a folder: in the system's own dialog where the host has one, else by walking through folders. */
export class FolderChooser {
  /** What the folder is for, while the in-page browser is open. */
  purpose = $state<FolderPurpose | null>(null);
  list = $state.raw<FolderList | null>(null);
  problem = $state.raw<ErrorData | null>(null);
  busy = $state(false);

  readonly #engine: Engine;
  readonly #toasts: Toasts;
  #answer: ((folder: ChosenFolder | null) => void) | undefined;

  constructor(engine: Engine, toasts: Toasts) {
    this.#engine = engine;
    this.#toasts = toasts;
  }

  /** @returns the folder, or null when none was chosen */
  async choose(purpose: FolderPurpose): Promise<ChosenFolder | null> {
    const info = await this.#toasts.attempt(this.#engine.call('shell.info', {}));
    if (info === undefined) return null;
    if (info.nativeFolderDialog) {
      const chosen = await this.#toasts.attempt(this.#engine.call('shell.chooseFolder', {}));
      return chosen?.folder?.here ?? null;
    }
    this.list = null;
    this.purpose = purpose;
    void this.go();
    return new Promise((resolve) => (this.#answer = resolve));
  }

  /** Opens a folder in the browser; without a token, where the person's pictures usually are. */
  async go(token?: string): Promise<void> {
    this.busy = true;
    this.problem = null;
    try {
      this.list = await this.#engine.call('shell.listFolders', token === undefined ? {} : { token });
    } catch (error) {
      this.problem = toAfterimageError(error).toData();
    }
    this.busy = false;
  }

  /** Ends the choice with the folder that is open, or with none. */
  end(folder: ChosenFolder | null): void {
    this.purpose = null;
    this.#answer?.(folder);
    this.#answer = undefined;
  }
}
