import type { Connection, Table } from '@lancedb/lancedb';
import type { RecordBatch, Schema } from 'apache-arrow';
import { AfterimageError } from '../contract/index.ts';

/** A row as LanceDB takes and gives it. */
export type Row = Record<string, unknown>;

export const openTable = async (database: Connection, name: string, schema: Schema): Promise<Table> =>
  (await database.tableNames()).includes(name) ? database.openTable(name) : database.createEmptyTable(name, schema);

/**
 * Writes rows by the table's first column: `fresh` ones are appended, the others replace what stands there.
 *
 * @throws AfterimageError `library-damaged` when LanceDB reports other counts than rows were given (its `mergeInsert` can
 * silently update nothing)
 */
export const putRows = async (
  table: Table,
  key: string,
  fresh: readonly Row[],
  known: readonly Row[],
): Promise<void> => {
  if (fresh.length > 0) await table.add([...fresh]);
  if (known.length === 0) return;
  const written = await table
    .mergeInsert(key)
    .whenMatchedUpdateAll()
    .whenNotMatchedInsertAll()
    .execute([...known]);
  if (written.numInsertedRows + written.numUpdatedRows < known.length) {
    throw new AfterimageError(
      'library-damaged',
      `The store took ${String(written.numInsertedRows + written.numUpdatedRows)} of ${String(known.length)} rows of ${table.name}. Run “afterimage doctor”.`,
    );
  }
};

const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** SQL predicate: the column holds one of the values. */
export const isOneOf = (column: string, values: readonly string[]): string =>
  `${column} IN (${values.map(quote).join(', ')})`;

const CHUNK = 500;

export const deleteRows = async (table: Table, key: string, values: readonly string[]): Promise<void> => {
  for (let start = 0; start < values.length; start += CHUNK) {
    await table.delete(isOneOf(key, values.slice(start, start + CHUNK)));
  }
};

/** Streams the chosen columns, batch by batch, so that a big table is never held twice. */
export const scanColumns = async function* (table: Table, columns: readonly string[]): AsyncGenerator<RecordBatch> {
  for await (const batch of table.query().select([...columns])) yield batch;
};
