import type { ModelInfo, Status } from '../contract/index.ts';
import type { Catalogue } from '../library/catalogue.ts';
import type { LibraryPaths } from '../store/manifest.ts';
import type { ManifestFile } from '../store/manifest-file.ts';
import type { Store } from '../store/store.ts';
import type { ActiveModel } from './active-model.ts';
import type { Indexer } from './indexer.ts';
import type { Models } from './models.ts';
import type { ModelsInUse } from './models-in-use.ts';
import type { Roots } from './roots.ts';
import type { Upgrades } from './upgrade/upgrades.ts';

interface StatusOptions {
  readonly version: string;
  readonly paths: Pick<LibraryPaths, 'directory'>;
  readonly manifest: Pick<ManifestFile, 'value'>;
  readonly catalogue: Catalogue;
  readonly store: Pick<Store, 'repairs'>;
  /** What was mended when the library was opened: see `openLibrary`. */
  readonly mended: readonly string[];
  readonly roots: Pick<Roots, 'list' | 'notices'>;
  readonly models: Pick<Models, 'info' | 'awaiting'>;
  readonly indexer: Pick<Indexer, 'meter'>;
  readonly upgrades: Pick<Upgrades, 'state'>;
}

interface InUse extends Pick<ModelsInUse, 'problem'> {
  readonly answering: (Pick<ActiveModel, 'model'> & { readonly resident: Pick<ActiveModel['resident'], 'has'> }) | null;
}

/** How the library stands at the moment that it is told: events that came before are in it. */
export const describe = async (
  { version, paths, manifest, mended, catalogue, store, roots, models, indexer, upgrades }: StatusOptions,
  inUse: InUse,
): Promise<Status> => {
  const model = inUse.answering === null ? null : await answeringModel(inUse.answering, models, catalogue);
  return {
    version,
    library: {
      name: manifest.value.name,
      directory: paths.directory,
      photos: catalogue.shownCount,
      failed: catalogue.failures().length,
      incomplete: catalogue.incompleteCount,
    },
    awaiting: null,
    roots: roots.list(),
    model,
    modelProblem: inUse.problem,
    upgrade: upgrades.state,
    notices: [
      ...[...mended, ...store.repairs].map((message) => ({
        kind: 'repaired' as const,
        rootId: null,
        message,
        command: null,
      })),
      ...models.awaiting.map(({ name, directory }) => ({
        kind: 'approval' as const,
        rootId: null,
        message: `The library names the model ${name} in ${directory}. You have not approved it, or other files lie there now: it is not loaded until you do.`,
        command: null,
      })),
      ...roots.notices(),
    ],
    progress: indexer.meter.snapshot(),
  };
};

/** Hidden photos do not count here either: what the library has more than the model waits for a vector. */
const answeringModel = async (
  { model, resident }: NonNullable<InUse['answering']>,
  models: StatusOptions['models'],
  catalogue: Catalogue,
): Promise<ModelInfo> => {
  const info = await models.info(model);
  const hidden = catalogue.hidden.filter((photoId) => resident.has(photoId));
  return { ...info, photos: Math.max(0, info.photos - hidden.length) };
};
