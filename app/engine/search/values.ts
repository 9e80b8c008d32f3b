import { setImmediate as breathe, setTimeout as pause } from 'node:timers/promises';
import type { Output, ParsedInput } from '../../contract/index.ts';
import type { Catalogue } from '../../library/catalogue.ts';
import { typeOf } from '../../query/language/types.ts';
import type { FileRow, PhotoFacts } from '../../store/rows.ts';
import { ValueList } from './value-list.ts';

type Field = ParsedInput<'search.values'>['field'];

/** What completion reads of the library. */
export interface ValueSource {
  readonly catalogue: Catalogue;
  readonly loadFacts: () => AsyncIterable<PhotoFacts>;
  /** See `Roots.folderOf`. */
  readonly folderOf: (file: FileRow) => string;
  /** Tags of the library's photos, photo by photo; of a large library, those of some photos. */
  readonly tags: () => Promise<readonly (readonly string[])[]>;
}

/** How long newer values are waited for where older ones are at hand. */
const PATIENCE_MS = 30;
/** Files and photos that are counted before somebody else has a turn. */
const CHUNK = 16_384;

/** Offers the values that fields have in the library; each field is looked through when first asked, and after changes. */
export class Values {
  readonly #source: ValueSource;
  readonly #known = new Map<Field, { readonly list: ValueList; readonly version: number }>();
  readonly #underWay = new Map<Field, Promise<ValueList>>();
  #facts: { readonly tallies: Promise<Facts>; readonly version: number } | null = null;
  #version = 0;

  constructor(source: ValueSource) {
    this.#source = source;
  }

  /** The library has changed. */
  outdate(): void {
    this.#version += 1;
  }

  /** Values that begin with the prefix, or have a word in them that does; those of most photos first. */
  async of({ field, prefix, limit }: ParsedInput<'search.values'>): Promise<Output<'search.values'>> {
    return { values: (await this.#listOf(field)).find(prefix, limit) };
  }

  #listOf(field: Field): Promise<ValueList> | ValueList {
    const known = this.#known.get(field);
    if (known?.version === this.#version) return known.list;
    const renewed = this.#underWay.get(field) ?? this.#renew(field);
    return known === undefined ? renewed : Promise.race([renewed, pause(PATIENCE_MS, known.list)]);
  }

  #renew(field: Field): Promise<ValueList> {
    const version = this.#version;
    const renewed = this.#tally(field)
      .then((tally) => {
        const list = new ValueList(tally);
        this.#known.set(field, { list, version });
        return list;
      })
      .finally(() => this.#underWay.delete(field));
    this.#underWay.set(field, renewed);
    return renewed;
  }

  #tally(field: Field): Promise<Tally> {
    switch (field) {
      case 'name':
        return this.#tallyFiles(({ relPath }) => [relPath.slice(relPath.lastIndexOf('/') + 1)]);
      case 'in':
        return this.#tallyFolders();
      case 'after':
        return this.#tallyYears();
      case 'tag':
        return this.#source.tags().then((tags) => tallied(tags.flat()));
      case 'camera':
      case 'lens':
      case 'keyword':
      case 'type':
        return this.#tallyFacts(field);
    }
  }

  /** Photos by what their files have, each photo once. */
  async #tallyFiles(valuesOf: (file: FileRow) => readonly string[]): Promise<Tally> {
    const { catalogue } = this.#source;
    const tally: Tally = new Map();
    for await (const files of inChunks(catalogue.files.values())) {
      for (const file of files) {
        const { photoId } = file;
        if (photoId === null) continue;
        if (catalogue.fileCount(photoId) === 1) for (const value of valuesOf(file)) count(tally, value);
        else if (catalogue.filesOf(photoId)[0] === file)
          for (const value of new Set(catalogue.filesOf(photoId).flatMap(valuesOf))) count(tally, value);
      }
    }
    return tally;
  }

  /** A photo counts for its folder and for all that the folder lies in. */
  #tallyFolders(): Promise<Tally> {
    const above = new Map<string, readonly string[]>();
    return this.#tallyFiles((file) => {
      const folder = this.#source.folderOf(file);
      let folders = above.get(folder);
      if (folders === undefined) {
        folders = foldersAbove(folder);
        above.set(folder, folders);
      }
      return folders;
    });
  }

  async #tallyYears(): Promise<Tally> {
    const { catalogue } = this.#source;
    const tally: Tally = new Map();
    for await (const photos of inChunks(catalogue.photos.values()))
      for (const { photoId, takenAt } of photos)
        if (catalogue.isShown(photoId)) count(tally, String(new Date(takenAt).getFullYear()));
    return tally;
  }

  async #tallyFacts(field: keyof Facts): Promise<Tally> {
    const version = this.#version;
    if (this.#facts?.version !== version) this.#facts = { tallies: this.#readFacts(), version };
    try {
      return (await this.#facts.tallies)[field];
    } catch (error) {
      this.#facts = null;
      throw error;
    }
  }

  async #readFacts(): Promise<Facts> {
    const tallies: Facts = { camera: new Map(), lens: new Map(), keyword: new Map(), type: new Map() };
    for await (const { photoId, camera, lens, keywords, mime } of this.#source.loadFacts()) {
      if (!this.#source.catalogue.isShown(photoId)) continue;
      if (camera !== null) count(tallies.camera, camera);
      if (lens !== null) count(tallies.lens, lens);
      for (const keyword of keywords) count(tallies.keyword, keyword);
      const type = typeOf(mime);
      if (type !== null) count(tallies.type, type);
    }
    return tallies;
  }
}

type Tally = Map<string, number>;
type Facts = Readonly<Record<'camera' | 'lens' | 'keyword' | 'type', Tally>>;

const count = (tally: Tally, value: string, photos = 1): void => {
  tally.set(value, (tally.get(value) ?? 0) + photos);
};

const tallied = (values: readonly string[]): Tally => {
  const tally: Tally = new Map();
  for (const value of values) count(tally, value);
  return tally;
};

/** A folder and all that it lies in: `Pictures`, `Pictures/2019`, `Pictures/2019/Rome` of the last. */
const foldersAbove = (folder: string): string[] => {
  const parts = folder.split('/').filter((part) => part !== '');
  return parts.map((_, depth) => parts.slice(0, depth + 1).join('/'));
};

/** Lets others have a turn between the chunks. */
const inChunks = async function* <T>(items: Iterable<T>): AsyncGenerator<readonly T[]> {
  let chunk: T[] = [];
  for (const item of items) {
    chunk.push(item);
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = [];
    await breathe();
  }
  yield chunk;
};
