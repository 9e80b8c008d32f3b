import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isThere } from './json-file.ts';
import type { LibraryPaths } from './manifest.ts';

const DAY_MS = 86_400_000;
/** Days that backups and damaged files are kept. */
export const KEPT_DAYS = 30;

const dated = (name: string): string => `${name}-${new Date().toISOString().slice(0, 10)}`;

/**
 * Keeps the library as an older program wrote it: `backups/format-<n>-<date>` with the database, its manifest and the saved
 * searches, and no other backup. Where the disk knows links it takes no space until the database is rewritten.
 *
 * @returns the folder; the one that is there already when a migration was broken off
 */
export const backUp = async (paths: LibraryPaths, format: number): Promise<string> => {
  const { own } = paths;
  await own.makeFolder(paths.backups);
  const name = `format-${String(format)}`;
  const before = await readdir(paths.backups);
  const made = before.find((entry) => entry.startsWith(`${name}-`) && !entry.endsWith('.part'));
  if (made !== undefined) return join(paths.backups, made);

  const target = join(paths.backups, dated(name));
  const draft = `${target}.part`;
  await own.remove(draft);
  await own.makeFolder(draft);
  for (const file of [paths.manifest, paths.searches])
    if (await isThere(file)) await own.copyIn(file, join(draft, basename(file)));
  if (await isThere(paths.database)) await own.linkTree(paths.database, join(draft, basename(paths.database)));
  await own.move(draft, target);
  for (const entry of before) await own.remove(join(paths.backups, entry));
  return target;
};

/** Backups, and damaged files that were put aside, by path. */
export const keptFolders = async (paths: LibraryPaths): Promise<string[]> => {
  const backups = await readdir(paths.backups).catch(() => []);
  const aside = (await readdir(paths.directory)).filter((name) => /^damaged-\d/u.test(name));
  return [...backups.map((name) => join(paths.backups, name)), ...aside.map((name) => join(paths.directory, name))];
};

/** Removes those that have been kept long enough. */
export const dropKeptFolders = async (paths: LibraryPaths, now: number): Promise<void> => {
  for (const path of await keptFolders(paths)) {
    const date = Date.parse(/\d{4}-\d\d-\d\d/u.exec(basename(path))?.[0] ?? '');
    if (now - date > KEPT_DAYS * DAY_MS) await paths.own.remove(path);
  }
};
