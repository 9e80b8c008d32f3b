import { z } from 'zod';
import { OwnFolder } from '../base/disk.ts';
import {
  AfterimageError,
  markSchema,
  savedSearchSchema,
  toAfterimageError,
  type Handlers,
  type ImportReport,
  type UserData,
} from '../contract/index.ts';
import type { Catalogue } from '../library/catalogue.ts';
import { photoIdOf } from '../library/ids.ts';
import { parseQuery } from '../query/language/parse.ts';
import { readJson, writeJson } from '../store/json-file.ts';
import type { LibraryPaths } from '../store/manifest.ts';
import { MOST_SAVED, type SavedSearches } from '../store/searches.ts';
import type { Marks } from './marks.ts';
import type { Roots } from './roots.ts';

interface ImportOptions {
  readonly paths: Pick<LibraryPaths, 'directory' | 'pendingImport'>;
  readonly marks: Pick<Marks, 'put'>;
  readonly searches: Pick<SavedSearches, 'value' | 'saveAll' | 'restore'>;
}

interface ImportHandlerOptions extends ImportOptions {
  readonly catalogue: Catalogue;
  readonly roots: Pick<Roots, 'pathOf'>;
  /** Called after each change. */
  readonly changed: () => void;
}

const namedQuerySchema = savedSearchSchema.omit({ id: true });
/** What an import changes: it stands beside the library's files while that is done, so that a kill leaves nothing half done. */
const changesSchema = z.object({
  marks: z.array(markSchema.extend({ photoId: z.string().max(128) })).max(1_000_000),
  searches: z.array(namedQuerySchema).max(MOST_SAVED),
});
type Changes = z.infer<typeof changesSchema>;
const MAX_BYTES = 256 * 2 ** 20;
/** Photos of an export that comes in parts, and searches that are listed as refused. */
const MOST_PHOTOS = 1_000_000;
const MOST_REFUSED = 100;

/** Answers `library.import`. Parts are kept until the last has come; those of another export take their place. */
export const importHandler = (options: ImportHandlerOptions): Handlers<'library.import'>['library.import'] => {
  let parts: { readonly of: string; readonly data: UserData } | null = null;
  return async ({ part, ...data }) => {
    const before = part !== undefined && parts?.of === part.of ? parts.data : null;
    const all: UserData =
      before === null
        ? data
        : { ...data, photos: [...before.photos, ...data.photos], searches: [...before.searches, ...data.searches] };
    parts = null;
    if (all.photos.length > MOST_PHOTOS)
      throw new AfterimageError(
        'invalid-request',
        `An export of more than ${String(MOST_PHOTOS)} photos is too large.`,
      );
    if (part?.isLast === false) {
      parts = { of: part.of, data: all };
      return { photos: 0, unknown: 0, searches: 0, refused: [] };
    }
    const { changes, report } = changesOf(options, all);
    await apply(options, changes);
    options.changed();
    return report;
  };
};

/** Goes on with an import that a kill has interrupted. */
export const finishImport = async (options: ImportOptions): Promise<void> => {
  const { pendingImport, directory } = options.paths;
  const changes = await readJson(pendingImport, changesSchema, MAX_BYTES).catch(() => null);
  if (changes !== null) await change(options, changes);
  await new OwnFolder(directory).remove(pendingImport);
};

const apply = async (options: ImportOptions, changes: Changes): Promise<void> => {
  const own = new OwnFolder(options.paths.directory);
  await writeJson(own, options.paths.pendingImport, changes);
  try {
    await change(options, changes);
  } finally {
    await own.remove(options.paths.pendingImport);
  }
};

const change = async ({ marks, searches }: ImportOptions, changes: Changes): Promise<void> => {
  const { saved } = searches.value;
  if (changes.searches.length > 0) await searches.saveAll(changes.searches);
  try {
    if (changes.marks.length > 0) await marks.put(changes.marks);
  } catch (error) {
    if (changes.searches.length > 0) await searches.restore(saved);
    throw error;
  }
};

/** Everything is looked at before anything is changed. */
const changesOf = (
  options: ImportHandlerOptions,
  data: UserData,
): { readonly changes: Changes; readonly report: ImportReport } => {
  const find = photoFinder(options);
  const marks = new Map<string, Changes['marks'][number]>();
  let unknown = 0;
  for (const { favourite, rating, hidden, ...named } of data.photos) {
    const found = find(named);
    // A photo that comes later gets the id that its bytes give it, and with it what is said of it here.
    const [hash] = named.contentHashes;
    const photoId = found ?? (hash === undefined ? null : photoIdOf(hash, () => false));
    if (found === null) unknown++;
    if (photoId !== null) marks.set(photoId, { photoId, favourite, rating, hidden });
  }
  const { usable, refused } = searchesOf(options, data);
  return {
    changes: { marks: [...marks.values()], searches: usable },
    report: { photos: data.photos.length - unknown, unknown, searches: usable.length, refused },
  };
};

const searchesOf = (
  { searches: { value } }: Pick<ImportOptions, 'searches'>,
  data: UserData,
): { readonly usable: Changes['searches']; readonly refused: ImportReport['refused'] } => {
  const known = new Set(value.saved.map(({ name, query }) => JSON.stringify([name, query])));
  const usable: Changes['searches'] = [];
  const refused: ImportReport['refused'] = [];
  for (const search of data.searches) {
    if (known.has(JSON.stringify([search.name, search.query]))) continue;
    const reason = whyUnusable(search, value.saved.length + usable.length);
    if (reason === null) usable.push(namedQuerySchema.parse(search));
    else if (refused.length < MOST_REFUSED) refused.push({ name: search.name.slice(0, 120), reason });
  }
  return { usable, refused };
};

const whyUnusable = (search: UserData['searches'][number], saved: number): string | null => {
  if (saved >= MOST_SAVED) return `A library takes ${String(MOST_SAVED)} saved searches.`;
  if (!namedQuerySchema.safeParse(search).success) return 'Its name or its query is empty or too long.';
  try {
    parseQuery(search.query);
    return null;
  } catch (error) {
    return toAfterimageError(error).message;
  }
};

type Named = Pick<UserData['photos'][number], 'contentHashes' | 'pixelHash' | 'paths'>;

/** Finds photos by their bytes, else by their pixels, else by a place that one of them lies at. */
const photoFinder = ({
  catalogue,
  roots,
}: Pick<ImportHandlerOptions, 'catalogue' | 'roots'>): ((named: Named) => string | null) => {
  const byPixels = new Map([...catalogue.photos.values()].map(({ pixelHash, photoId }) => [pixelHash, photoId]));
  const byPath = new Map<string, string>();
  for (const { rootId, relPath, photoId } of catalogue.files.values())
    if (photoId !== null) byPath.set(roots.pathOf(rootId, relPath), photoId);
  return ({ contentHashes, pixelHash, paths }) =>
    [
      ...contentHashes.map((hash) => catalogue.withContent(hash) ?? (catalogue.photos.has(hash) ? hash : null)),
      byPixels.get(pixelHash),
      ...paths.map((path) => byPath.get(path)),
    ].find((photoId) => photoId !== null && photoId !== undefined) ?? null;
};
