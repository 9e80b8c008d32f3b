import { mkdir, realpath, rm } from 'node:fs/promises';
import {
  toAfterimageError,
  type EngineMethod,
  type EventData,
  type EventName,
  type Handlers,
  type Status,
} from './contract/index.ts';
import { ActiveModel, needModel } from './engine/active-model.ts';
import { Care, careHandlers } from './engine/care.ts';
import { examine } from './engine/doctor.ts';
import { Duplicates } from './engine/duplicates.ts';
import { foldersHandlers, forgetStrays } from './engine/folders.ts';
import { Following } from './engine/following.ts';
import { Answers } from './engine/search/answers.ts';
import { evaluate, fitFromCaptions } from './engine/search/evaluation.ts';
import { Indexer } from './engine/indexer.ts';
import { Ledger } from './engine/ledger.ts';
import { Marks, marksHandlers } from './engine/marks.ts';
import { Models } from './engine/models.ts';
import type { EngineOptions } from './engine/options.ts';
import { PhotoFiles } from './engine/photo-files.ts';
import { Pictures } from './engine/pictures.ts';
import { Roots } from './engine/roots.ts';
import { searchesHandlers } from './engine/searches.ts';
import { Throttle } from './engine/throttle.ts';
import { Upkeep } from './engine/upkeep.ts';
import { userDataHandlers } from './engine/user-data.ts';
import type { Model } from './embed/model.ts';
import { Catalogue } from './library/catalogue.ts';
import { findFfmpeg } from './media/ffmpeg.ts';
import { thumbnailDrafts } from './media/thumbnail.ts';
import { openLibrary } from './store/library.ts';
import { libraryPaths } from './store/manifest.ts';
import { SavedSearches } from './store/searches.ts';

export interface Engine {
  /** All but `shutdown`, which is for the process that the engine runs in. */
  readonly handlers: Handlers<Exclude<EngineMethod, 'shutdown'>>;
  /** Called for every event; set once, by the host. */
  onEvent: <E extends EventName>(event: E, data: EventData<E>) => void;
  close(): Promise<void>;
}

/**
 * Opens a library and composes everything behind the contract.
 *
 * @throws AfterimageError `library-newer`, `library-damaged`, `unreadable`
 */
