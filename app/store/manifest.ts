import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { OwnFolder } from '../base/disk.ts';
import { isErrno } from '../base/errno.ts';
import {
  AfterimageError,
  curveSchema,
  followSchema,
  MAX_DIMENSION,
  providerChoiceSchema,
  settingsSchema,
  type Settings,
} from '../contract/index.ts';
import { asideOf, putAside } from './aside.ts';
import { isThere, readJson, writeJson } from './json-file.ts';

/**
 * Version of the library's layout on disk; a program refuses what a newer one wrote, and brings forward what an older one
 * did. 2: files in groups, gone files, parts of videos, marks.
 */
export const LIBRARY_FORMAT = 2;

/** Longer than any path that a system takes. */
const pathSchema = z.string().max(32_768);
const shortSchema = z.string().max(300);
/** Rules are looked through when the library is opened; those that cannot be used are left out then. */
const foundRulesSchema = z.array(z.string());

const rootRecordSchema = z.object({
  id: shortSchema,
  path: pathSchema,
  /** Device of the folder when it was added: an empty mount point is told from an emptied folder by it. */
  device: shortSchema,
  /** Of the folder itself: by it a folder that was moved is known again. Empty in libraries of older programs. */
  inode: shortSchema.default(''),
  /** Folders in it that other volumes are mounted on, relative to it. */
  volumes: z.array(pathSchema).max(10_000).default([]),
  paused: z.boolean().default(false),
  excludes: foundRulesSchema.default([]),
  follow: followSchema.default('watch'),
});
export type RootRecord = Readonly<z.infer<typeof rootRecordSchema>>;

/** Of a model, or of the vectors that it shares or owns: names of files and tables are made of it. */
const modelIdSchema = shortSchema.regex(/^[\w-]+$/u);

const modelRecordSchema = z.object({
  id: modelIdSchema,
  name: shortSchema,
  directory: pathSchema,
  kind: z.enum(['starter', 'full']),
  layout: z.enum(['transformers', 'immich']),
  dimension: z.int().positive().max(MAX_DIMENSION),
  fingerprint: shortSchema,
  /** Model whose vectors it shares, because both see photos alike; null for its own. */
  vectors: modelIdSchema.nullable().default(null),
});
export type ModelRecord = Readonly<z.infer<typeof modelRecordSchema>>;

/** A change of models. The old one's vectors are kept for the way back. */
const upgradeRecordSchema = z.object({
  from: modelIdSchema,
  to: modelIdSchema,
  anchors: z.int().nonnegative(),
  retention: z.number().nullable(),
  /** Whether the new model answers, through a map where there is one; else the old one does until all photos are embedded. */
  isAnswering: z.boolean(),
  /** Whether the new model has seen all that it can: what it has not seen then is waited for no longer. */
  isOver: z.boolean().default(false),
});
export type UpgradeRecord = Readonly<z.infer<typeof upgradeRecordSchema>>;

/** Which library it is, and whose approvals it has: see `ApprovalStore`. */
const identitySchema = z.object({
  id: z.string().regex(/^[0-9a-f]{32}$/u),
  /** One of each person and computer that has approved it. */
  signatures: z.array(z.string().max(128)).max(64),
});
export type LibraryIdentity = Readonly<z.infer<typeof identitySchema>>;
/** What a library carries that is about to be made. */
export type MakeIdentity = () => Promise<LibraryIdentity | null>;
export const noIdentity: MakeIdentity = () => Promise.resolve(null);

const DEFAULTS: Settings = { excludes: [], graceDays: 30, provider: 'auto' };
const librarySettingsSchema = settingsSchema.extend({
  excludes: foundRulesSchema,
  provider: providerChoiceSchema.default('auto'),
});

/** A model that could not be used anyway takes neither the folders nor the other models with it. */
const modelRecordsSchema = z
  .array(modelRecordSchema.nullable().catch(null))
  .transform((records) => records.filter((record) => record !== null));

