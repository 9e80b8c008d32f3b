import { access, statfs } from 'node:fs/promises';
import { basename } from 'node:path';
import { listSupportedBackends } from 'onnxruntime-node';
import { toAfterimageError, type Check, type Execution } from '../contract/index.ts';
import type { Catalogue } from '../library/catalogue.ts';
import { labelOf } from '../embed/providers.ts';
import { thumbnailPath } from '../media/thumbnail.ts';
import { KEPT_DAYS, keptFolders } from '../store/backup.ts';
import type { LibraryPaths } from '../store/manifest.ts';
import type { SavedSearches } from '../store/searches.ts';
import type { Store } from '../store/store.ts';
import type { ModelsInUse } from './models-in-use.ts';
import type { Roots } from './roots.ts';

const GIGABYTE = 1e9;
/** Below this a long indexing run is likely to fill the disk. */
const LITTLE_SPACE = 2 * GIGABYTE;

const attempt = async (name: string, look: () => Promise<Omit<Check, 'name'>>): Promise<Check> => {
  try {
    return { name, ...(await look()) };
  } catch (error) {
    return { name, state: 'error', message: toAfterimageError(error).message };
  }
};

const plural = (count: number, one: string, many: string): string => `${String(count)} ${count === 1 ? one : many}`;

interface DoctorOptions {
  readonly paths: LibraryPaths;
  readonly catalogue: Catalogue;
  readonly roots: Pick<Roots, 'refresh' | 'list' | 'records'>;
  readonly store: Pick<Store, 'inspect' | 'repair'>;
  /** What was mended when the library was opened: see `openLibrary`. */
  readonly mended: readonly string[];
  readonly inUse: Pick<ModelsInUse, 'answering' | 'problem'>;
  readonly searches: SavedSearches;
}

/**
 * Looks at everything a search depends on, one line each; never throws.
 *
 * @param repair mends first what can be mended from what is left
 */
export const examine = async (options: DoctorOptions, repair: boolean): Promise<Check[]> => {
  const repaired = repair ? [await attempt('Repair', () => mend(options))] : [];
  return [...repaired, ...(await look(options))];
};

const mend = async ({ store, mended }: DoctorOptions): Promise<Omit<Check, 'name'>> => {
  const done = [...mended, ...(await store.repair())];
  return done.length === 0
    ? { state: 'ok', message: 'There was nothing to mend.' }
    : { state: 'warning', message: `${done.join(' ')} Start Afterimage again, then index again.` };
};

/** How a model runs here, and why on nothing else; for the person. */
export const describeExecution = (execution: Execution | null): string => {
  if (execution === null)
    return 'The CPU, until many photos are to be embedded: then it is found out what is fastest here.';
  const { provider, graph, batch, processes, reason, trials } = execution;
  const refused = trials
    .filter(({ state }) => state === 'refused' || state === 'unavailable')
    .map((trial) => `${labelOf(trial.provider)} ${trial.state}: ${trial.reason}.`);
  const how = `${labelOf(provider)}${graph === 'half' ? ' in half precision' : ''}, ${plural(processes, 'process', 'processes')}, ${plural(batch, 'picture', 'pictures')} at a time.`;
  return [how, reason, ...refused].join(' ');
};

/** Versions of a table from which on tidying up is overdue. */
const MANY_VERSIONS = 2000;

