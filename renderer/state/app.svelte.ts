import { createContext } from 'svelte';
import { sendPicture } from '../transport/media.ts';
import type { OpenTransport } from '../transport/web-socket.ts';
import { Engine } from './engine.svelte.ts';
import { FolderChooser } from './folder-chooser.svelte.ts';
import { Grid } from './grid.svelte.ts';
import { Library } from './library.svelte.ts';
import { Photos } from './photos.svelte.ts';
import { Preferences } from './preferences.svelte.ts';
import { Search } from './search.svelte.ts';
import { Toasts } from './toasts.svelte.ts';
import { Viewer } from './viewer.svelte.ts';

/** Everything the interface knows, and how its parts concern each other. */
export class App {
  /** The panel that is open over the library. */
  panel = $state<'failures' | 'models' | null>(null);
  readonly preferences = new Preferences();
  readonly toasts = new Toasts();
  readonly engine: Engine;
  readonly library: Library;
  readonly photos: Photos;
  readonly search: Search;
  readonly viewer: Viewer;
  readonly chooser: FolderChooser;
  readonly libraryGrid = new Grid();
  readonly resultsGrid: Grid;

  /** Whether something lies over the library and has the keys. */
  readonly covered = $derived.by(
    () => this.viewer.grid !== null || this.panel !== null || this.chooser.purpose !== null,
  );

  constructor(open: OpenTransport) {
    this.engine = new Engine(open, () => this.#opened());
    this.library = new Library(this.engine, this.toasts);
    this.photos = new Photos(this.engine);
    this.search = new Search(this.engine);
    this.viewer = new Viewer(this.engine);
    this.chooser = new FolderChooser(this.engine, this.toasts);
    this.resultsGrid = new Grid(() => void this.search.more());
    this.#listen();
    this.engine.start();
  }

  /** Adds a folder of the person's choice to the library and indexes it. */
  async addFolder(): Promise<void> {
    const folder = await this.chooser.choose('photos');
    if (folder === null) return;
    await this.library.addFolder(folder.token);
    await this.library.index();
  }

  /** Searches for what looks like a photo of the library. */
  findSimilar(id: string): void {
    this.viewer.close();
    this.search.like({ kind: 'photo', id });
  }

  /** Searches by a picture from outside the library. */
  async findPicture(picture: Blob): Promise<void> {
    const sent = await this.toasts.attempt(sendPicture(picture));
    if (sent === undefined) return;
    this.viewer.close();
    this.search.like({ kind: 'picture', token: sent.token, url: URL.createObjectURL(picture) });
  }

  #opened(): void {
    this.#refresh();
    void this.library.loadModels();
    if (this.search.problem !== null) void this.search.run();
  }

  #listen(): void {
    this.engine.on('progress', (progress) => {
      const ended = this.library.working && progress.phase === 'idle';
      this.library.heed(progress);
      if (!ended) return;
      this.#refresh();
      // The answer on the screen was given before the last photos were known.
      if (this.search.answer !== null) void this.search.run();
    });
    this.engine.on('changed', ({ what }) => {
      this.library.refresh();
      if (what === 'model') void this.library.loadModels();
      else this.photos.refresh();
    });
  }

  #refresh(): void {
    this.library.refresh();
    this.photos.refresh();
  }
}

export const [getApp, setApp] = createContext<App>();
