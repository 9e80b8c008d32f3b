import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AfterimageError } from '../contract/index.ts';
import type { CatalogueEntry } from './catalogue.ts';
import { removeWhole, workFolder } from './folders.ts';
import { hold } from './lock.ts';
import { fileSize, readPins, type Pins } from './pins.ts';

/** What is there of a model of the catalogue. */
export interface Installation {
  readonly state: 'absent' | 'partial' | 'installed';
  /** Where it is, or will be. */
  readonly directory: string;
  /** On the disk. */
  readonly bytes: number;
}

/** Looks at sizes only: the files were hashed when they were fetched. */
export const installation = async (entry: CatalogueEntry, models: string): Promise<Installation> => {
  const directory = await directoryFor(entry, models);
  const pins = await readPins(directory);
  if (pins !== null && (await isWhole(directory, entry, pins)))
    return { state: 'installed', directory, bytes: sum(pins.files.map(({ bytes }) => bytes)) };
  const staging = stagingOf(entry, models);
  const bytes = sum(await Promise.all(entry.files.map(({ path }) => bytesThere(staging, path))));
  return { state: bytes > 0 ? 'partial' : 'absent', directory, bytes };
};

/** Where a model grows until it is whole; its lock lies beside it. */
export const stagingOf = ({ id, revision }: CatalogueEntry, models: string): string =>
  join(models, '.downloads', `${id}@${revision}`);

export const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);

/** Bytes of a file that is whole, or of the part that was fetched of it. */
export const bytesThere = async (folder: string, path: string): Promise<number> =>
  (await fileSize(join(folder, path))) ?? (await fileSize(join(folder, `${path}.part`))) ?? 0;

export const isAbsent = (folder: string): Promise<boolean> =>
  readdir(folder).then(
    () => false,
    () => true,
  );

/** A folder of that name which holds something else, perhaps an older revision that is in use, is left alone. */
const directoryFor = async (entry: CatalogueEntry, models: string): Promise<string> => {
  const directory = join(models, entry.id);
  const pins = await readPins(directory);
  const isOurs =
    pins === null
      ? await isAbsent(directory)
      : pins.repository === entry.repository && pins.revision === entry.revision;
  return isOurs ? directory : `${directory}-${entry.revision.slice(0, 8)}`;
};

/** All files are there with the size they were verified with. */
const isWhole = async (directory: string, entry: CatalogueEntry, { files }: Pins): Promise<boolean> => {
  for (const { path, sha256 } of entry.files) {
    const pin = files.find((candidate) => candidate.path === path);
    if (pin === undefined || (sha256 !== null && sha256 !== pin.sha256)) return false;
    if ((await fileSize(join(directory, path))) !== pin.bytes) return false;
  }
  return true;
};

/** A download that was just stopped has let go by then. */
const LETTING_GO_MS = 2000;

/** Forgets what was fetched of a model that is not whole yet. @throws AfterimageError `invalid-request` while it is being fetched */
export const discardDownload = async (entry: CatalogueEntry, models: string): Promise<void> => {
  const staging = stagingOf(entry, models);
  await workFolder(models);
  const release = await hold(`${staging}.lock`, AbortSignal.timeout(LETTING_GO_MS)).catch((error: unknown) => {
    throw new AfterimageError('invalid-request', `${entry.name} is being downloaded. Stop that first.`, {
      cause: error,
    });
  });
  try {
    if (!(await isAbsent(staging))) await removeWhole(staging, models);
  } finally {
    await release();
  }
};