const manifestSchema = z.object({
  format: z.int().min(1).max(LIBRARY_FORMAT),
  name: shortSchema,
  /** Null in libraries of older programs; what is none counts as none. */
  identity: identitySchema.nullable().catch(null).default(null),
  roots: z.array(rootRecordSchema).max(10_000),
  models: modelRecordsSchema,
  activeModel: shortSchema.nullable(),
  /** How sure a level of similarity makes us, by model, where “eval --fit” has fitted it from captions. */
  curves: z.record(z.string(), curveSchema).default({}),
  upgrade: upgradeRecordSchema.nullable().default(null),
  settings: librarySettingsSchema.default(DEFAULTS),
});
export type Manifest = Readonly<z.infer<typeof manifestSchema>>;

/** The library's directory: what lies where. */
export interface LibraryPaths {
  /** Changes what lies in the library: nothing else does. */
  readonly own: OwnFolder;
  readonly directory: string;
  readonly manifest: string;
  /** Copies of the manifest, of the tables' manifests and of marks. */
  readonly spare: string;
  /** A copy of the manifest. */
  readonly spareManifest: string;
  readonly database: string;
  /** Empty unless a table is being mended. */
  readonly mending: string;
  readonly thumbnails: string;
  /** Pictures from outside that searches may name. */
  readonly pictures: string;
  /** Maps from one model's space to another's. */
  readonly bridges: string;
  /** How often photos were looked at. */
  readonly views: string;
  /** What the watcher knew of the folders when it ended. */
  readonly snapshots: string;
  /** Saved and recent searches. */
  readonly searches: string;
  /** What an import is about to change, while it does. */
  readonly pendingImport: string;
  /** Pictures from outside on their way in and rendered views: may be emptied at any time while no engine runs. */
  readonly cache: string;
  /** The library as older programs wrote it. */
  readonly backups: string;
}

export const libraryPaths = (directory: string): LibraryPaths => ({
  own: new OwnFolder(directory),
  directory,
  manifest: join(directory, 'library.json'),
  spare: join(directory, 'spare'),
  spareManifest: join(directory, 'spare', 'library.json'),
  database: join(directory, 'database'),
  mending: join(directory, 'mending'),
  thumbnails: join(directory, 'thumbnails'),
  pictures: join(directory, 'pictures'),
  bridges: join(directory, 'bridges'),
  views: join(directory, 'views.json'),
  snapshots: join(directory, 'snapshots'),
  searches: join(directory, 'searches.json'),
  pendingImport: join(directory, 'import.json'),
  cache: join(directory, 'cache'),
  backups: join(directory, 'backups'),
});

/** Everything of a library that lies directly in its folder, but for the lock of its engine and what was found damaged. */
export const entriesOf = ({ own: _own, directory, ...paths }: LibraryPaths): readonly string[] =>
  Object.values(paths).filter((path) => dirname(path) === directory);

const formatSchema = z.looseObject({ format: z.number() });

/**
 * The format that a library was written in; null where there is none.
 *
 * @throws AfterimageError `library-newer`, `library-damaged`
 */
export const readFormat = async (paths: LibraryPaths): Promise<number | null> => {
  const version = await readJson(paths.manifest, formatSchema);
  if (version !== null && version.format > LIBRARY_FORMAT) {
    throw new AfterimageError(
      'library-newer',
      `The library ${paths.directory} was written by a newer Afterimage (format ${String(version.format)}, this one reads up to ${String(LIBRARY_FORMAT)}). Update Afterimage, or choose another library folder.`,
      { details: { found: version.format, supported: LIBRARY_FORMAT } },
    );
  }
  return version?.format ?? null;
};

/**
 * Puts the spare copy in the place of a manifest that is damaged, or missing beside the database. One of a newer program is
 * not damaged.
 *
 * @returns what was done, in sentences for the person
 * @throws AfterimageError `library-newer`
 */
export const mendManifest = async (paths: LibraryPaths): Promise<readonly string[]> => {
  if (!(await isLost(paths))) return [];
  const spare = await readSpare(paths);
  if (spare === null) return [];
  const aside = await putAside(paths.own, paths.manifest, asideOf(paths.directory));
  await writeJson(paths.own, paths.manifest, spare);
  const what = aside === null ? 'was missing' : `was damaged, and lies in ${aside} now, where it can be deleted`;
  return [
    `The file ${paths.manifest} ${what}. Folders, models and settings are those of its last copy: look whether they are as you left them. No photo was touched.`,
  ];
};

