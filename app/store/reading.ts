import type { Table } from '@lancedb/lancedb';
import { failureKindSchema, metadataSchema, type Mark } from '../contract/index.ts';
import { LEFT_OUT, recordedTexts, type RecordedTexts } from './mapping.ts';
import type { FileRow, PhotoFacts, PhotoLook, PhotoRow, PhotoSummary } from './rows.ts';
import { filesSchema, photosSchema } from './schema.ts';
import { isOneOf, scanColumns, type Row } from './table.ts';

/** @param where SQL predicate that the rows have to satisfy */
export const readFiles = async (files: Table, where?: string): Promise<FileRow[]> => {
  const found: FileRow[] = [];
  const columns = filesSchema.fields.map((field) => field.name).filter((name) => name !== 'literal');
  for await (const batch of scanColumns(files, columns, where)) {
    for (const row of batch) {
      // The columns are those of filesSchema; LanceDB's typings do not carry them.
      const value = row.toJSON() as Record<string, string> & {
        size: number;
        mtime: number;
        seen_at: number;
        gone_at: number | null;
      };
      const kind = failureKindSchema.safeParse(value.error_kind);
      found.push({
        fileId: value.file_id ?? '',
        rootId: value.root_id ?? '',
        relPath: value.rel_path ?? '',
        size: value.size,
        mtime: value.mtime,
        device: value.device ?? '',
        inode: value.inode ?? '',
        contentHash: value.content_hash ?? null,
        photoId: value.photo_id ?? null,
        failure: kind.success && kind.data !== LEFT_OUT ? { kind: kind.data, message: value.error ?? '' } : null,
        leftOut: kind.data === LEFT_OUT ? (value.error ?? '') : null,
        seenAt: value.seen_at,
        groupId: value.group_id ?? null,
        sidecars: value.sidecars ?? null,
        goneAt: value.gone_at,
      });
    }
  }
  return found;
};

/** Which files show which photos, row by row. @param where SQL predicate that the rows have to satisfy */
export const readShown = async function* (
  files: Table,
  where: string,
): AsyncGenerator<readonly [fileId: string, photoId: string]> {
  for await (const batch of scanColumns(files, ['file_id', 'photo_id'], `photo_id IS NOT NULL AND (${where})`)) {
    const ids = batch.getChild('file_id');
    for (const [row, photoId] of Array.from(batch.getChild('photo_id') ?? [], String).entries())
      yield [String(ids?.get(row)), photoId];
  }
};

export const readPhotoIds = async (photos: Table): Promise<ReadonlySet<string>> => {
  const known = new Set<string>();
  for await (const batch of scanColumns(photos, ['photo_id']))
    for (const id of Array.from(batch.getChild('photo_id') ?? [], String)) known.add(id);
  return known;
};

export const readSummaries = async function* (photos: Table): AsyncGenerator<PhotoSummary> {
  const columns = ['photo_id', 'content_hash', 'pixel_hash', 'width', 'height', 'seconds', 'taken_at', 'rating'];
  for await (const batch of scanColumns(photos, columns)) {
    for (const row of batch) {
      // The columns asked for just above.
      const value = row.toJSON() as {
        photo_id: string;
        content_hash: string;
        pixel_hash: string;
        width: number;
        height: number;
        seconds: number | null;
        taken_at: number | null;
        rating: number | null;
      };
      yield {
        photoId: value.photo_id,
        contentHash: value.content_hash,
        pixelHash: value.pixel_hash,
        width: value.width,
        height: value.height,
        seconds: value.seconds,
        takenAt: value.taken_at ?? 0,
        rating: value.rating,
      };
    }
  }
};

export const readFacts = async function* (photos: Table): AsyncGenerator<PhotoFacts> {
  for await (const batch of scanColumns(photos, ['photo_id', 'camera', 'lens', 'mime', 'keywords'])) {
    const [ids, cameras, lenses, mimes, keywords] = ['photo_id', 'camera', 'lens', 'mime', 'keywords'].map((name) =>
      batch.getChild(name),
    );
    for (let row = 0; row < batch.numRows; row++) {
      // The columns are those of photosSchema; Arrow's typings do not carry them.
      yield {
        photoId: ids?.get(row) as string,
        camera: cameras?.get(row) as string | null,
        lens: lenses?.get(row) as string | null,
        mime: mimes?.get(row) as string,
        keywords: Array.from((keywords?.get(row) ?? []) as Iterable<string>),
      };
    }
  }
};