export const openEngine = async (options: EngineOptions): Promise<Engine> => {
  await mkdir(options.library, { recursive: true, mode: 0o700 });
  // Scans know folders by their real paths, and have to recognise the library among them.
  const paths = libraryPaths(await realpath(options.library));
  const { manifest, store } = await openLibrary(paths);
  const catalogue = new Catalogue();
  for await (const photo of store.loadPhotos()) catalogue.putPhoto(photo);
  for (const file of await store.loadFiles()) catalogue.putFile(file);
  const roots = new Roots(manifest, catalogue, paths.directory);
  const models = await Models.open(options, manifest, store);
  const marks = await Marks.open(store, catalogue);
  const searches = await SavedSearches.open(paths.searches);
  const pictures = new Pictures(paths.pictures);
  // What cannot be tidied up today can be another day.
  await pictures.tidy(searches.queries).catch(() => undefined);
  await rm(thumbnailDrafts(paths.thumbnails), { recursive: true, force: true }).catch(() => undefined);
  await roots.refresh();

  let active: ActiveModel | null = null;
  /** Why the model that the library names cannot be used. */
  let missingModel: string | null = null;
  const current = (): ActiveModel => needModel(active, missingModel);
  const files = new PhotoFiles({ catalogue, roots, store, paths, images: () => current().images });
  const answers = new Answers({ catalogue, roots, store, pictures, files, model: current });

  const engine: { onEvent: Engine['onEvent'] } = { onEvent: () => undefined };
  const progress = new Throttle(200, () => {
    engine.onEvent('progress', indexer.meter.snapshot());
  });
  const changed = new Throttle(500, () => {
    engine.onEvent('changed', { photos: catalogue.shownCount, what: 'photos' });
  });
  const rootsChanged = (): void => {
    engine.onEvent('changed', { photos: catalogue.shownCount, what: 'roots' });
  };
  const photosChanged = (): void => {
    answers.reset();
    duplicates.outdate();
    changed.poke();
  };
  const care = new Care({ paths, catalogue, store, manifest });
  /** What can wait until nobody works. */
  const upkeep = new Upkeep(
    async () => {
      await wordsLearned;
      await active?.saveHubs();
      await care.tidy();
    },
    () => indexer.isRunning,
  );
  const written = (): void => {
    upkeep.touch();
    photosChanged();
  };
  const ledger = new Ledger({ store, catalogue, model: () => active, changed: written });
  const duplicates = new Duplicates({
    catalogue,
    roots,
    store,
    resident: () => current().resident,
    forget: (files) => ledger.bury(files),
  });

  // The removal of a folder may have been interrupted between the manifest and the store.
  await forgetStrays(roots, catalogue, ledger);

  const following: Following = new Following({
    roots,
    indexer: () => indexer,
    snapshots: paths.snapshots,
    canIndex: () => active !== null,
    onReach: photosChanged,
    onRoots: rootsChanged,
  });
  const indexer: Indexer = new Indexer({
    catalogue,
    roots: () => roots.records,
    isExcluded: (root) => roots.isExcluded(root),
    canReadVideos: async () => (await findFfmpeg()) !== null,
    hasVector: (photoId) => current().resident.has(photoId),
    embed: (jobs, signal) => current().images.run(jobs, signal),
    commit: (commit) => ledger.commit(commit),
    removeFiles: (fileIds) => ledger.removeFiles(fileIds),
    photo: (photoId) => store.photo(photoId),
    setScanned: (rootId, facts) => following.scanned(rootId, facts),
    finish: async (isWhole) => {
      if (isWhole) await upkeep.now();
      else upkeep.soon();
    },
    ready: () => upkeep.ready,
    onProgress: () => {
      progress.poke();
    },
  });

  let turn: Promise<unknown> = Promise.resolve();
  /** Runs what may not overlap: changes of model and folders, and the start of a run. */
  const alone = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = turn.then(work, work);
    turn = mine.catch(() => undefined);
    return mine;
  };

  /** The vocabulary is learned while searches are answered without it; they are a little better afterwards. */
  let wordsLearned: Promise<void> = Promise.resolve();
  const learnWords = (model: ActiveModel): void => {
    wordsLearned = model.learnBank().then(
      () => {
        if (active !== model) return;
        photosChanged();
      },
      () => undefined,
    );
  };
  const activate = async (model: Model): Promise<void> => {
    await indexer.cancel();
    await active?.close();
    active = null;
    missingModel = `The model ${model.name} could not be loaded. Choose a model again.`;
    active = await ActiveModel.open(model, options, paths, store, catalogue, manifest.value.curves[model.id]);
    missingModel = null;
    learnWords(active);
    photosChanged();
    engine.onEvent('changed', { photos: catalogue.shownCount, what: 'model' });
  };
  if (models.activeId !== null) {
    try {
      await activate(await models.resolve(models.activeId));
    } catch (error) {
      missingModel = toAfterimageError(error).message;
    }
  }

  const status = async (): Promise<Status> => ({
    version: options.version,
    library: {
      name: manifest.value.name,
      directory: paths.directory,
      photos: catalogue.shownCount,
      failed: catalogue.failures().length,
    },
    roots: roots.list(),
    model: active === null ? null : await models.info(active.model),
    modelProblem: missingModel,
    notices: [
      ...store.repairs.map((message) => ({ kind: 'repaired' as const, rootId: null, message, command: null })),
      ...roots.notices(),
    ],
    progress: indexer.meter.snapshot(),
  });

  return Object.assign(engine, {
    handlers: {
      status,
      doctor: async ({ repair }) => ({
        checks: await examine({ paths, catalogue, roots, store, active, missingModel, searches }, repair),
      }),

      ...foldersHandlers({
        manifest,
        catalogue,
        roots,
        ledger,
        following,
        indexer,
        alone,
        photosChanged,
        rootsChanged,
      }),

      'index.run': async ({ rootIds }) => {
        const running = await alone(() => {
          current();
          return Promise.resolve({ report: indexer.run(rootIds) });
        });
        return running.report;
      },
      'index.pause': () => {
        indexer.pause();
        return {};
      },
      'index.resume': () => {
        indexer.resume();
        return {};
      },
      'index.cancel': async () => {
        await indexer.cancel();
        return {};
      },
      'index.failures': ({ offset, limit }) => {
        const failed = catalogue.failures();
        const failures = failed
          .slice(offset, offset + limit)
          .map((file) => ({ path: roots.pathOf(file.rootId, file.relPath), ...file.failure }));
        return { total: failed.length, failures };
      },

      ...careHandlers({ paths }),
      ...userDataHandlers({ catalogue, roots, store, marks, searches, changed: photosChanged }),

      'photos.page': ({ offset, limit }) => {
        const ids = catalogue.newestFirst();
        return { total: ids.length, photos: ids.slice(offset, offset + limit).map((id) => files.cellOf(id)) };
      },
      ...marksHandlers(marks, photosChanged),
      ...duplicates.handlers,
      'photos.find': ({ photo }) => ({ id: files.find(photo) }),
      'photos.file': ({ id, as }) => files.shown(id, as),

      ...answers.handlers,
      'pictures.add': ({ path }) => pictures.add(current(), path),
      'pictures.file': ({ token }) => pictures.file(token),
      ...searchesHandlers(
        searches,
        () => {
          engine.onEvent('changed', { photos: catalogue.shownCount, what: 'searches' });
        },
        (query) => answers.searcher.count(query),
      ),

      'models.list': async () => ({ models: await models.list() }),
      'models.add': async ({ path }) => models.info(await models.add(path)),
      'models.use': ({ id }) =>
        alone(async () => {
          const model = await models.resolve(id);
          if (model.id !== active?.model.id) {
            await activate(model);
            await models.use(model);
          }
          return models.info(model);
        }),

      evaluate: async (input, signal) => {
        await wordsLearned;
        const { space } = answers.searcher;
        const evaluation = await evaluate(space, input, signal);
        if (!input.fit) return evaluation;
        const curve = await fitFromCaptions(space, input.captions);
        await manifest.update(({ curves }) => ({ curves: { ...curves, [space.active.model.id]: curve } }));
        space.active.curve = curve;
        photosChanged();
        return { ...evaluation, fitted: curve };
      },
    } satisfies Engine['handlers'],
    close: async () => {
      await following.close();
      await indexer.cancel();
      upkeep.stop();
      progress.stop();
      changed.stop();
      await active?.close();
      await store.close();
    },
  });
};