const look = ({ paths, catalogue, roots, store, inUse, searches }: DoctorOptions): Promise<Check[]> => {
  const { answering: active, problem } = inUse;
  return Promise.all([
    attempt('Runtime', () => {
      const providers = listSupportedBackends()
        .filter((backend) => backend.bundled)
        .map((backend) => backend.name);
      return Promise.resolve({
        state: 'ok',
        message: `Node ${process.versions.node} on ${process.platform}-${process.arch}; this build of ONNX Runtime could use: ${providers.join(', ')}.`,
      });
    }),
    attempt('Model', async () => {
      if (active === null)
        return problem === null
          ? { state: 'warning', message: 'No model has been chosen yet.' }
          : { state: 'error', message: problem };
      const vector = await active.embedWays(['a photo']);
      const norm = Math.hypot(...vector);
      // Written so that a norm that is no number fails, too.
      if (!(Math.abs(norm - 1) <= 1e-3))
        return {
          state: 'error',
          message: `${active.model.name} answers with vectors that are not finite or not of length 1.`,
        };
      return {
        state: 'ok',
        message: `${active.model.name} (${active.model.kind}, ${String(active.model.dimension)} dimensions) from ${active.model.directory} answers.`,
      };
    }),
    attempt('Execution', () => Promise.resolve({ state: 'ok', message: describeExecution(active?.execution ?? null) })),
    attempt('Database', async () => {
      const tables = await store.inspect();
      const damaged = tables.filter((table) => !table.isReadable).map(({ name }) => name);
      if (damaged.length > 0)
        return {
          state: 'error',
          message: `A part of these tables cannot be read: ${damaged.join(', ')}. A repair keeps what is left of them and puts the damaged files aside; no photo is touched.`,
        };
      const rows = tables.reduce((sum, table) => sum + table.rows, 0);
      const versions = Math.max(...tables.map((table) => table.versions));
      return versions > MANY_VERSIONS
        ? {
            state: 'warning',
            message: `${String(versions)} old versions of a table take space; the next run drops them.`,
          }
        : {
            state: 'ok',
            message: `All ${plural(rows, 'row', 'rows')} of ${plural(tables.length, 'table', 'tables')} can be read.`,
          };
    }),
    attempt('References', () => {
      const files = [...catalogue.files.values()];
      const dangling = files.filter(({ photoId }) => photoId !== null && !catalogue.photos.has(photoId)).length;
      const strays = active?.resident.ids.filter((id) => !catalogue.photos.has(id)).length ?? 0;
      const marks = [...catalogue.marks.keys()].filter((id) => !catalogue.photos.has(id)).length;
      const kept =
        marks === 0 ? '' : ` ${plural(marks, 'mark', 'marks')} of photos that are not here are kept for their return.`;
      if (dangling > 0)
        return Promise.resolve({
          state: 'warning',
          message: `What was known of the photos of ${plural(dangling, 'file', 'files')} is lost. Index again: only these are read again.${kept}`,
        });
      return Promise.resolve({
        state: 'ok',
        message:
          (strays === 0
            ? `${plural(files.length, 'file points', 'files point')} at photos that are here.`
            : `${plural(strays, 'vector belongs', 'vectors belong')} to no photo any more, which does no harm; a repair removes what is left over.`) +
          kept,
      });
    }),
    attempt('Kept files', async () => {
      const folders = await keptFolders(paths);
      const isDamaged = folders.some((folder) => basename(folder).startsWith('damaged-'));
      return folders.length === 0
        ? { state: 'ok', message: 'No backup and no damaged files are kept.' }
        : {
            state: isDamaged ? 'warning' : 'ok',
            message: `Kept for ${String(KEPT_DAYS)} days, and not needed to search: ${folders.join(', ')}.`,
          };
    }),
    attempt('Photos', () => {
      const shown = catalogue.newestFirst();
      const without = active === null ? 0 : shown.filter((id) => !active.resident.has(id)).length;
      return Promise.resolve(
        without === 0
          ? {
              state: 'ok',
              message: `${plural(shown.length, 'photo', 'photos')} in the library, all of them searchable.`,
            }
          : {
              state: 'warning',
              message: `${plural(without, 'photo has', 'photos have')} no vector of this model yet. Index again to make them searchable.`,
            },
      );
    }),
    attempt('Thumbnails', async () => {
      const missing = await Promise.all(
        catalogue.newestFirst().map((id) =>
          access(thumbnailPath(paths.thumbnails, id)).then(
            () => 0,
            () => 1,
          ),
        ),
      );
      const count = missing.reduce<number>((sum, one) => sum + one, 0);
      return count === 0
        ? { state: 'ok', message: 'Every photo has its thumbnail.' }
        : {
            state: 'warning',
            message: `${plural(count, 'thumbnail is', 'thumbnails are')} missing; they are made again when they are looked at.`,
          };
    }),
    attempt('Folders', async () => {
      await roots.refresh();
      const offline = roots.list().filter((root) => root.state === 'offline');
      return offline.length === 0
        ? { state: 'ok', message: `${plural(roots.records.length, 'folder', 'folders')}, all reachable.` }
        : {
            state: 'warning',
            message: `Not reachable now: ${offline.map((root) => root.path).join(', ')}. Their photos stay in the library.`,
          };
    }),
    attempt('Failures', () => {
      const failed = catalogue.failures().length;
      return Promise.resolve(
        failed === 0
          ? { state: 'ok', message: 'No file was refused.' }
          : {
              state: 'warning',
              message: `${plural(failed, 'file', 'files')} could not be indexed.`,
            },
      );
    }),
    attempt('Searches', () =>
      Promise.resolve(
        searches.damaged === null
          ? { state: 'ok', message: `${plural(searches.value.saved.length, 'search', 'searches')} saved.` }
          : {
              state: 'warning',
              message: `The file of saved searches was damaged and has been put aside as ${searches.damaged}; saving begins anew. Copy from it what you need, then delete it.`,
            },
      ),
    ),
    attempt('Disk', async () => {
      const { bavail, bsize } = await statfs(paths.directory);
      const free = bavail * bsize;
      return {
        state: free < LITTLE_SPACE ? 'warning' : 'ok',
        message: `${(free / GIGABYTE).toFixed(1)} GB free where the library is (${paths.directory}).`,
      };
    }),
  ]);
};
