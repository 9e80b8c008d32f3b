import { connect, type Connection, type Table } from '@lancedb/lancedb';
import { AfterimageError, failureKindSchema, metadataSchema, toAfterimageError } from '../contract/index.ts';
import type { FileRow, PhotoRow, PhotoSummary, VectorRow } from './rows.ts';
import { filesSchema, photosSchema, vectorsSchema } from './schema.ts';
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

const fileToRow = (file: FileRow): Row => ({
  file_id: file.fileId,
  root_id: file.rootId,
  rel_path: file.relPath,
  size: file.size,
  mtime: file.mtime,
  device: file.device,
  inode: file.inode,
  content_hash: file.contentHash,
  photo_id: file.photoId,
  state: file.failure === null ? 'ok' : 'failed',
  error_kind: file.failure?.kind ?? null,
  error: file.failure?.message ?? null,
  seen_at: file.seenAt,
});

const photoToRow = ({ metadata, ...photo }: PhotoRow): Row => ({
  photo_id: photo.photoId,
  content_hash: photo.contentHash,
  pixel_hash: photo.pixelHash,
  width: photo.width,
  height: photo.height,
  mime: photo.mime,
  taken_at: metadata.takenAt,
  taken_at_source: metadata.takenAtSource,
  camera: metadata.camera,
  lens: metadata.lens,
  exposure: metadata.exposure,
  latitude: metadata.latitude,
  longitude: metadata.longitude,
  rating: metadata.rating,
  keywords: metadata.keywords,
  title: metadata.title,
  description: metadata.description,
});

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
      const database = await connect(directory);
      return new Store(
        database,
        await openTable(database, 'files', filesSchema),
        await openTable(database, 'photos', photosSchema),
      );
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
      const [freshFiles, knownFiles] = split(commit.files, (row) => known.file(row.fileId), fileToRow);
      await putRows(this.#files, 'file_id', freshFiles, knownFiles);
    });
  }

  /** Forgets what models other than the one in use saw in photos that look different now. */
  forgetOtherVectors(photoIds: readonly string[]): Promise<void> {
    return this.#serially(async () => {
      const names = await this.#database.tableNames();
      for (const name of names.filter((other) => other.startsWith('vectors_') && other !== this.#vectors?.name)) {
        await deleteRows(await this.#database.openTable(name), 'photo_id', photoIds);
      }
    });
  }

  /** Forgets paths. Photos and vectors stay: the same picture may come back under another name. */
  removeFiles(fileIds: readonly string[]): Promise<void> {
    return this.#serially(() => deleteRows(this.#files, 'file_id', fileIds));
  }

  async loadFiles(): Promise<FileRow[]> {
    const files: FileRow[] = [];
    const columns = filesSchema.fields.map((field) => field.name);
    for await (const batch of scanColumns(this.#files, columns)) {
      for (const row of batch) {
        // The columns are those of filesSchema; LanceDB's typings do not carry them.
        const value = row.toJSON() as Record<string, string> & { size: number; mtime: number; seen_at: number };
        const kind = failureKindSchema.safeParse(value.error_kind);
        files.push({
          fileId: value.file_id ?? '',
          rootId: value.root_id ?? '',
          relPath: value.rel_path ?? '',
          size: value.size,
          mtime: value.mtime,
          device: value.device ?? '',
          inode: value.inode ?? '',
          contentHash: value.content_hash ?? null,
          photoId: value.photo_id ?? null,
          failure: kind.success ? { kind: kind.data, message: value.error ?? '' } : null,
          seenAt: value.seen_at,
        });
      }
    }
    return files;
  }

  async *loadPhotos(): AsyncGenerator<PhotoSummary> {
    for await (const batch of scanColumns(this.#photos, ['photo_id', 'content_hash', 'width', 'height', 'taken_at'])) {
      for (const row of batch) {
        // The columns asked for just above.
        const value = row.toJSON() as {
          photo_id: string;
          content_hash: string;
          width: number;
          height: number;
          taken_at: number | null;
        };
        yield {
          photoId: value.photo_id,
          contentHash: value.content_hash,
          width: value.width,
          height: value.height,
          takenAt: value.taken_at ?? 0,
        };
      }
    }
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

/** Versions younger than this may still be read by a query under way. */
const RETENTION_MS = 60_000;

const vectorTableName = (modelId: string): string => `vectors_${modelId.replaceAll(/[^A-Za-z0-9_.-]/gu, '_')}`;