/** What is written in the photos that files show: in those at hand, else in the stored ones. */
export const readTexts = async (
  photos: Table,
  files: readonly FileRow[],
  atHand: readonly PhotoRow[],
): Promise<RecordedTexts> => {
  const texts = new Map(atHand.map(({ photoId, metadata }) => [photoId, recordedTexts(metadata)]));
  const missing = new Set(files.flatMap(({ photoId }) => (photoId === null || texts.has(photoId) ? [] : photoId)));
  if (missing.size === 0) return texts;
  const columns = ['photo_id', 'title', 'description', 'keywords'];
  for await (const batch of scanColumns(photos, columns, isOneOf('photo_id', [...missing]))) {
    for (const row of batch) {
      // The columns asked for just above.
      const value = row.toJSON() as {
        photo_id: string;
        title: string | null;
        description: string | null;
        keywords: Iterable<string>;
      };
      texts.set(value.photo_id, recordedTexts({ ...value, keywords: [...value.keywords] }));
    }
  }
  return texts;
};

/** Ids per predicate. */
const CHUNK = 5000;

/** Everything that is stored of photos. */
export const readPhotos = async function* (photos: Table, photoIds: readonly string[]): AsyncGenerator<PhotoRow> {
  const columns = photosSchema.fields.map((field) => field.name);
  for (let start = 0; start < photoIds.length; start += CHUNK) {
    const where = isOneOf('photo_id', photoIds.slice(start, start + CHUNK));
    for await (const batch of scanColumns(photos, columns, where)) for (const row of batch) yield toPhoto(row.toJSON());
  }
};

const toPhoto = (row: Row): PhotoRow => {
  // The columns are those of photosSchema, written by photoToRow; the metadata is parsed again below.
  const value = row as Record<string, string | null> & {
    width: number;
    height: number;
    sharpness: number | null;
    seconds: number | null;
    keywords: Iterable<string>;
  };
  return {
    photoId: value.photo_id ?? '',
    contentHash: value.content_hash ?? '',
    pixelHash: value.pixel_hash ?? '',
    width: value.width,
    height: value.height,
    mime: value.mime ?? '',
    phash: value.phash ?? null,
    sharpness: value.sharpness,
    seconds: value.seconds,
    metadata: metadataSchema.parse({
      takenAt: value.taken_at,
      takenAtSource: value.taken_at_source,
      takenAtOffset: value.taken_at_offset,
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
    }),
  };
};

/** Rows of vectors `[ids.length × d]`; photo, part and second of each are at the same place in their lists. */
export interface VectorBatch {
  readonly ids: readonly string[];
  readonly parts: Int32Array;
  /** Seconds of a video; null for a picture. */
  readonly at: readonly (number | null)[];
  readonly vectors: Float32Array;
}

export const readVectors = async function* (table: Table): AsyncGenerator<VectorBatch> {
  // Older programs wrote no moments: their photos are all pictures.
  const hasMoments = (await table.schema()).fields.some(({ name }) => name === 'at');
  for await (const batch of scanColumns(table, ['photo_id', 'part', 'vector', ...(hasMoments ? ['at'] : [])])) {
    const [ids, parts, at] = ['photo_id', 'part', 'at'].map((name) => batch.getChild(name));
    const lists = batch.getChild('vector')?.data[0]?.children[0];
    if (!ids || !parts || lists === undefined) continue;
    yield {
      ids: Array.from(ids, String),
      // Columns of vectorsSchema: Int32, Float64, and the Float32 child of a FixedSizeList.
      parts: Int32Array.from(parts as Iterable<number>),
      at: at ? Array.from(at as Iterable<number | null>) : Array.from(ids, () => null),
      vectors: lists.values as Float32Array,
    };
  }
};

/** What the person says of photos, by id. */
export const readMarks = async (user: Table): Promise<Map<string, Mark>> => {
  const marks = new Map<string, Mark>();
  for await (const batch of scanColumns(user, ['photo_id', 'favourite', 'rating', 'hidden'])) {
    for (const row of batch) {
      // The columns asked for just above.
      const { photo_id, ...mark } = row.toJSON() as Mark & { photo_id: string };
      marks.set(photo_id, mark);
    }
  }
  return marks;
};

export const readLooks = async function* (photos: Table): AsyncGenerator<PhotoLook> {
  for await (const batch of scanColumns(photos, ['photo_id', 'phash', 'sharpness', 'taken_at', 'taken_at_source'])) {
    for (const row of batch) {
      // The columns asked for just above.
      const value = row.toJSON() as Omit<PhotoLook, 'photoId' | 'takenAt' | 'takenAtSource'> & {
        photo_id: string;
        taken_at: number | null;
        taken_at_source: PhotoLook['takenAtSource'];
      };
      const { photo_id: photoId, taken_at: takenAt, taken_at_source: takenAtSource, phash, sharpness } = value;
      yield { photoId, phash, sharpness, takenAt, takenAtSource };
    }
  }
};

export const readColumn = async (photos: Table, column: string): Promise<Map<string, string | number>> => {
  const found = new Map<string, string | number>();
  for await (const batch of scanColumns(photos, ['photo_id', column])) {
    const [ids, values] = [batch.getChild('photo_id'), batch.getChild(column)];
    for (let row = 0; row < batch.numRows; row++) {
      const value: unknown = values?.get(row);
      if (typeof value === 'string' || typeof value === 'number') found.set(String(ids?.get(row)), value);
    }
  }
  return found;
};