/**
 * What a library says of itself, from its manifest or, where that is damaged or missing, the spare copy. Nothing is written.
 *
 * @throws AfterimageError `library-newer`, `library-damaged`, or `unreadable` for a folder that is no library
 */
export const peekManifest = async (paths: LibraryPaths): Promise<Manifest> => {
  const found = await readJson(paths.manifest, manifestSchema).catch(async (error: unknown) => {
    // One of a newer program is not damaged.
    await readFormat(paths).catch((reason: unknown) => {
      if (reason instanceof AfterimageError && reason.kind === 'library-newer') throw reason;
    });
    const spare = await readSpare(paths);
    if (spare === null) throw error;
    return spare;
  });
  const manifest = found ?? (await readSpare(paths));
  if (manifest === null) throw notALibrary(paths);
  return manifest;
};

const notALibrary = ({ directory }: LibraryPaths): AfterimageError =>
  new AfterimageError(
    'unreadable',
    `${directory} is not an Afterimage library and is not empty. Choose an empty folder for the library; your photos stay where they are.`,
  );

/** Gives a library its identity without opening it; whoever does holds its lock. @throws AfterimageError `library-damaged` */
export const writeIdentity = async (paths: LibraryPaths, identity: LibraryIdentity): Promise<void> => {
  const manifest = await readJson(paths.manifest, z.looseObject({}));
  await writeJson(paths.own, paths.manifest, { ...manifest, identity });
};

/** Whether a new library may be made in a folder: it is missing, or nothing is in it but what a killed start left. */
export const isFree = async (directory: string): Promise<boolean> => {
  const names = await readdir(directory).catch((error: unknown) => {
    if (isErrno(error, 'ENOENT')) return [];
    throw error;
  });
  return names.every((name) => name.startsWith('engine.') || name.startsWith('library.json.'));
};

/** The spare copy; null where there is none that can be read. */
export const readSpare = (paths: LibraryPaths): Promise<Manifest | null> =>
  readJson(paths.spareManifest, manifestSchema).catch(() => null);

const isLost = async (paths: LibraryPaths): Promise<boolean> => {
  try {
    await readFormat(paths);
    return (await readJson(paths.manifest, manifestSchema)) === null && (await isThere(paths.database));
  } catch (error) {
    if (error instanceof AfterimageError && error.kind === 'library-damaged') return true;
    throw error;
  }
};

/**
 * Reads the library's manifest, or makes a new library in an empty or missing directory.
 *
 * @param makeIdentity called for a library that is made
 * @throws AfterimageError `library-newer`, `library-damaged`, or `unreadable` when the directory holds other things
 */
export const openManifest = async (paths: LibraryPaths, makeIdentity: MakeIdentity = noIdentity): Promise<Manifest> => {
  await readFormat(paths);
  const manifest = (await readJson(paths.manifest, manifestSchema)) ?? (await createManifest(paths, makeIdentity));
  // What a killed engine left on its way through.
  await paths.own.remove(paths.cache);
  for (const folder of [paths.directory, paths.pictures, paths.bridges, paths.spare])
    await paths.own.removeDrafts(folder);
  // Whatever its folder was before: what lies in a library is for its owner only.
  await paths.own.makePrivate();
  for (const folder of [paths.thumbnails, paths.pictures, paths.cache]) await paths.own.makeFolder(folder);
  return manifest;
};

/** The manifest comes before everything else: a library that was begun is known as one, whatever ended it. */
const createManifest = async (paths: LibraryPaths, makeIdentity: MakeIdentity): Promise<Manifest> => {
  await paths.own.create();
  if (!(await isFree(paths.directory))) throw notALibrary(paths);
  const fresh: Manifest = {
    format: LIBRARY_FORMAT,
    name: basename(paths.directory),
    identity: await makeIdentity(),
    roots: [],
    models: [],
    activeModel: null,
    curves: {},
    upgrade: null,
    settings: DEFAULTS,
  };
  await writeJson(paths.own, paths.manifest, fresh);
  return fresh;
};
