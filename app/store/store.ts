import type { Table } from '@lancedb/lancedb';
import type { Mark } from '../contract/index.ts';
import { appendHubs, readBank, readHubs, tableNames, vectorTableName, writeBank } from './bank.ts';
import { dropStrays, inspectTables, type TableState } from './inspection.ts';
import { findWords, wantedWords } from './literal.ts';
import { fileToRow, photoToRow, userToRow } from './mapping.ts';
import {
  readColumn,
  readFacts,
  readFiles,
  readLooks,
  readMarks,
  readPhotoIds,
  readPhotos,
  readShown,
  readSummaries,
  readTexts,
  readVectors,
  type VectorBatch,
} from './reading.ts';
import type { FileRow, PhotoFacts, PhotoLook, PhotoRow, PhotoSummary, UserRow, VectorRow } from './rows.ts';
import { settle } from './settle.ts';
import { deleteRows, putRows, replaceRows, type Row } from './table.ts';
import { Tables } from './tables.ts';

/** What one step of indexing found out; written in an order that makes a crash at any point harmless. */
export interface Commit {
  readonly vectors: readonly VectorRow[];
  readonly photos: readonly PhotoRow[];
  readonly files: readonly FileRow[];
}

/** Which rows the store already holds: those are replaced, all others appended. */
export interface KnownRows {
  readonly vector: (photoId: string) => boolean;
  readonly photo: (photoId: string) => boolean;
  readonly file: (fileId: string) => boolean;
}

const split = <T>(
  rows: readonly T[],
  isKnown: (row: T) => boolean,
  toRow: (row: T) => Row,
): [fresh: Row[], known: Row[]] => {
  const fresh: Row[] = [];
  const known: Row[] = [];
  for (const row of rows) (isKnown(row) ? known : fresh).push(toRow(row));
  return [fresh, known];
};

/** What was forgotten for good. */
export interface Purged {
  readonly fileIds: readonly string[];
  readonly photoIds: readonly string[];
}

/** What the library knows, in tables. Calls that write run one after the other. */
export class Store {
  readonly #tables: Tables;
  /** Versions that were too young to go when the tables were tidied up. */
  #hasOldVersions = false;
  /** Writes of files since they were tidied up, and the rows in them. */
  #pieces = { writes: 0, rows: 0 };

  private constructor(tables: Tables) {
    this.#tables = tables;
  }

  /**
   * @param directory of the tables; what is kept of them beside lies in the folder above
   * @throws AfterimageError `library-damaged` when the database cannot be opened, `disk-full`
   */
  static async open(directory: string): Promise<Store> {
    return new Store(await Tables.open(directory, settle));
  }

  /** What was damaged and has been mended, in sentences for the person. */
  get repairs(): readonly string[] {
    return this.#tables.repairs;
  }

  /** Makes the vectors of one model the ones that are read and written. */
  useVectors(modelId: string, dimension: number): Promise<void> {
    return this.#tables.useVectors(modelId, dimension);
  }

