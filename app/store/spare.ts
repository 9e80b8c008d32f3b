import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { OwnFolder } from '../base/disk.ts';
import { markSchema, type Mark } from '../contract/index.ts';
import { readJson, writeJson } from './json-file.ts';
import type { UserRow } from './rows.ts';

/** Names of a table's manifests, newest first: LanceDB counts them down. */
export const manifestsOf = async (table: string): Promise<string[]> => {
  const names = await readdir(join(table, '_versions')).catch(() => []);
  return names.filter((name) => name.endsWith('.manifest')).sort();
};

/**
 * Keeps a copy of each table's newest manifest. A table has few manifests after it was tidied up, and is lost without one;
 * the copy is good until it is tidied up again, because only that removes data.
 *
 * @param own the library
 * @param database folder of the tables
 * @param spare folder of the copies
 */
export const keepManifests = async (own: OwnFolder, database: string, spare: string): Promise<void> => {
  const tables = (await readdir(database)).filter((name) => name.endsWith('.lance'));
  for (const table of tables) {
    const [newest] = await manifestsOf(join(database, table));
    if (newest === undefined) continue;
    const folder = join(spare, table);
    await own.makeFolder(folder);
    await own.remove(join(folder, 'new'));
    await own.copyIn(join(database, table, '_versions', newest), join(folder, 'new'));
    await own.move(join(folder, 'new'), join(folder, newest));
    for (const name of await readdir(folder)) if (name !== newest) await own.remove(join(folder, name));
  }
};

/** Drops all versions of a table but the newest: one of the others may be what cannot be read. */
export const dropOldManifests = async (own: OwnFolder, table: string): Promise<void> => {
  const [, ...old] = await manifestsOf(table);
  for (const name of old) await own.remove(join(table, '_versions', name));
};

/** Puts the kept manifests in the place of a table's own. */
export const restoreManifests = async (own: OwnFolder, table: string, kept: string): Promise<void> => {
  const versions = join(table, '_versions');
  await own.remove(versions);
  await own.makeFolder(versions);
  for (const name of await manifestsIn(kept)) await own.copyIn(join(kept, name), join(versions, name));
};

const manifestsIn = async (folder: string): Promise<string[]> =>
  (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.manifest'));

/** About 150 bytes for each of some million marked photos. */
const MAX_MARKS_BYTES = 512 * 2 ** 20;

const marksPath = (spare: string): string => join(spare, 'marks.json');
const marksSchema = z.array(markSchema.extend({ photoId: z.string() }));

/** Keeps a copy of all marks: nothing else in a library cannot be made again. */
export const keepMarks = async (own: OwnFolder, spare: string, marks: ReadonlyMap<string, Mark>): Promise<void> => {
  if (marks.size === 0) return;
  await own.makeFolder(spare);
  await writeJson(
    own,
    marksPath(spare),
    [...marks].map(([photoId, mark]) => ({ photoId, ...mark })),
  );
};

/** The kept marks; none where their file is missing or damaged itself. */
export const readSpareMarks = async (spare: string): Promise<readonly UserRow[]> =>
  (await readJson(marksPath(spare), marksSchema, MAX_MARKS_BYTES).catch(() => null)) ?? [];
