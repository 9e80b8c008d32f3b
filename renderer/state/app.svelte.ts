import { createContext, tick } from 'svelte';
import type { Command, Root } from '../../app/contract/index.ts';
import type { Atom } from '../../app/query/language/ast.ts';
import { sendPicture } from '../transport/media.ts';
import type { OpenTransport } from '../transport/web-socket.ts';
import { Announcer } from './announcer.svelte.ts';
import { Composer, type Change } from './composer.svelte.ts';
import { Engine } from './engine.svelte.ts';
import { FolderChooser } from './folder-chooser.svelte.ts';
import { Folders } from './folders.svelte.ts';
import { Grid } from './grid.svelte.ts';
import { Library } from './library.svelte.ts';
import { Marks } from './marks.svelte.ts';
import { Models } from './models.svelte.ts';
import { Notices } from './notices.svelte.ts';
import { Photos } from './photos.svelte.ts';
import { Preferences } from './preferences.svelte.ts';
import { Search } from './search.svelte.ts';
import { Searches } from './searches.svelte.ts';
import { Settings } from './settings.svelte.ts';
import { Shell } from './shell.svelte.ts';
import { Sidecars } from './sidecars.svelte.ts';
import { Toasts } from './toasts.svelte.ts';
import { UnknownWords } from './unknown-words.svelte.ts';
import { Upkeep } from './upkeep.svelte.ts';
import { Viewer } from './viewer.svelte.ts';

/** A query that was looked at for this long is worth remembering. */
const REMEMBERED_AFTER_MS = 3000;

const photoAtom = (id: string): Atom => ({ kind: 'photo', photo: { by: 'id', id }, look: null });

/** Everything the interface knows, and how its parts concern each other. */
export class App {
  /** The panel that is open over the library. */
  panel = $state<'library' | 'failures' | 'models' | 'keys' | 'duplicates' | null>(null);
  /** Whether the query is shown and written as text. */
  asText = $state(false);
  /** Height in px of the bar over the upper edge, which grows with the query. */
  bar = $state(64);
  readonly announcer = new Announcer();
  readonly preferences = new Preferences();
  readonly toasts = new Toasts();
  readonly engine: Engine;
  readonly library: Library;
  readonly models: Models;
  readonly folders: Folders;
  readonly settings: Settings;
  readonly shell: Shell;
  readonly upkeep: Upkeep;
  readonly notices: Notices;
  readonly photos: Photos;
  readonly marks: Marks;
  readonly sidecars: Sidecars;
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
    () =>
      this.viewer.grid !== null || this.panel !== null || this.chooser.purpose !== null || this.sidecars.ids !== null,
  );

  #resting: ReturnType<typeof setTimeout> | undefined;

  constructor(open: OpenTransport) {
    this.engine = new Engine(open, () => this.#opened());
    this.library = new Library(this.engine, this.toasts);
    this.folders = new Folders(this.engine, this.toasts, this.library);
    this.shell = new Shell(this.engine, this.toasts, (command) => void this.#obey(command));
    this.settings = new Settings(this.engine, this.toasts);
    this.models = new Models(this.engine, this.toasts, this.library, this.settings);
    this.upkeep = new Upkeep(this.engine, this.toasts);
    this.notices = new Notices(this.library);
    this.photos = new Photos(this.engine);
    this.sidecars = new Sidecars(this.engine);
    this.resultsGrid = new Grid(() => void this.search.more());
    this.search = new Search(this.engine, () => this.resultsGrid.reach);
    this.searches = new Searches(this.engine, this.toasts);
    this.unknown = new UnknownWords(this.engine);
    this.composer = new Composer({
      changed: (change) => this.#changed(change),
      said: (text) => this.announcer.say(text),
    });
    this.viewer = new Viewer(this.engine);
    this.marks = new Marks(this.engine, this.toasts, this.announcer, {
      // The viewer turns to a neighbour while it still has one.
      marked: (ids, change) => [this.viewer, this.photos, this.search].forEach((shown) => shown.marked(ids, change)),
      stale: () => this.#lookAgain(),
    });
    this.chooser = new FolderChooser(this.engine, this.toasts);
    this.#listen();
    this.engine.start();
  }

  /** Adds a folder of the person's choice to the library and indexes it. */
  async addFolder(): Promise<void> {
    const folder = await this.chooser.choose('photos');
    if (folder === null) return;
    await this.folders.add(folder.token);
    await this.library.index();
  }

  /** Takes a folder that was moved to be where the person finds it. */
  async relinkFolder(root: Root): Promise<void> {
    const folder = await this.chooser.choose('place');
    if (folder !== null) await this.folders.relink(root, folder.token);
  }

  /** Hides a photo of a grid, or shows it again where hidden photos are asked for. */
  async toggleHidden(grid: Grid, id: string): Promise<void> {
    const isHidden =
      grid === this.resultsGrid &&
      this.search.understood.filters.some(({ field, value }) => field === 'is' && value === 'hidden');
    await (isHidden ? this.marks.show([id]) : this.marks.hide([id]));
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

  /** Does what a menu, or a link from outside, asks for, once there is a page that it can be done on. */
  async #obey(command: Command): Promise<void> {
    await this.library.known;
    await tick();
    switch (command.do) {
      case 'search':
        this.viewer.close();
        this.panel = null;
        this.composer.load(command.query);
        return;
      case 'show':
        if (this.library.ready) this.panel = command.panel;
        return;
      case 'find':
        this.viewer.close();
        this.panel = null;
        document.querySelector<HTMLInputElement | HTMLTextAreaElement>('[data-search]')?.select();
        return;
      case 'clear':
        this.composer.clear();
        return;
      case 'add-folder':
        void this.addFolder();
        return;
      case 'index':
        if (this.library.ready) void this.library.index();
        return;
      case 'say':
      case 'tint':
      case 'rest':
        return;
    }
  }

  #opened(): void {
    void this.shell.load();
    this.#refresh();
    this.searches.refresh();
    void this.models.load();
    if (this.search.problem !== null) void this.search.run();
  }

  #listen(): void {
    this.engine.on('progress', (progress) => {
      const ended = this.library.working && progress.phase === 'idle';
      this.library.heed(progress);
      if (!ended) return;
      // The answer on the screen was given before the last photos were known.
      this.#lookAgain();
      void this.models.load();
    });
    this.engine.on('downloads', ({ downloads }) => this.models.heed(downloads));
    this.engine.on('upgrade', ({ upgrade }) => this.library.heedUpgrade(upgrade));
    this.engine.on('changed', ({ what }) => {
      if (what === 'library') {
        this.#opened();
        return;
      }
      if (what === 'searches') {
        this.searches.refresh();
        return;
      }
      this.library.refresh();
      this.searches.recount();
      if (what === 'model') {
        void this.models.load();
        if (this.search.answer !== null) void this.search.run();
      } else this.photos.refresh();
    });
  }

  #lookAgain(): void {
    this.#refresh();
    if (this.search.answer !== null) void this.search.run();
  }

  #refresh(): void {
    this.library.refresh();
    this.photos.refresh();
  }
}

export const [getApp, setApp] = createContext<App>();
