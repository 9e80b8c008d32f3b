import type { Table } from '@lancedb/lancedb';
import { failureKindSchema } from '../contract/index.ts';
import { recordedTexts, type RecordedTexts } from './mapping.ts';
import type { FileRow, PhotoFacts, PhotoRow, PhotoSummary } from './rows.ts';
import { filesSchema } from './schema.ts';
import { isOneOf, scanColumns } from './table.ts';

/** @param where SQL predicate that the rows have to satisfy */
export const readFiles = async (files: Table, where?: string): Promise<FileRow[]> => {
  const found: FileRow[] = [];
  const columns = filesSchema.fields.map((field) => field.name).filter((name) => name !== 'literal');
  for await (const batch of scanColumns(files, columns, where)) {
    for (const row of batch) {
      // The columns are those of filesSchema; LanceDB's typings do not carry them.
      const value = row.toJSON() as Record<string, string> & { size: number; mtime: number; seen_at: number };
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
        failure: kind.success ? { kind: kind.data, message: value.error ?? '' } : null,
        seenAt: value.seen_at,
      });
    }
  }
  return found;
};

export const readSummaries = async function* (photos: Table): AsyncGenerator<PhotoSummary> {
  const columns = ['photo_id', 'content_hash', 'width', 'height', 'taken_at', 'rating'];
  for await (const batch of scanColumns(photos, columns)) {
    for (const row of batch) {
      // The columns asked for just above.
      const value = row.toJSON() as {
        photo_id: string;
        content_hash: string;
        width: number;
        height: number;
        taken_at: number | null;
        rating: number | null;
      };
      yield {
        photoId: value.photo_id,
        contentHash: value.content_hash,
        width: value.width,
        height: value.height,
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
