import type { Connection, MergeResult, Table } from '@lancedb/lancedb';
import type { RecordBatch, Schema } from 'apache-arrow';
import { AfterimageError } from '../contract/index.ts';

/** A row as LanceDB takes and gives it. */
export type Row = Record<string, unknown>;

/**
 * Opens a table, or makes it.
 *
 * @param added columns that an older program's table may lack, and the SQL that fills them
 */
export const openTable = async (
  database: Connection,
  name: string,
  schema: Schema,
  added: Readonly<Record<string, string>> = {},
): Promise<Table> => {
  if (!(await database.tableNames()).includes(name)) return database.createEmptyTable(name, schema);
  const table = await database.openTable(name);
  const present = new Set((await table.schema()).fields.map((field) => field.name));
  const missing = schema.fields.flatMap((field) => {
    const valueSql = present.has(field.name) ? undefined : added[field.name];
    return valueSql === undefined ? [] : [{ name: field.name, valueSql }];
  });
  if (missing.length > 0) await table.addColumns(missing);
  return table;
};

/** LanceDB's `mergeInsert` can silently update nothing: fewer rows than were given is damage. */
const expectAll = (table: Table, given: number, { numInsertedRows, numUpdatedRows }: MergeResult): void => {
  if (numInsertedRows + numUpdatedRows >= given) return;
  throw new AfterimageError(
    'library-damaged',
    `The store took ${String(numInsertedRows + numUpdatedRows)} of ${String(given)} rows of ${table.name}. Run “afterimage doctor”.`,
  );
};

/**
 * Writes rows by the table's first column: `fresh` ones are appended, the others replace what stands there.
 *
 * @throws AfterimageError `library-damaged` when LanceDB reports other counts than rows were given
 */
export const putRows = async (
  table: Table,
  key: string,
  fresh: readonly Row[],
  known: readonly Row[],
): Promise<void> => {
  if (fresh.length > 0) await table.add([...fresh]);
  if (known.length === 0) return;
  const merge = table.mergeInsert(key).whenMatchedUpdateAll().whenNotMatchedInsertAll();
  expectAll(table, known.length, await merge.execute([...known]));
};

/**
 * Writes rows in place of all that the table has of the same owners, in one step: never some of the old ones and some of
 * the new ones.
 *
 * @param keys the table's first columns: the owner, then what tells its rows apart
 * @param owners every owner among the rows
 */
export const replaceRows = async (
  table: Table,
  keys: readonly [owner: string, ...string[]],
  owners: readonly string[],
  rows: readonly Row[],
): Promise<void> => {
  if (rows.length === 0) return;
  const merge = table
    .mergeInsert([...keys])
    .whenMatchedUpdateAll()
    .whenNotMatchedInsertAll()
    .whenNotMatchedBySourceDelete({ where: isOneOf(keys[0], owners) });
  expectAll(table, rows.length, await merge.execute([...rows]));
};

/** Text as SQL. */
export const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** SQL predicate: the column holds one of the values. */
export const isOneOf = (column: string, values: readonly string[]): string =>
  `${column} IN (${values.map(quote).join(', ')})`;

/** Values per predicate; each deletion makes a version. */
const CHUNK = 50_000;

export const deleteRows = async (table: Table, key: string, values: readonly string[]): Promise<void> => {
  for (let start = 0; start < values.length; start += CHUNK)
    await table.delete(isOneOf(key, values.slice(start, start + CHUNK)));
};

/** Streams the chosen columns, batch by batch, so that a big table is never held twice. */
export const scanColumns = async function* (
  table: Table,
  columns: readonly string[],
  where?: string,
): AsyncGenerator<RecordBatch> {
  const query = table.query().select([...columns]);
  for await (const batch of where === undefined ? query : query.where(where)) yield batch;
};
