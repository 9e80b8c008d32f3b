import type { Connection } from '@lancedb/lancedb';
import { isReadable } from './salvage.ts';
import { deleteRows, scanColumns } from './table.ts';

/** A table, looked at from end to end. */
export interface TableState {
  readonly name: string;
  readonly isReadable: boolean;
  readonly rows: number;
  /** Versions that are kept; many of them take space. */
  readonly versions: number;
}

/** Reads every row of every table. */
export const inspectTables = async (database: Connection): Promise<TableState[]> => {
  const states: TableState[] = [];
  for (const name of await database.tableNames()) {
    if (!(await isReadable(database, name))) {
      states.push({ name, isReadable: false, rows: 0, versions: 0 });
      continue;
    }
    const table = await database.openTable(name);
    states.push({
      name,
      isReadable: true,
      rows: await table.countRows(),
      versions: (await table.listVersions()).length,
    });
    table.close();
  }
  return states;
};

/** Removes what models saw in photos that are not in the library: a kill leaves it, and nothing finds it. @returns rows */
export const dropStrays = async (
  database: Connection,
  names: readonly string[],
  photoIds: ReadonlySet<string>,
): Promise<number> => {
  let rows = 0;
  for (const name of names) {
    const table = await database.openTable(name);
    const strays = new Set<string>();
    for await (const batch of scanColumns(table, ['photo_id']))
      for (const id of Array.from(batch.getChild('photo_id') ?? [], String)) if (!photoIds.has(id)) strays.add(id);
    const before = await table.countRows();
    await deleteRows(table, 'photo_id', [...strays]);
    rows += before - (await table.countRows());
    table.close();
  }
  return rows;
};