  /** Photos that have a vector of a model. */
  vectorCount(modelId: string): Promise<number> {
    return this.#tables.read(async () => {
      const table = await this.#vectorsIfThere(modelId).catch((error: unknown) => {
        // A table that is just being made is listed before it is there.
        if (!String(error).includes('was not found')) throw error;
        return null;
      });
      if (table === null) return 0;
      const count = await table.countRows('part = 0');
      table.close();
      return count;
    });
  }

  /** Vectors of a model, in use or not, batch by batch, in no particular order; none where the library has none. */
  vectorsOf(modelId: string): AsyncGenerator<VectorBatch> {
    return this.#tables.stream(() => this.#readVectorsOf(modelId));
  }

  /** Writes what a model that is not in use sees in photos, in place of what it saw in them before. */
  putVectorsOf(modelId: string, dimension: number, vectors: readonly VectorRow[]): Promise<void> {
    return this.#tables.write(async () => {
      const table = await this.#tables.openVectors(modelId, dimension);
      try {
        await this.#putVectors(table, vectors, () => true);
      } finally {
        table.close();
      }
    });
  }

  /**
   * Forgets all that a model knows of photos and words.
   *
   * @param vectors whether its vectors go, too, which another model may share
   */
  dropModel(modelId: string, vectors: boolean): Promise<void> {
    return this.#tables.write(async () => {
      const present = await this.#tables.names();
      for (const name of tableNames(modelId, vectors))
        if (present.includes(name)) await this.#tables.database.dropTable(name);
    });
  }

  /** Vectors of the bank's words, `[V × d]` row-major, if they are stored for exactly these words. */
  bankVectors(modelId: string, words: readonly string[]): Promise<Float32Array | null> {
    return this.#tables.read(() => readBank(this.#tables.database, modelId, words));
  }

  /** Stores the bank's vectors, `[V × d]` row-major, in place of others for this model; hubs of others are forgotten. */
  putBank(modelId: string, words: readonly string[], vectors: Float32Array): Promise<void> {
    return this.#tables.write(() => writeBank(this.#tables.database, modelId, words, vectors));
  }

  /** Hub terms of photos for a model, by id, as far as they are stored. */
  loadHubs(modelId: string): Promise<Map<string, number>> {
    return this.#tables.read(() => readHubs(this.#tables.database, modelId));
  }

  addHubs(modelId: string, hubs: readonly { readonly photoId: string; readonly hub: number }[]): Promise<void> {
    return this.#tables.write(() => appendHubs(this.#tables.database, modelId, hubs));
  }

  /** Vectors first, then photos, then the files that point at them: what a crash leaves behind is merely unused. */
  commit(commit: Commit, known: KnownRows): Promise<void> {
    return this.#tables.write(async () => {
      if (commit.vectors.length > 0) await this.#putVectors(this.#tables.vectors, commit.vectors, known.vector);
      const [freshPhotos, knownPhotos] = split(commit.photos, (row) => known.photo(row.photoId), photoToRow);
      await putRows(this.#tables.photos, 'photo_id', freshPhotos, knownPhotos);
      await this.#putFiles(commit.files, commit.photos, known.file);
      await this.#joinPieces(commit.files.length);
    });
  }

  /**
   * Writes many paths at once, such as those of a folder that was renamed.
   *
   * @param isKnown which of them the store holds already; a row that it does not hold may be called known, at some cost
   */
  putFiles(files: readonly FileRow[], isKnown: KnownRows['file'] = () => true): Promise<void> {
    return this.#tables.write(() => this.#putFiles(files, [], isKnown));
  }

  /** Forgets what models saw in photos that look different now; the vectors of the model in use are about to be replaced. */
  forgetSeen(photoIds: readonly string[]): Promise<void> {
    return this.#tables.write(async () => {
      await this.#forgetIn(
        (await this.#tables.derived()).filter((name) => name !== this.#tables.vectors.name),
        photoIds,
      );
    });
  }

  /** Forgets paths. Photos and vectors stay: the same picture may come back under another name. */
  removeFiles(fileIds: readonly string[]): Promise<void> {
    return this.#tables.write(() => deleteRows(this.#tables.files, 'file_id', fileIds));
  }

  loadFiles(): Promise<FileRow[]> {
    return this.#tables.read(() => readFiles(this.#tables.files));
  }

  loadPhotos(): AsyncGenerator<PhotoSummary> {
    return this.#tables.stream(() => readSummaries(this.#tables.photos));
  }

  loadLooks(): AsyncGenerator<PhotoLook> {
    return this.#tables.stream(() => readLooks(this.#tables.photos));
  }

  loadFacts(): AsyncGenerator<PhotoFacts> {
    return this.#tables.stream(() => readFacts(this.#tables.photos));
  }

  /** Values of a column of `photosSchema`, by photo; photos without one are left out. */
  recorded(column: string): Promise<Map<string, string | number>> {
    return this.#tables.read(() => readColumn(this.#tables.photos, column));
  }

  /** Ids of the photos that an SQL predicate on the columns of `photosSchema` holds for. */
  photoIdsWhere(predicate: string): Promise<string[]> {
    return this.#tables.read(async () => {
      const rows = await this.#tables.photos.query().where(predicate).select(['photo_id']).toArrow();
      return Array.from(rows.getChild('photo_id') ?? [], String);
    });
  }

  /**
   * Photos that have all words of a sentence in the name of a file, title, description or keywords, whatever their case
   * and accents; words that say nothing are passed over.
   *
   * @param limit files that are looked at, at most
   * @returns ids, best first
   */
  literal(words: string, limit: number): Promise<string[]> {
    return this.#tables.read(() => findWords(this.#tables.files, wantedWords(words), limit));
  }

  /** @returns everything the store knows of one photo, or null */
  async photo(photoId: string): Promise<PhotoRow | null> {
    for await (const photo of this.photosOf([photoId])) return photo;
    return null;
  }

  /** Everything the store knows of photos, in no particular order; those that it does not know are left out. */
  photosOf(photoIds: readonly string[]): AsyncGenerator<PhotoRow> {
    return this.#tables.stream(() => readPhotos(this.#tables.photos, photoIds));
  }

  /** What the person says of photos, by id. */
  loadMarks(): Promise<Map<string, Mark>> {
    return this.#tables.read(() => readMarks(this.#tables.user));
  }

  async putMarks(marks: readonly UserRow[]): Promise<void> {
    await this.#tables.write(() => putRows(this.#tables.user, 'photo_id', [], marks.map(userToRow)));
    // They are written: a spare copy that cannot be made now is made with the next.
    await this.#tables.keepMarks(await this.loadMarks()).catch(() => undefined);
  }

  /**
   * Forgets files that went away before a time, and photos that no other file shows, with all that was derived from them;
   * not what the person said of them. The rows that tell what to forget go last: a kill leaves them for the next time.
   *
   * @param before milliseconds since the epoch
   */
  purge(before: number): Promise<Purged> {
    return this.#tables.write(async () => {
      const { files, photos } = this.#tables;
      const fileIds: string[] = [];
      const candidates = new Set<string>();
      for await (const [fileId, photoId] of readShown(files, `gone_at < ${String(before)}`)) {
        fileIds.push(fileId);
        candidates.add(photoId);
      }
      if (fileIds.length === 0) return { fileIds: [], photoIds: [] };
      for await (const [, photoId] of readShown(files, `gone_at IS NULL OR gone_at >= ${String(before)}`))
        candidates.delete(photoId);
      const photoIds = [...candidates];
      await this.#forgetIn(await this.#tables.derived(), photoIds);
      await deleteRows(photos, 'photo_id', photoIds);
      await deleteRows(files, 'file_id', fileIds);
      return { fileIds, photoIds };
    });
  }

  /** Tidies up after writes; old versions stay for a minute, for the queries under way. */
  async optimize(retention = RETENTION_MS): Promise<void> {
    await this.#tables.tidy(retention);
    this.#hasOldVersions = retention > 0;
    this.#pieces = { writes: 0, rows: 0 };
  }

  /** Looks at every row of every table. */
  inspect(): Promise<readonly TableState[]> {
    return this.#tables.write(() => inspectTables(this.#tables.database));
  }

  /** Mends what cannot be read, and removes what nothing points at. @returns what was done, in sentences */
  async repair(): Promise<readonly string[]> {
    const mended = await this.#tables.repair();
    const strays = await this.#tables.write(async () => {
      const known = await readPhotoIds(this.#tables.photos);
      return dropStrays(this.#tables.database, await this.#tables.derived(), known);
    });
    return strays === 0 ? mended : [...mended, `${String(strays)} rows of photos that are not here were removed.`];
  }

  async close(): Promise<void> {
    // Nobody reads them any more; what cannot be tidied up today can be another day.
    if (this.#hasOldVersions) await this.optimize(0).catch(() => undefined);
    await this.#tables.close();
  }

  async *#readVectorsOf(modelId: string): AsyncGenerator<VectorBatch> {
    const table = await this.#vectorsIfThere(modelId);
    if (table === null) return;
    try {
      yield* readVectors(table);
    } finally {
      table.close();
    }
  }

  /** The caller closes it. */
  async #vectorsIfThere(modelId: string): Promise<Table | null> {
    const name = vectorTableName(modelId);
    if (!(await this.#tables.names()).includes(name)) return null;
    return this.#tables.database.openTable(name);
  }

  async #forgetIn(names: readonly string[], photoIds: readonly string[]): Promise<void> {
    for (const name of names) {
      const table = await this.#tables.database.openTable(name);
      await deleteRows(table, 'photo_id', photoIds);
      table.close();
    }
  }

  /**
   * A search for words reads every piece of the files that the index does not know yet: while many come in, they are taken in
   * from time to time, the more of them at once the larger the table is that is written anew for them.
   */
  async #joinPieces(rows: number): Promise<void> {
    const pieces = { writes: this.#pieces.writes + 1, rows: this.#pieces.rows + rows };
    this.#pieces = pieces;
    if (pieces.writes < MANY_WRITES || pieces.rows * JOINED_SHARE < (await this.#tables.files.countRows())) return;
    this.#pieces = { writes: 0, rows: 0 };
    this.#hasOldVersions = true;
    // They are written: what cannot be tidied up now can be later.
    await this.#tables.tidyFiles(RETENTION_MS).catch(() => undefined);
  }

  async #putVectors(table: Table, vectors: readonly VectorRow[], isKnown: KnownRows['vector']): Promise<void> {
    const [fresh, known] = split(
      vectors,
      (row) => isKnown(row.photoId),
      (row) => ({ photo_id: row.photoId, part: row.part, vector: row.vector, at: row.at }),
    );
    await putRows(table, 'photo_id', fresh, []);
    const owners = new Set(vectors.flatMap((row) => (isKnown(row.photoId) ? row.photoId : [])));
    await replaceRows(table, ['photo_id', 'part'], [...owners], known);
  }

  async #putFiles(files: readonly FileRow[], atHand: readonly PhotoRow[], isKnown: KnownRows['file']): Promise<void> {
    const textsOf = await readTexts(this.#tables.photos, files, atHand);
    const [fresh, known] = split(
      files,
      (row) => isKnown(row.fileId),
      (row) => fileToRow(row, textsOf),
    );
    await putRows(this.#tables.files, 'file_id', fresh, known);
  }
}

/** Versions younger than this may still be read by a query under way. */
const RETENTION_MS = 60_000;

/** Each piece of the files costs every search for words about 0.07 ms. */
const MANY_WRITES = 64;
/** Files come in until they are so large a part of all. */
const JOINED_SHARE = 16;
