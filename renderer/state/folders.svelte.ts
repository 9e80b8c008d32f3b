import type { Input, Root } from '../../app/contract/index.ts';
import { fileName } from '../format.ts';
import type { Engine } from './engine.svelte.ts';
import type { Library } from './library.svelte.ts';
import type { Toasts } from './toasts.svelte.ts';

/** What the person may decide about a folder. */
export type FolderChange = Omit<Input<'roots.change'>, 'id'>;

/** What is done to the folders of the library. */
export class Folders {
  readonly #engine: Engine;
  readonly #toasts: Toasts;
  readonly #library: Library;

  constructor(engine: Engine, toasts: Toasts, library: Library) {
    this.#engine = engine;
    this.#toasts = toasts;
    this.#library = library;
  }

  async add(token: string): Promise<void> {
    await this.#do(this.#engine.call('shell.addFolder', { token }));
  }

  async remove({ id, path }: Root): Promise<void> {
    const removed = await this.#do(this.#engine.call('roots.remove', { id }));
    if (removed !== undefined)
      this.#toasts.say(`“${fileName(path)}” was taken out of the library. Its files were not touched.`);
  }

  /** @throws AfterimageError when the folder cannot be kept so, for example `invalid-request` for a rule that is none */
  async change({ id }: Root, change: FolderChange): Promise<void> {
    await this.#engine.call('roots.change', { id, ...change });
    await this.#library.load();
  }

  /** Lets a folder be looked at that the library names. */
  async approve({ id, path }: Root): Promise<void> {
    if ((await this.#do(this.#engine.call('roots.approve', { id }))) !== undefined)
      this.#toasts.say(`“${fileName(path)}” is approved.`);
  }

  /** Leaves a folder alone, or takes care of it again. */
  async pause(root: Root, paused: boolean): Promise<void> {
    await this.#toasts.attempt(this.change(root, { paused }));
  }

  /** Takes a folder that was moved to be where it seems to be now. */
  async follow({ id }: Root): Promise<void> {
    this.#found(await this.#do(this.#engine.call('roots.follow', { id })));
  }

  /** Takes a folder that was moved to be where the person says. */
  async relink({ id }: Root, token: string): Promise<void> {
    this.#found(await this.#do(this.#engine.call('shell.relinkFolder', { id, token })));
  }

  #found(root: Root | undefined): void {
    if (root !== undefined) this.#toasts.say(`“${fileName(root.path)}” is connected again.`);
  }

  async #do<T>(work: Promise<T>): Promise<T | undefined> {
    const done = await this.#toasts.attempt(work);
    await this.#library.load();
    return done;
  }
}
