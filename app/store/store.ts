import { availableParallelism } from 'node:os';
import { connect, makeArrowTable, type Connection, type Table } from '@lancedb/lancedb';
import { AfterimageError, metadataSchema, toAfterimageError } from '../contract/index.ts';
import { findWords, indexWords, wantedWords } from './literal.ts';
import { fileToRow, photoToRow } from './mapping.ts';
import { readFacts, readFiles, readSummaries, readTexts } from './reading.ts';
import type { FileRow, PhotoFacts, PhotoRow, PhotoSummary, VectorRow } from './rows.ts';
import { addedColumns, bankSchema, filesSchema, hubsSchema, photosSchema, vectorsSchema } from './schema.ts';
import { removeUnborn } from './unborn.ts';
import { deleteRows, isOneOf, openTable, putRows, scanColumns, type Row } from './table.ts';

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

/** The library's tables. One writer: calls that write run one after the other. */
export class Store {
  readonly #database: Connection;
  readonly #files: Table;
  readonly #photos: Table;
  #vectors: Table | null = null;
  #writes: Promise<unknown> = Promise.resolve();

  private constructor(database: Connection, files: Table, photos: Table) {
    this.#database = database;
    this.#files = files;
    this.#photos = photos;
  }

  /** @throws AfterimageError `library-damaged` when the database cannot be opened */
  static async open(directory: string): Promise<Store> {
    try {
      settleThreads();
      await removeUnborn(directory);
      const database = await connect(directory);
      const photos = await openTable(database, 'photos', photosSchema, addedColumns);
      const store = new Store(database, await openTable(database, 'files', filesSchema, addedColumns), photos);
      await store.#describeOldFiles();
      await indexWords(store.#files);
      return store;
    } catch (error) {
      const known = asDiskFull(error);
      if (known !== null) throw known;
      const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
      throw new AfterimageError(
        'library-damaged',
        `The database in ${directory} cannot be opened (${reason}). Check the disk and the folder's permissions, or restore the library from a backup.`,
        { cause: error },
      );
    }
  }

  /** Makes the vectors of one model the ones that are read and written. */
  async useVectors(modelId: string, dimension: number): Promise<void> {
    await this.#serially(async () => {
      this.#vectors = await openTable(this.#database, vectorTableName(modelId), vectorsSchema(dimension));
    });
  }

  async vectorCount(modelId: string): Promise<number> {
    const name = vectorTableName(modelId);
    return (await this.#database.tableNames()).includes(name) ? (await this.#database.openTable(name)).countRows() : 0;
  }

  /** Vectors of the bank's words, `[V × d]` row-major, if they are stored for exactly these words. */
  async bankVectors(modelId: string, words: readonly string[]): Promise<Float32Array | null> {
    const name = bankTableName(modelId);
    if (!(await this.#database.tableNames()).includes(name)) return null;
    const table = await this.#database.openTable(name);
    const vectorOf = new Map<string, Float32Array>();
    for await (const batch of scanColumns(table, ['word', 'vector'])) {
      const lists = batch.getChild('vector')?.data[0]?.children[0];
      // The child of a FixedSizeList<Float32> is a Float32 column.
      const values = lists?.values as Float32Array;
      const dimension = values.length / batch.numRows;
      for (const [row, word] of Array.from(batch.getChild('word') ?? [], String).entries())
        vectorOf.set(word, values.slice(row * dimension, (row + 1) * dimension));
    }
    table.close();
    const vectors = words.flatMap((word) => vectorOf.get(word) ?? []);
    const [first] = vectors;
    if (first === undefined || vectors.length !== words.length || vectorOf.size !== words.length) return null;
    const stacked = new Float32Array(words.length * first.length);
    for (const [row, vector] of vectors.entries()) stacked.set(vector, row * first.length);
    return stacked;
  }

  /** Stores the bank's vectors, `[V × d]` row-major, in place of others for this model; hubs of others are forgotten. */
  putBank(modelId: string, words: readonly string[], vectors: Float32Array): Promise<void> {
    const dimension = vectors.length / words.length;
    const rows = words.map((word, row) => ({ word, vector: vectors.subarray(row * dimension, (row + 1) * dimension) }));
    return this.#serially(async () => {
      const before = await this.#database.tableNames();
      for (const name of [hubTableName(modelId), bankTableName(modelId)])
        if (before.includes(name)) await this.#database.dropTable(name);
      const data = makeArrowTable(rows, { schema: bankSchema(dimension) });
      (await this.#database.createTable(bankTableName(modelId), data)).close();
    });
  }

  /** Hub terms of photos for a model, by id, as far as they are stored. */
  async loadHubs(modelId: string): Promise<Map<string, number>> {
    const hubs = new Map<string, number>();
    const table = await openTable(this.#database, hubTableName(modelId), hubsSchema);
    for await (const batch of scanColumns(table, ['photo_id', 'hub'])) {
      const values = batch.getChild('hub');
      // The column is Float32, without nulls.
      for (const [row, id] of Array.from(batch.getChild('photo_id') ?? [], String).entries())
        hubs.set(id, values?.get(row) as number);
    }
    table.close();
    return hubs;
  }

  addHubs(modelId: string, hubs: readonly { readonly photoId: string; readonly hub: number }[]): Promise<void> {
    return this.#serially(async () => {
      const table = await openTable(this.#database, hubTableName(modelId), hubsSchema);
      await table.add(hubs.map(({ photoId, hub }) => ({ photo_id: photoId, hub })));
      table.close();
    });
  }

  /** Vectors first, then photos, then the files that point at them: what a crash leaves behind is merely unused. */
  commit(commit: Commit, known: KnownRows): Promise<void> {
    return this.#serially(async () => {
      if (commit.vectors.length > 0) {
        const [fresh, stale] = split(
          commit.vectors,
          (row) => known.vector(row.photoId),
          (row) => ({ photo_id: row.photoId, part: 0, vector: row.vector }),
        );
        await putRows(this.#vectorTable(), 'photo_id', fresh, stale);
      }
      const [freshPhotos, knownPhotos] = split(commit.photos, (row) => known.photo(row.photoId), photoToRow);
      await putRows(this.#photos, 'photo_id', freshPhotos, knownPhotos);
      const textsOf = await readTexts(this.#photos, commit.files, commit.photos);
      const [freshFiles, knownFiles] = split(
        commit.files,
        (row) => known.file(row.fileId),
        (row) => fileToRow(row, textsOf),
      );
      await putRows(this.#files, 'file_id', freshFiles, knownFiles);
    });
  }

  /** Forgets what models saw in photos that look different now; the vectors of the model in use are about to be replaced. */
  forgetSeen(photoIds: readonly string[]): Promise<void> {
    return this.#serially(async () => {
      for (const name of await this.#database.tableNames()) {
        if (!/^(?:vectors|hubs)_/u.test(name) || name === this.#vectors?.name) continue;
        const table = await this.#database.openTable(name);
        await deleteRows(table, 'photo_id', photoIds);
        table.close();
      }
    });
  }

  /** Forgets paths. Photos and vectors stay: the same picture may come back under another name. */
  removeFiles(fileIds: readonly string[]): Promise<void> {
    return this.#serially(() => deleteRows(this.#files, 'file_id', fileIds));
  }

  loadFiles(): Promise<FileRow[]> {
    return readFiles(this.#files);
  }

  loadPhotos(): AsyncGenerator<PhotoSummary> {
    return readSummaries(this.#photos);
  }

  loadFacts(): AsyncGenerator<PhotoFacts> {
    return readFacts(this.#photos);
  }

  /** Ids of the photos that an SQL predicate on the columns of `photosSchema` holds for. */
  async photoIdsWhere(predicate: string): Promise<string[]> {
    const rows = await this.#photos.query().where(predicate).select(['photo_id']).toArrow();
    return Array.from(rows.getChild('photo_id') ?? [], String);
  }

  /**
   * Photos that have all words of a sentence in the name of a file, title, description or keywords, whatever their case
   * and accents; words that say nothing are passed over.
   *
   * @param limit files that are looked at, at most
   * @returns ids, best first
   */
  literal(words: string, limit: number): Promise<string[]> {
    return findWords(this.#files, wantedWords(words), limit);
  }

  /** Vectors of the model in use, batch by batch: ids and the rows `[ids.length × d]`. */
  async *loadVectors(): AsyncGenerator<{ readonly ids: readonly string[]; readonly vectors: Float32Array }> {
    for await (const batch of scanColumns(this.#vectorTable(), ['photo_id', 'vector'])) {
      const ids = batch.getChild('photo_id');
      const lists = batch.getChild('vector')?.data[0]?.children[0];
      if (ids === null || lists === undefined) continue;
      // The child of a FixedSizeList<Float32> is a Float32 column.
      yield { ids: Array.from(ids, String), vectors: lists.values as Float32Array };
    }
  }

  /** @returns everything the store knows of one photo, or null */
  async photo(photoId: string): Promise<PhotoRow | null> {
    // LanceDB's rows have no type. These were written by photoToRow; the metadata is parsed again below.
    const rows = (await this.#photos
      .query()
      .where(isOneOf('photo_id', [photoId]))
      .limit(1)
      .toArray()) as readonly (Record<string, string | null> & {
      width: number;
      height: number;
      keywords: Iterable<string>;
    })[];
    const [value] = rows;
    if (value === undefined) return null;
    const metadata = metadataSchema.parse({
      takenAt: value.taken_at,
      takenAtSource: value.taken_at_source,
      camera: value.camera,
      lens: value.lens,
      exposure: value.exposure,
      iso: value.iso,
      aperture: value.aperture,
      exposureSeconds: value.exposure_seconds,
      focalLength: value.focal_length,
      latitude: value.latitude,
      longitude: value.longitude,
      rating: value.rating,
      keywords: [...value.keywords],
      title: value.title,
      description: value.description,
    });
    return {
      photoId,
      contentHash: value.content_hash ?? '',
      pixelHash: value.pixel_hash ?? '',
      width: value.width,
      height: value.height,
      mime: value.mime ?? '',
      metadata,
    };
  }

  /** Compacts the small pieces that batches leave and drops old versions; LanceDB does neither by itself. */
  optimize(): Promise<void> {
    return this.#serially(async () => {
      for (const table of [this.#files, this.#photos, this.#vectors])
        await table?.optimize({ cleanupOlderThan: new Date(Date.now() - RETENTION_MS) });
    });
  }

  async close(): Promise<void> {
    await this.#writes.catch(() => undefined);
    for (const table of [this.#files, this.#photos, this.#vectors]) table?.close();
    this.#database.close();
  }

  /** Gives the rows of an older program, and what it broke off, the words that they are found by. */
  async #describeOldFiles(): Promise<void> {
    const files = await readFiles(this.#files, 'literal IS NULL AND photo_id IS NOT NULL');
    for (let start = 0; start < files.length; start += BATCH) {
      const batch = files.slice(start, start + BATCH);
      const textsOf = await readTexts(this.#photos, batch, []);
      const rows = batch.map((file) => fileToRow(file, textsOf));
      await putRows(this.#files, 'file_id', [], rows);
    }
  }

  #vectorTable(): Table {
    if (this.#vectors === null) throw new AfterimageError('no-model', 'No model has been chosen for this library yet.');
    return this.#vectors;
  }

  async #serially<T>(write: () => Promise<T>): Promise<T> {
    const turn = this.#writes.then(write, write);
    this.#writes = turn.catch(() => undefined);
    try {
      return await turn;
    } catch (error) {
      throw asDiskFull(error) ?? error;
    }
  }
}

/** LanceDB tells a full disk in words only. */
const asDiskFull = (error: unknown): AfterimageError | null =>
  error instanceof Error && /no space left|ENOSPC|os error 28/iu.test(error.message)
    ? toAfterimageError(Object.assign(error, { code: 'ENOSPC' }))
    : null;

/** Rows per write. */
const BATCH = 5000;

/**
 * LanceDB builds text indexes with two parties on one pool of threads that wait for each other. The pool has two threads
 * fewer than there are cores: on small machines that is too few, and both wait for ever (lancedb/lancedb #3568).
 */
const settleThreads = (): void => {
  process.env.LANCE_CPU_THREADS ??= String(Math.max(4, availableParallelism() - 2));
  process.env.LANCE_FTS_NUM_SHARDS ??= '1';
};

/** Versions younger than this may still be read by a query under way. */
const RETENTION_MS = 60_000;

/** A table's name takes letters, digits and a few signs. */
const perModel =
  (prefix: string) =>
  (modelId: string): string =>
    `${prefix}_${modelId.replaceAll(/[^A-Za-z0-9_.-]/gu, '_')}`;
const vectorTableName = perModel('vectors');
const bankTableName = perModel('bank');
const hubTableName = perModel('hubs');
