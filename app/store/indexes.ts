import { Index, type Table } from '@lancedb/lancedb';

/** Columns of photos that filters compare with values; all other filters need no index, or none can help them. */
const INDEXED = {
  mime: () => Index.bitmap(),
  iso: () => Index.btree(),
  aperture: () => Index.btree(),
  exposure_seconds: () => Index.btree(),
  focal_length: () => Index.btree(),
  taken_at: () => Index.btree(),
  latitude: () => Index.btree(),
} as const;

/** Below this many rows a scan is as fast, and an index only one more thing to write. */
const WORTHWHILE = 10_000;

/** Has the indexes that filters use; rows that come later are found, too, and taken in when the table is optimised. */
export const indexPhotos = async (photos: Table): Promise<void> => {
  if ((await photos.countRows()) < WORTHWHILE) return;
  const present = new Set((await photos.listIndices()).flatMap(({ columns }) => columns));
  for (const [column, config] of Object.entries(INDEXED))
    if (!present.has(column)) await photos.createIndex(column, { config: config() });
};

export const dropIndexes = async (table: Table): Promise<void> => {
  for (const { name } of await table.listIndices()) await table.dropIndex(name);
};
