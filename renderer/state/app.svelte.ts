import { createContext } from 'svelte';
import type { Atom } from '../../app/query/language/ast.ts';
import { sendPicture } from '../transport/media.ts';
import type { OpenTransport } from '../transport/web-socket.ts';
import { Announcer } from './announcer.svelte.ts';
import { Composer, type Change } from './composer.svelte.ts';
import { Engine } from './engine.svelte.ts';
import { FolderChooser } from './folder-chooser.svelte.ts';
import { Grid } from './grid.svelte.ts';
import { Library } from './library.svelte.ts';
import { Photos } from './photos.svelte.ts';
import { Preferences } from './preferences.svelte.ts';
import { Search } from './search.svelte.ts';
import { Searches } from './searches.svelte.ts';
import { Toasts } from './toasts.svelte.ts';
import { UnknownWords } from './unknown-words.svelte.ts';
import { Viewer } from './viewer.svelte.ts';

/** A query that was looked at for this long is worth remembering. */
const REMEMBERED_AFTER_MS = 3000;

const photoAtom = (id: string): Atom => ({ kind: 'photo', photo: { by: 'id', id }, look: null });

/** Everything the interface knows, and how its parts concern each other. */
export class App {
  /** The panel that is open over the library. */
  panel = $state<'failures' | 'models' | 'keys' | null>(null);
  /** Whether the query is shown and written as text. */
  asText = $state(false);
  /** Height in px of the bar over the upper edge, which grows with the query. */
  bar = $state(64);
  readonly announcer = new Announcer();
  readonly preferences = new Preferences();
  readonly toasts = new Toasts();
  readonly engine: Engine;
  readonly library: Library;
  readonly photos: Photos;
  readonly search: Search;
  readonly composer: Composer;
  readonly searches: Searches;
  readonly unknown: UnknownWords;
  readonly viewer: Viewer;
  readonly chooser: FolderChooser;
  readonly libraryGrid = new Grid();
  readonly resultsGrid: Grid;

  /** Whether something lies over the library and has the keys. */
  readonly covered = $derived.by(
    () => this.viewer.grid !== null || this.panel !== null || this.chooser.purpose !== null,
  );

  #resting: ReturnType<typeof setTimeout> | undefined;

  constructor(open: OpenTransport) {
    this.engine = new Engine(open, () => this.#opened());
    this.library = new Library(this.engine, this.toasts);
    this.photos = new Photos(this.engine);
    this.resultsGrid = new Grid(() => void this.search.more());
    this.search = new Search(this.engine, () => this.resultsGrid.reach);
    this.searches = new Searches(this.engine, this.toasts);
    this.unknown = new UnknownWords(this.engine);
    this.composer = new Composer({
      changed: (change) => this.#changed(change),
      said: (text) => this.announcer.say(text),
    });
    this.viewer = new Viewer(this.engine);
    this.chooser = new FolderChooser(this.engine, this.toasts);
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

  /** Searches for what looks like a photo of the library, and nothing else. */
  findSimilar(id: string): void {
    this.viewer.close();
    this.composer.load(`photo:${id}`);
  }

  /** Opens a photo in the viewer. One that was found makes the search that found it worth remembering. */
  view(grid: Grid, id: string): void {
    if (grid === this.resultsGrid) this.#remember();
    this.viewer.open(grid, id);
  }

  /** Adds a photo of the library to the query. */
  addPhoto(id: string, avoid: boolean): void {
    this.composer.add(photoAtom(id), avoid);
  }

  /** Blends a photo of the library with a term of the query. */
  blendPhoto(index: number, id: string): void {
    this.composer.blendWith(index, photoAtom(id));
  }

  /** Adds a picture from outside the library to the query. */
  async addPicture(picture: Blob, avoid = false): Promise<void> {
    const sent = await this.toasts.attempt(sendPicture(picture));
    if (sent === undefined) return;
    this.viewer.close();
    this.composer.add({ kind: 'picture', source: { by: 'token', value: sent.token } }, avoid);
  }

  #changed(change: Change): void {
    const { asked, meant } = this.composer;
    this.search.ask(asked, change);
    const sentences = meant.terms.flatMap(({ atom }) => (atom.kind === 'words' ? [atom.words] : []));
    this.unknown.ask(asked, sentences.join('\n'));
    clearTimeout(this.#resting);
    this.#resting = setTimeout(() => this.#remember(), REMEMBERED_AFTER_MS);
  }

  #remember(): void {
    const { asked } = this.composer;
    if (asked !== '' && this.search.problem === null) this.searches.remember(asked);
  }

  #opened(): void {
    this.#refresh();
    this.searches.refresh();
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
      if (what === 'searches') {
        this.searches.refresh();
        return;
      }
      this.library.refresh();
      this.searches.recount();
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
