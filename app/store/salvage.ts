import { connect, type Connection, type Table } from '@lancedb/lancedb';
import { Field, makeData, RecordBatch, Schema, Struct, Table as ArrowTable, tableToIPC, Uint32 } from 'apache-arrow';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { OwnFolder } from '../base/disk.ts';
import { putAside } from './aside.ts';
import { isThere } from './json-file.ts';
import { manifestsOf, restoreManifests } from './spare.ts';
import { scanColumns } from './table.ts';

/** Where the tables of a library are, and where they are mended. */
export interface Workshop {
  /** The library. */
  readonly own: OwnFolder;
  /** Folder of the tables. */
  readonly database: string;
  /** Copies of manifests: see spare.ts. */
  readonly spare: string;
  /** Empty unless a table is being mended. */
  readonly mending: string;
  /** Where damaged tables are put. */
  readonly aside: string;
}

/** What was left of a damaged table. */
export interface Salvaged {
  readonly table: string;
  readonly kept: number;
  /** Rows that are lost; null where nothing tells how many there were. */
  readonly lost: number | null;
}

/** What the system fails at is no damage: no permission, too many open files, a bad sector, a full disk. */
const isSystemFault = (error: unknown): boolean =>
  !(error instanceof Error) || [...error.message.matchAll(/os error (\d+)/giu)].some(([, code]) => code !== '2');

/** Whether an error can come from a file of a table that is missing, cut or overwritten. */
export const isDamage = (error: unknown): boolean =>
  !isSystemFault(error) &&
  error instanceof Error &&
  /lance|arrow|record batch|was not found|panic/iu.test(error.message) &&
  // A predicate that cannot be read; LanceDB calls manifests so, too.
  !/invalid user input: (?!invalid format)/iu.test(error.message);

/** Whether every row of a table can be read. @throws what the system says when that is not the table's fault */
export const isReadable = async (database: Connection, name: string): Promise<boolean> => {
  try {
    const table = await database.openTable(name);
    const columns = (await table.schema()).fields.map((field) => field.name);
    let rows = 0;
    for await (const batch of scanColumns(table, columns)) rows += batch.numRows;
    const isWhole = rows === (await table.countRows());
    table.close();
    return isWhole;
  } catch (error) {
    if (isSystemFault(error)) throw error;
    return false;
  }
};

/**
 * Makes a table again from what can be read of it, and puts the damaged one aside. The damaged one is never written to, and
 * stays where it is until another can take its place: whatever ends the work, it is done again or gone on with.
 */
export const mendTable = async (workshop: Workshop, name: string): Promise<Salvaged> => {
  const { own, database, mending, aside, spare } = workshop;
  const folder = `${name}.lance`;
  await own.remove(mending);
  await own.makeFolder(mending);
  const bench = join(mending, 'bench');
  await own.linkTree(join(database, folder), join(bench, folder));
  const saved = await saveRows(own, bench, mending, name, join(spare, folder));
  if (saved === null) await putAside(own, join(database, folder), aside);
  else await own.write(join(mending, 'done'), '');
  await finishMending(workshop);
  return { table: name, ...(saved ?? { kept: 0, lost: null }) };
};

/** Puts a table that was mended in its place. Call it before the tables are opened: a kill may have come before it. */
export const finishMending = async ({ own, database, mending, aside }: Workshop): Promise<void> => {
  const inside: readonly string[] = await readdir(mending).catch(() => []);
  const folder = inside.find((name) => name.endsWith('.lance'));
  if (folder !== undefined && inside.includes('done')) {
    await putAside(own, join(database, folder), aside);
    await own.move(join(mending, folder), join(database, folder));
  }
  await own.remove(mending);
};

/** Row ids at a time. */
const CHUNK = 4096;
/** A row id is the number of its fragment and its place in there. */
const FRAGMENT = 2n ** 32n;

/** Copies the rows that can be read into a new table; null when nothing tells which there are. */
const saveRows = async (
  own: OwnFolder,
  bench: string,
  target: string,
  name: string,
  spare: string,
): Promise<Omit<Salvaged, 'table'> | null> => {
  const folder = join(bench, `${name}.lance`);
  if (!(await rollBack(own, bench, name, spare))) return null;
  const rowIds = await readRowIds(own, bench, name, folder);
  const from = await connect(bench);
  const damaged = await from.openTable(name);
  const schema = await damaged.schema();
  const [key] = schema.fields;
  if (key === undefined) return null;
  const to = await connect(target);
  const mended = await to.createEmptyTable(name, schema);
  // Where the list of deleted rows is lost those are back; what was written in the place of such a row is in a newer fragment.
  const newest = new Set<unknown>();
  let kept = 0;
  let read = 0;
  for (const ids of byFragment(rowIds)) {
    const owners: unknown[] = [];
    for (let start = 0; start < ids.length; start += CHUNK) {
      for await (const rows of readable(damaged, ids.slice(start, start + CHUNK))) {
        const keys = Array.from<unknown>(rows.getChild(key.name) ?? []);
        const fresh = keys.flatMap((owner, row) =>
          newest.has(owner) ? [] : (rows.getChild('_rowid')?.get(row) as bigint),
        );
        owners.push(...keys);
        read += keys.length;
        kept += fresh.length;
        const wanted = fresh.length === keys.length ? rows : await damaged.takeRowIds(fresh).toArrow();
        if (fresh.length > 0) await mended.add(wanted.select(schema.fields.map((field) => field.name)));
      }
    }
    for (const owner of owners) newest.add(owner);
  }
  await mended.optimize({ cleanupOlderThan: new Date(), deleteUnverified: true });
  for (const open of [damaged, mended, from, to]) open.close();
  return { kept, lost: rowIds.length - read };
};

