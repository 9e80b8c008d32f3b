import { connect, type Connection, type Table } from '@lancedb/lancedb';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { Serial } from '../base/serial.ts';
import { AfterimageError, toAfterimageError, type Mark } from '../contract/index.ts';
import { asideOf } from './aside.ts';
import { vectorTableName } from './bank.ts';
import { dropIndexes, indexPhotos } from './indexes.ts';
import { isThere } from './json-file.ts';
import { indexWords } from './literal.ts';
import { libraryPaths } from './manifest.ts';
import { finishMending, isDamage, isReadable, mendTable, type Salvaged, type Workshop } from './salvage.ts';
import { addedColumns, filesSchema, photosSchema, userSchema, vectorsSchema } from './schema.ts';
import { dropOldManifests, keepManifests, keepMarks } from './spare.ts';
import { openTable } from './table.ts';
import { removeUnborn } from './unborn.ts';

export interface OpenTables {
  readonly database: Connection;
  readonly files: Table;
  readonly photos: Table;
  readonly user: Table;
}

/** @param spare folder of what is kept beside the tables */
type Settle = (tables: OpenTables, spare: string) => Promise<void>;

/**
 * The tables of a library: opened, written one after the other, and kept in order. What is found damaged, when it is
 * opened or read, is made again from what is left: see salvage.ts.
 */
export class Tables {
  /** What was damaged and has been mended, in sentences for the person. */
  readonly repairs: string[] = [];
  readonly #workshop: Workshop;
  /** Called whenever tables were opened, before anybody else uses them. */
  readonly #settle: Settle;
  #open: OpenTables | null = null;
  #vectors: { readonly table: Table; readonly modelId: string; readonly dimension: number } | null = null;
  readonly #writes = new Serial();
  /** The last time that tables were mended; they cannot be read until it ends. */
  #mending: Promise<unknown> = Promise.resolve();
  /** How often they were. */
  #mended = 0;

  private constructor(workshop: Workshop, settle: Settle) {
    this.#workshop = workshop;
    this.#settle = settle;
  }

