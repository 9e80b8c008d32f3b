import { makeArrowTable, type Connection } from '@lancedb/lancedb';
import { bankSchema, hubsSchema } from './schema.ts';
import { openTable, scanColumns } from './table.ts';

/** A table's name takes letters, digits and a few signs. */
const perModel =
  (prefix: string) =>
  (modelId: string): string =>
    `${prefix}_${modelId.replaceAll(/[^A-Za-z0-9_.-]/gu, '_')}`;
export const vectorTableName = perModel('vectors');
const bankTableName = perModel('bank');
const hubTableName = perModel('hubs');

/** Tables of a model. @param vectors whether those with its vectors are meant, too */
export const tableNames = (modelId: string, vectors: boolean): readonly string[] => [
  bankTableName(modelId),
  hubTableName(modelId),
  ...(vectors ? [vectorTableName(modelId)] : []),
];

/** Vectors of the bank's words, `[V × d]` row-major, if they are stored for exactly these words. */
export const readBank = async (
  database: Connection,
  modelId: string,
  words: readonly string[],
): Promise<Float32Array | null> => {
  const name = bankTableName(modelId);
  if (!(await database.tableNames()).includes(name)) return null;
  const table = await database.openTable(name);
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
};

/** Stores the bank's vectors, `[V × d]` row-major, in place of others for this model; hubs of others are forgotten. */
export const writeBank = async (
  database: Connection,
  modelId: string,
  words: readonly string[],
  vectors: Float32Array,
): Promise<void> => {
  const dimension = vectors.length / words.length;
  const rows = words.map((word, row) => ({ word, vector: vectors.subarray(row * dimension, (row + 1) * dimension) }));
  const before = await database.tableNames();
  for (const name of [hubTableName(modelId), bankTableName(modelId)])
    if (before.includes(name)) await database.dropTable(name);
  const data = makeArrowTable(rows, { schema: bankSchema(dimension) });
  (await database.createTable(bankTableName(modelId), data)).close();
};

/** Hub terms of photos for a model, by id, as far as they are stored. */
export const readHubs = async (database: Connection, modelId: string): Promise<Map<string, number>> => {
  const hubs = new Map<string, number>();
  const table = await openTable(database, hubTableName(modelId), hubsSchema);
  for await (const batch of scanColumns(table, ['photo_id', 'hub'])) {
    const values = batch.getChild('hub');
    // The column is Float32, without nulls.
    for (const [row, id] of Array.from(batch.getChild('photo_id') ?? [], String).entries())
      hubs.set(id, values?.get(row) as number);
  }
  table.close();
  return hubs;
};

export const appendHubs = async (
  database: Connection,
  modelId: string,
  hubs: readonly { readonly photoId: string; readonly hub: number }[],
): Promise<void> => {
  const table = await openTable(database, hubTableName(modelId), hubsSchema);
  await table.add(hubs.map(({ photoId, hub }) => ({ photo_id: photoId, hub })));
  table.close();
};
