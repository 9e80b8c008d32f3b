import { connect } from '@lancedb/lancedb';
import { Schema } from 'apache-arrow';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { libraryPaths } from '../../app/store/manifest.ts';

/** Columns and tables that came with format 2. */
const COLUMNS = new Set(['group_id', 'sidecars', 'gone_at', 'taken_at_offset', 'phash', 'sharpness', 'seconds', 'at']);
const TABLES = new Set(['user']);

const manifestSchema = z.looseObject({ roots: z.array(z.looseObject({})) });

/** Writes the library anew as a program of format 1 would have: its tables with the columns of then, and its manifest. */
export const writeAsFormat1 = async (library: string): Promise<void> => {
  const paths = libraryPaths(library);
  const fresh = `${paths.database}.old`;
  const [from, to] = [await connect(paths.database), await connect(fresh)];
  for (const name of await from.tableNames()) {
    if (TABLES.has(name)) continue;
    const table = await from.openTable(name);
    const fields = (await table.schema()).fields.filter((field) => !COLUMNS.has(field.name));
    const target = await to.createEmptyTable(name, new Schema(fields));
    const columns = fields.map((field) => field.name);
    await target.add(await table.query().select(columns).toArrow());
    table.close();
    target.close();
  }
  from.close();
  to.close();
  await rm(paths.database, { recursive: true });
  await rename(fresh, paths.database);
  for (const folder of ['spare', 'snapshots', 'backups'])
    await rm(`${library}/${folder}`, { recursive: true, force: true });

  const { settings: _settings, ...manifest } = manifestSchema.parse(JSON.parse(await readFile(paths.manifest, 'utf8')));
  const roots = manifest.roots.map(({ id, path, device }) => ({ id, path, device }));
  await writeFile(paths.manifest, JSON.stringify({ ...manifest, roots, format: 1 }));
};
