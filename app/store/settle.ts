import type { Table } from '@lancedb/lancedb';
import { fileToRow, userToRow } from './mapping.ts';
import { readFiles, readMarks, readPhotoIds, readShown, readTexts } from './reading.ts';
import { readSpareMarks } from './spare.ts';
import { deleteRows, isOneOf, putRows } from './table.ts';
import type { OpenTables } from './tables.ts';

/** Brings tables that an older program wrote, or that were mended, into the state that everything else relies on. */
export const settle = async ({ files, photos, user }: OpenTables, spare: string): Promise<void> => {
  await describeOldFiles(files, photos);
  await markUnknown(files, photos);
  const present = await readMarks(user);
  const lost = (await readSpareMarks(spare)).filter(({ photoId }) => !present.has(photoId));
  await putRows(user, 'photo_id', [], lost.map(userToRow));
};

/** Gives the rows of an older program, and what it broke off, the words that they are found by. */
const describeOldFiles = async (files: Table, photos: Table): Promise<void> => {
  const old = await readFiles(files, 'literal IS NULL AND photo_id IS NOT NULL');
  for (let start = 0; start < old.length; start += BATCH) {
    const batch = old.slice(start, start + BATCH);
    const textsOf = await readTexts(photos, batch, []);
    await putRows(
      files,
      'file_id',
      [],
      batch.map((file) => fileToRow(file, textsOf)),
    );
  }
};

/**
 * Files of photos whose rows were lost get a size that no file has: the next scan reads them again, and they become the
 * photos that they were. Of those that are gone nothing is left to come back to.
 */
const markUnknown = async (files: Table, photos: Table): Promise<void> => {
  const known = await readPhotoIds(photos);
  const orphansWhere = async (where: string): Promise<string[]> => {
    const orphans: string[] = [];
    for await (const [fileId, photoId] of readShown(files, where)) if (!known.has(photoId)) orphans.push(fileId);
    return orphans;
  };
  await deleteRows(files, 'file_id', await orphansWhere('gone_at IS NOT NULL'));
  const orphans = await orphansWhere('gone_at IS NULL AND size >= 0');
  for (let start = 0; start < orphans.length; start += BATCH) {
    const batch = await readFiles(files, isOneOf('file_id', orphans.slice(start, start + BATCH)));
    const rows = batch.map((file) => fileToRow({ ...file, size: -1, contentHash: null }, new Map()));
    await putRows(files, 'file_id', [], rows);
  }
};

/** Rows per write. */
const BATCH = 5000;