  /**
   * @param directory of the tables; spare and damaged parts of them lie beside it
   * @throws AfterimageError `library-damaged` when the database cannot be opened, `disk-full`
   */
  static async open(directory: string, settle: Settle): Promise<Tables> {
    const library = dirname(directory);
    const { own, spare, mending } = libraryPaths(library);
    const workshop = { own, database: directory, spare, mending, aside: asideOf(library) };
    const tables = new Tables(workshop, settle);
    try {
      settleThreads();
      await finishMending(workshop);
      await removeUnborn(own, directory);
      await tables.#connect().catch(async (error: unknown) => {
        if (!isDamage(error) || !(await isThere(directory))) throw error;
        await tables.#mend();
      });
      return tables;
    } catch (error) {
      const known = asDiskFull(error);
      if (known !== null) throw known;
      throw new AfterimageError(
        'library-damaged',
        `The database in ${directory} cannot be opened (${firstLine(error)}). Check the disk and the folder's permissions, or restore the library from a backup.`,
        { cause: error },
      );
    }
  }

  /** Keeps a copy of all marks beside the tables. */
  keepMarks(marks: ReadonlyMap<string, Mark>): Promise<void> {
    return keepMarks(this.#workshop.own, this.#workshop.spare, marks);
  }

  get database(): Connection {
    return this.#tables.database;
  }

  get files(): Table {
    return this.#tables.files;
  }

  get photos(): Table {
    return this.#tables.photos;
  }

  get user(): Table {
    return this.#tables.user;
  }

  /** Of the model in use. @throws AfterimageError `no-model` */
  get vectors(): Table {
    if (this.#vectors === null) throw new AfterimageError('no-model', 'No model has been chosen for this library yet.');
    return this.#vectors.table;
  }

  /** Makes the vectors of one model the ones that are read and written. */
  async useVectors(modelId: string, dimension: number): Promise<void> {
    await this.read(() =>
      this.write(async () => {
        this.#vectors = { modelId, dimension, table: await this.openVectors(modelId, dimension) };
      }),
    );
  }

  /** Names of all tables, or of those with a prefix. */
  async names(prefix = ''): Promise<string[]> {
    return (await this.database.tableNames()).filter((name) => name.startsWith(prefix));
  }

  /** Names of the tables with what models saw in photos. */
  async derived(): Promise<string[]> {
    return (await this.names()).filter((name) => /^(?:vectors|hubs)_/u.test(name));
  }

  /** Runs what writes when all that was to be written before is. @throws AfterimageError `disk-full`, `library-damaged` */
  async write<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await this.#writes.run(work);
    } catch (error) {
      throw asDiskFull(error) ?? error;
    }
  }

  /**
   * Runs what reads; when it meets damage, that is mended and all is read again, and so it is when tables were closed for
   * somebody else's mending meanwhile.
   *
   * @param tries how often damage may be met
   */
  async read<T>(work: () => Promise<T>, tries = 1): Promise<T> {
    const mended = await this.#whole();
    try {
      return await work();
    } catch (error) {
      return this.read(work, await this.#mendFor(error, mended, tries));
    }
  }

  /** As `read`, for what comes in pieces: after damage they come once more from the beginning. */
  async *stream<T>(work: () => AsyncGenerator<T>, tries = 1): AsyncGenerator<T> {
    const mended = await this.#whole();
    try {
      yield* work();
      return;
    } catch (error) {
      tries = await this.#mendFor(error, mended, tries);
    }
    yield* this.stream(work, tries);
  }

  /** Looks at every row of every table and mends what cannot be read. @returns what was done, in sentences */
  async repair(): Promise<readonly string[]> {
    const before = this.repairs.length;
    await this.write(() => (this.#mending = this.#mend()));
    return this.repairs.slice(before);
  }

  /**
   * Compacts the small pieces that batches leave, takes new rows into the indexes, and drops old versions; LanceDB does none
   * of it by itself.
   *
   * @param retention versions that are younger stay, in milliseconds: queries under way may still read them
   */
  async tidy(retention: number): Promise<void> {
    await this.read(() =>
      this.write(async () => {
        const { files, photos, user } = this.#tables;
        await indexPhotos(photos);
        await this.#compact([files, photos, user], retention);
        for (const name of await this.derived()) {
          const isInUse = name === this.#vectors?.table.name;
          const table = isInUse ? this.vectors : await this.database.openTable(name);
          await this.#compact([table], retention);
          if (!isInUse) table.close();
        }
      }),
    );
  }

  /** The same for files alone; to be called in a write. */
  tidyFiles(retention: number): Promise<void> {
    return this.#compact([this.files], retention);
  }

  async close(): Promise<void> {
    await this.#writes.settled();
    this.#close();
  }

  async #compact(tables: readonly Table[], retention: number): Promise<void> {
    for (const table of tables) {
      // Nobody else writes: what no version has is left over from a write that was broken off.
      const options = { cleanupOlderThan: new Date(Date.now() - retention), deleteUnverified: true };
      const { compaction } = await table.optimize(options);
      if (compaction.fragmentsRemoved < MANY_PIECES) continue;
      // The version that joined so many pieces lists all of them: the next one, which changes nothing, does not.
      await table.delete('false');
      await table.optimize(options);
    }
    await keepManifests(this.#workshop.own, this.#workshop.database, this.#workshop.spare);
  }

  get #tables(): OpenTables {
    if (this.#open === null) throw new AfterimageError('library-damaged', 'The library’s database is not open.');
    return this.#open;
  }

  #close(): void {
    if (this.#open === null) return;
    const { database, files, photos, user } = this.#open;
    for (const table of [files, photos, user, this.#vectors?.table]) table?.close();
    database.close();
    this.#open = null;
  }

  async #connect(): Promise<void> {
    const database = await connect(this.#workshop.database);
    this.#open = {
      database,
      files: await openTable(database, 'files', filesSchema, addedColumns),
      photos: await openTable(database, 'photos', photosSchema, addedColumns),
      user: await openTable(database, 'user', userSchema),
    };
    if (this.#vectors !== null) {
      const { modelId, dimension } = this.#vectors;
      this.#vectors = { modelId, dimension, table: await this.openVectors(modelId, dimension) };
    }
    await this.#settle(this.#open, this.#workshop.spare);
    await indexWords(this.#open.files);
  }

  /** The caller closes it. */
  openVectors(modelId: string, dimension: number): Promise<Table> {
    return openTable(this.database, vectorTableName(modelId), vectorsSchema(dimension), addedColumns);
  }

  /** Waits until tables can be read. @returns how often they were mended until now */
  async #whole(): Promise<number> {
    const mended = this.#mended;
    await this.#mending.catch(() => undefined);
    // The next one may have begun at once.
    return mended === this.#mended ? mended : this.#whole();
  }

  /**
   * @param mended how often tables were mended when the reading began
   * @returns how often damage may be met yet
   */
  async #mendFor(error: unknown, mended: number, tries: number): Promise<number> {
    if (mended !== this.#mended) return tries;
    if (tries === 0 || !isDamage(error)) throw error;
    // Where every row can be read, it was an index or an old version that could not.
    if ((await this.repair()).length === 0) this.repairs.push(INDEX_REPAIRED);
    return tries - 1;
  }

  /** Mends every table with rows that cannot be read, and makes the indexes anew. */
  async #mend(): Promise<void> {
    this.#mended++;
    this.#close();
    const database = await connect(this.#workshop.database);
    const salvaged: Salvaged[] = [];
    for (const name of await database.tableNames()) {
      if (!(await isReadable(database, name))) salvaged.push(await mendTable(this.#workshop, name));
      await dropOldManifests(this.#workshop.own, join(this.#workshop.database, `${name}.lance`));
    }
    database.close();
    await this.#connect();
    for (const table of salvaged) this.repairs.push(sentenceOf(table, this.#workshop.aside));
    const { files, photos } = this.#tables;
    await dropIndexes(files);
    await dropIndexes(photos);
    await indexWords(files);
    await indexPhotos(photos);
  }
}

const INDEX_REPAIRED =
  'An index or an old version of the library’s database was damaged and has been replaced; nothing that was indexed is lost.';

/** Pieces of a table whose list is worth getting rid of: each takes a hundred bytes. */
const MANY_PIECES = 100;

const sentenceOf = ({ table, kept, lost }: Salvaged, aside: string): string => {
  const rest =
    lost === null
      ? 'nothing of it could be read'
      : lost === 0
        ? `all ${String(kept)} rows could be kept`
        : `${String(kept)} rows could be kept, ${String(lost)} could not`;
  return `A part of the library's database was damaged (${table}): ${rest}. What is missing is read again from the photos concerned by the next run; no photo was touched. The damaged files lie in ${aside} and can be deleted.`;
};

const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';

/** LanceDB tells a full disk in words only. */
const asDiskFull = (error: unknown): AfterimageError | null =>
  error instanceof Error && /no space left|ENOSPC|os error 28/iu.test(error.message)
    ? toAfterimageError(Object.assign(error, { code: 'ENOSPC' }))
    : null;

/**
 * LanceDB builds text indexes with two parties on one pool of threads that wait for each other. The pool has two threads
 * fewer than there are cores: on small machines that is too few, and both wait for ever (lancedb/lancedb #3568).
 */
const settleThreads = (): void => {
  process.env.LANCE_CPU_THREADS ??= String(Math.max(4, availableParallelism() - 2));
  process.env.LANCE_FTS_NUM_SHARDS ??= '1';
};
