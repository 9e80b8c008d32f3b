import { mkdir, realpath } from 'node:fs/promises';
import {
  toAfterimageError,
  type EngineMethod,
  type EventData,
  type EventName,
  type Handlers,
  type Status,
} from './contract/index.ts';
import { ActiveModel, needModel } from './engine/active-model.ts';
import { examine } from './engine/doctor.ts';
import { Answers } from './engine/search/answers.ts';
import { evaluate, fitFromCaptions } from './engine/search/evaluation.ts';
import { Indexer } from './engine/indexer.ts';
import { Models } from './engine/models.ts';
import type { EngineOptions } from './engine/options.ts';
import { PhotoFiles } from './engine/photo-files.ts';
import { Pictures } from './engine/pictures.ts';
import { Roots } from './engine/roots.ts';
import { searchesHandlers } from './engine/searches.ts';
import { Throttle } from './engine/throttle.ts';
import type { Model } from './embed/model.ts';
import { Catalogue } from './library/catalogue.ts';
import { libraryPaths } from './store/manifest.ts';
import { ManifestFile } from './store/manifest-file.ts';
import type { FileRow } from './store/rows.ts';
import { SavedSearches } from './store/searches.ts';
import { Store } from './store/store.ts';

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
  const manifest = await ManifestFile.open(paths);
  const store = await Store.open(paths.database);
  const catalogue = new Catalogue();
  for await (const photo of store.loadPhotos()) catalogue.putPhoto(photo);
  for (const file of await store.loadFiles()) catalogue.putFile(file);
  const roots = new Roots(manifest, catalogue, paths.directory);
  const models = await Models.open(options, manifest, store);
  const searches = await SavedSearches.open(paths.searches);
  const pictures = new Pictures(paths.pictures);
  // What cannot be tidied up today can be another day.
  await pictures.tidy(searches.queries).catch(() => undefined);
  await roots.refresh();

  let active: ActiveModel | null = null;
  /** Why the model that the library names cannot be used. */
  let missingModel: string | null = null;
  /** A commit that failed may have written part of its rows: from then on every row is merged, none merely appended. */
  let hasFailedCommit = false;
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
  const photosChanged = (): void => {
    answers.reset();
    changed.poke();
  };

  const forget = async (files: readonly FileRow[]): Promise<void> => {
    if (files.length === 0) return;
    await store.removeFiles(files.map((file) => file.fileId));
    for (const file of files) catalogue.removeFile(file.fileId);
    photosChanged();
  };
  // Files of no folder: its removal was interrupted between the manifest and the store.
  const rootIds = new Set(roots.records.map((root) => root.id));
  await forget([...catalogue.files.values()].filter((file) => !rootIds.has(file.rootId)));

  const indexer = new Indexer({
    catalogue,
    roots: () => roots.records,
    skippedFolders: (root) => roots.skippedFolders(root),
    hasVector: (photoId) => current().resident.has(photoId),
    embed: (jobs, signal) => current().images.run(jobs, signal),
    commit: async (commit) => {
      const { resident } = current();
      const isCertain = !hasFailedCommit;
      hasFailedCommit = true;
      const edited = commit.photos.filter(
        (photo) => (catalogue.photos.get(photo.photoId)?.contentHash ?? photo.contentHash) !== photo.contentHash,
      );
      if (edited.length > 0) await store.forgetSeen(edited.map((photo) => photo.photoId));
      await store.commit(commit, {
        vector: (id) => !isCertain || resident.has(id),
        photo: (id) => !isCertain || catalogue.photos.has(id),
        file: (id) => !isCertain || catalogue.files.has(id),
      });
      hasFailedCommit = !isCertain;
      for (const { photoId, vector } of commit.vectors) resident.put(photoId, vector);
      for (const { photoId } of edited) current().bank?.forget(photoId);
      for (const photo of commit.photos) {
        const { takenAt, rating } = photo.metadata;
        catalogue.putPhoto({ ...photo, takenAt: takenAt ?? 0, rating });
      }
      for (const file of commit.files) catalogue.putFile(file);
      photosChanged();
    },
    removeFiles: forget,
    setOffline: (id, offline) => {
      if (roots.isOffline(id) === offline) return;
      roots.setOffline(id, offline);
      photosChanged();
    },
    finish: async () => {
      await wordsLearned;
      await active?.saveHubs();
      await store.optimize();
    },
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
    progress: indexer.meter.snapshot(),
  });

  return Object.assign(engine, {
    handlers: {
      status,
      doctor: async () => ({ checks: await examine(paths, catalogue, roots, active, missingModel, searches) }),

      'roots.add': async ({ path }) => {
        const root = await roots.add(path);
        engine.onEvent('changed', { photos: catalogue.shownCount, what: 'roots' });
        return root;
      },
      'roots.remove': ({ id }) =>
        alone(async () => {
          const wasRunning = indexer.isRunning;
          await indexer.cancel();
          await roots.remove(id);
          await forget([...catalogue.files.values()].filter((file) => file.rootId === id));
          engine.onEvent('changed', { photos: catalogue.shownCount, what: 'roots' });
          // The other folders were in the middle of it; what becomes of them is told as progress.
          if (wasRunning) indexer.run().catch(() => undefined);
          return {};
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

      'photos.page': ({ offset, limit }) => {
        const ids = catalogue.newestFirst();
        const photos = ids.slice(offset, offset + limit).flatMap((id) => catalogue.photos.get(id) ?? []);
        return {
          total: ids.length,
          photos: photos.map(({ photoId, width, height }) => ({ id: photoId, width, height })),
        };
      },
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
      await indexer.cancel();
      progress.stop();
      changed.stop();
      await active?.close();
      await store.close();
    },
  });
};
