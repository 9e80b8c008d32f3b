import { access, statfs } from 'node:fs/promises';
import { listSupportedBackends } from 'onnxruntime-node';
import { toAfterimageError, type Check } from '../contract/index.ts';
import type { Catalogue } from '../library/catalogue.ts';
import { thumbnailPath } from '../media/thumbnail.ts';
import type { LibraryPaths } from '../store/manifest.ts';
import type { SavedSearches } from '../store/searches.ts';
import type { ActiveModel } from './active-model.ts';
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

/** Looks at everything a search depends on, one line each; never throws. */
export const examine = (
  paths: LibraryPaths,
  catalogue: Catalogue,
  roots: Roots,
  active: ActiveModel | null,
  missingModel: string | null,
  searches: SavedSearches,
): Promise<Check[]> =>
  Promise.all([
    attempt('Runtime', () => {
      const providers = listSupportedBackends()
        .filter((backend) => backend.bundled)
        .map((backend) => backend.name);
      return Promise.resolve({
        state: 'ok',
        message: `Node ${process.versions.node} on ${process.platform}-${process.arch}; this build of ONNX Runtime could use: ${providers.join(', ')}. In use: cpu.`,
      });
    }),
    attempt('Model', async () => {
      if (active === null) return { state: 'warning', message: missingModel ?? 'No model has been chosen yet.' };
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
              message: `${plural(failed, 'file', 'files')} could not be indexed; “afterimage status” lists them.`,
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