/** Ascending row ids by fragment, the newest first. */
const byFragment = (rowIds: readonly bigint[]): bigint[][] => {
  const fragments = new Map<bigint, bigint[]>();
  for (const id of rowIds) {
    const ids = fragments.get(id / FRAGMENT);
    if (ids === undefined) fragments.set(id / FRAGMENT, [id]);
    else ids.push(id);
  }
  return [...fragments.values()].reverse();
};

/** Goes back to the newest version of a table that opens. @returns false when there is none */
const rollBack = async (own: OwnFolder, bench: string, name: string, spare: string): Promise<boolean> => {
  const folder = join(bench, `${name}.lance`);
  let isSpare = false;
  for (;;) {
    const database = await connect(bench);
    try {
      (await database.openTable(name)).close();
      return true;
    } catch (error) {
      if (isSystemFault(error)) throw error;
    } finally {
      database.close();
    }
    const [newest] = await manifestsOf(folder);
    if (newest !== undefined) await own.remove(join(folder, '_versions', newest));
    else if (isSpare) return false;
    else {
      await restoreManifests(own, folder, spare);
      isSpare = true;
    }
    await own.remove(join(folder, '_versions', 'latest_version_hint.json'));
  }
};

/** Ids of all rows, ascending; where the lists of deleted rows cannot be read, of the deleted ones, too. */
const readRowIds = async (own: OwnFolder, bench: string, name: string, folder: string): Promise<bigint[]> => {
  for (let isFirst = true; ; isFirst = false) {
    const database = await connect(bench);
    try {
      const table = await database.openTable(name);
      const rows = await table.query().withRowId().select(['_rowid']).toArrow();
      table.close();
      return Array.from(rows.getChild('_rowid') ?? [], BigInt).sort((a, b) => Number(a - b));
    } catch (error) {
      const missing = /_deletions\/([\w-]+\.(?:arrow|bin))/u.exec(String(error))?.[1];
      const lists = join(folder, '_deletions');
      // Those that are cut are dealt with at the first time; those that are missing are named one by one.
      if (isSystemFault(error) || (!isFirst && (missing === undefined || (await isThere(join(lists, missing))))))
        throw error;
      await emptyDeletions(own, lists, missing);
    } finally {
      database.close();
    }
  }
};

/** Makes all lists of deleted rows empty, and one that is missing. */
const emptyDeletions = async (own: OwnFolder, folder: string, missing: string | undefined): Promise<void> => {
  await own.makeFolder(folder);
  for (const list of new Set([...(await readdir(folder)), ...(missing === undefined ? [] : [missing])])) {
    await own.remove(join(folder, list));
    await own.write(join(folder, list), list.endsWith('.bin') ? NO_ROWS_BITMAP : noRowsArrow());
  }
};

/** A Roaring bitmap without containers: https://github.com/RoaringBitmap/RoaringFormatSpec */
const NO_ROWS_BITMAP = Uint8Array.of(0x3a, 0x30, 0, 0, 0, 0, 0, 0);
const noRowsArrow = (): Uint8Array => {
  const field = new Field('row_id', new Uint32(), false);
  const children = [makeData({ type: new Uint32(), data: new Uint32Array() })];
  const rows = makeData({ type: new Struct([field]), length: 0, children });
  // LanceDB wants exactly one batch, even of nothing.
  return tableToIPC(new ArrowTable([new RecordBatch(new Schema([field]), rows)]), 'file');
};

/** The rows that can be read, in pieces. */
const readable = async function* (table: Table, ids: readonly bigint[]): AsyncGenerator<ArrowTable> {
  try {
    yield await table.takeRowIds(ids).withRowId().toArrow();
    return;
  } catch (error) {
    if (isSystemFault(error)) throw error;
  }
  const middle = ids.length >> 1;
  if (middle === 0 || !(await hasReadable(table, ids))) return;
  yield* readable(table, ids.slice(0, middle));
  yield* readable(table, ids.slice(middle));
};

/** Whether it is worth while to look for rows that can be read: a file without its end gives none. */
const hasReadable = async (table: Table, ids: readonly bigint[]): Promise<boolean> => {
  for (const row of [0, ids.length >> 1, ids.length - 1]) {
    const rows = await table
      .takeRowIds(ids.slice(row, row + 1))
      .toArrow()
      .catch(() => null);
    if (rows !== null) return true;
  }
  return false;
};
