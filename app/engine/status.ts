import type { ModelInfo, Status, Upgrade } from '../contract/index.ts';
import type { Catalogue } from '../library/catalogue.ts';
import type { LibraryPaths } from '../store/manifest.ts';
import type { ManifestFile } from '../store/manifest-file.ts';
import type { Store } from '../store/store.ts';
import type { ActiveModel } from './active-model.ts';
import type { Indexer } from './indexer.ts';
import type { Models } from './models.ts';
import type { ModelsInUse } from './models-in-use.ts';
import type { Roots } from './roots.ts';

interface StatusOptions {
  readonly version: string;
  readonly paths: LibraryPaths;
  readonly manifest: ManifestFile;
  readonly catalogue: Catalogue;
  readonly store: Pick<Store, 'repairs'>;
  /** What was mended when the library was opened: see `openLibrary`. */
  readonly mended: readonly string[];
  readonly roots: Pick<Roots, 'list' | 'notices'>;
  readonly models: Models;
  readonly indexer: Pick<Indexer, 'meter'>;
}

/**
 * How the library stands.
 */
export const describe = async (
  { version, paths, manifest, mended, catalogue, store, roots, models, indexer }: StatusOptions,
  { answering, problem }: Pick<ModelsInUse, 'answering' | 'problem'>,
  upgrade: Upgrade | null,
): Promise<Status> => ({
  version,
  library: {
    name: manifest.value.name,
    directory: paths.directory,
    photos: catalogue.shownCount,
    failed: catalogue.failures().length,
  },
  roots: roots.list(),
  model: answering === null ? null : await inUse(answering, models, catalogue),
  modelProblem: problem,
  upgrade,
  notices: [
    ...[...mended, ...store.repairs].map((message) => ({
      kind: 'repaired' as const,
      rootId: null,
      message,
      command: null,
    })),
    ...roots.notices(),
  ],
  progress: indexer.meter.snapshot(),
});

/** Hidden photos do not count here either: what the library has more than the model waits for a vector. */
const inUse = async ({ model, resident }: ActiveModel, models: Models, catalogue: Catalogue): Promise<ModelInfo> => {
  const info = await models.info(model);
  const hidden = catalogue.hidden.filter((photoId) => resident.has(photoId));
  return { ...info, photos: Math.max(0, info.photos - hidden.length) };
};
