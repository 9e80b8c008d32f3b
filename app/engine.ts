import { OwnFolder } from './base/disk.ts';
import { Serial } from './base/serial.ts';
import type { EngineMethod, EventData, EventName, Handlers } from './contract/index.ts';
import { Approval, type Consent } from './engine/approval.ts';
import { approveNamed, approvingHandlers } from './engine/approving.ts';
import { Care, careHandlers } from './engine/care.ts';
import { Comparisons } from './engine/comparisons.ts';
import { examine } from './engine/doctor.ts';
import { Downloads } from './engine/downloads.ts';
import { Duplicates } from './engine/duplicates.ts';
import { foldersHandlers, forgetStrays } from './engine/folders.ts';
import { Following } from './engine/following.ts';
import { Answers } from './engine/search/answers.ts';
import { evaluate, fitFromCaptions } from './engine/search/evaluation.ts';
import { indexHandlers } from './engine/index-handlers.ts';
import { Indexer } from './engine/indexer.ts';
import { Ledger } from './engine/ledger.ts';
import { marksHandlers } from './engine/marks.ts';
import { Models } from './engine/models.ts';
import { modelsHandlers } from './engine/models-handlers.ts';
import { ModelsInUse } from './engine/models-in-use.ts';
import type { EngineOptions } from './engine/options.ts';
import { PhotoFiles } from './engine/photo-files.ts';
import { Pictures } from './engine/pictures.ts';
import { Roots } from './engine/roots.ts';
import { searchesHandlers } from './engine/searches.ts';
import { openSafely } from './engine/open-safely.ts';
import { describe } from './engine/status.ts';
import { Throttle } from './base/throttle.ts';
import { Upgrades } from './engine/upgrade/upgrades.ts';
import { Upkeep } from './engine/upkeep.ts';
import { finishImport, userDataHandlers } from './engine/user-data.ts';
import { Views } from './engine/views.ts';
import { findFfmpeg } from './media/ffmpeg.ts';
import { thumbnailDrafts } from './media/thumbnail.ts';
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
 * @param consent what the person has just agreed to; null when nobody was asked
 * @throws AfterimageError `not-approved`, `library-newer`, `library-damaged`, `unreadable`
 */
export const openEngine = async (options: EngineOptions, consent: Consent | null = null): Promise<Engine> => {
  // Scans know folders by their real paths, and have to recognise the library among them.
  const paths = libraryPaths(await new OwnFolder(options.library).create());
  const approval = await Approval.open({ ...options, library: paths.directory }, consent);
  const opened = await openSafely(options, paths, () => approval.identityOfNew());
  const { manifest, store, catalogue, marks, mended, starts } = opened;
  await approval.seal(manifest);
  const roots = new Roots(manifest, approval, catalogue, paths.directory);
  const models = await Models.open(options, manifest, store, approval);
  await approveNamed(approval.consent, roots, models);
  const searches = await SavedSearches.open(paths.searches);
  await finishImport({ paths, marks, searches });
  const pictures = new Pictures(paths.pictures, () => searches.queries);
  // What cannot be tidied up today can be another day.
  await pictures.tidy().catch(() => undefined);
  await paths.own.remove(thumbnailDrafts(paths.thumbnails)).catch(() => undefined);
  await roots.refresh();

  const inUse: ModelsInUse = new ModelsInUse({
    options,
    paths,
    manifest,
    store,
    catalogue,
    models,
    starts,
    resting: (work) =>
      indexer.hold(async () => {
        await comparisons.close();
        return work();
      }),
    onChange: () => {
      photosChanged();
      modelChanged();
    },
  });
  const { current } = inUse;
  const files = new PhotoFiles({ catalogue, roots, store, paths, images: () => current().images });
  const answers = new Answers({ catalogue, roots, store, pictures, files, model: current });

  const engine: { onEvent: Engine['onEvent'] } = { onEvent: () => undefined };
  const progress = new Throttle(200, () => {
    engine.onEvent('progress', indexer.meter.snapshot());
  });
  const changed = new Throttle(500, () => {
    engine.onEvent('changed', { photos: catalogue.shownCount, what: 'photos' });
  });
  const upgradeChanged = new Throttle(1000, () => {
    engine.onEvent('upgrade', { upgrade: upgrades.state });
  });
  const downloadsChanged = new Throttle(200, () => {
    engine.onEvent('downloads', { downloads: [...downloads.states] });
  });
  const rootsChanged = (): void => {
    engine.onEvent('changed', { photos: catalogue.shownCount, what: 'roots' });
  };
  const modelChanged = (): void => {
    engine.onEvent('changed', { photos: catalogue.shownCount, what: 'model' });
  };
  const photosChanged = (): void => {
    answers.reset();
    duplicates.outdate();
    changed.poke();
  };
  const views = await Views.open(paths.views);
  const ended = new AbortController();
  const care = new Care({ paths, catalogue, store, manifest });
  /** What can wait until nobody works. */
  const upkeep = new Upkeep(
    async () => {
      await inUse.wordsLearned;
      await inUse.answering?.saveHubs();
      await views.save();
      await care.tidy();
    },
    () => indexer.isBusy,
  );
  const written = (): void => {
    upkeep.touch();
    if (manifest.value.upgrade !== null) upgradeChanged.poke();
    photosChanged();
  };
  const said = (): void => {
    upkeep.heed();
    photosChanged();
  };
  const ledger = new Ledger({ store, catalogue, model: () => inUse.indexing, changed: written });
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
    canIndex: () => inUse.indexing !== null,
    onReach: photosChanged,
    onRoots: rootsChanged,
  });
  const indexer: Indexer = new Indexer({
    catalogue,
    roots: () => roots.records,
    waitingRoots: () => roots.waiting,
    isExcluded: (root) => roots.isExcluded(root),
    canReadVideos: async () => (await findFfmpeg()) !== null,
    hasVector: (photoId) => inUse.indexing?.hasSeen(photoId) === true,
    prepare: (signal) => inUse.prepare(signal),
    viewsOf: (photoId) => views.of(photoId),
    embed: (jobs, signal) => (inUse.indexing ?? current()).images.run(jobs, signal),
    commit: (commit) => ledger.commit(commit),
    removeFiles: (fileIds) => ledger.removeFiles(fileIds),
    photo: (photoId) => store.photo(photoId),
    setScanned: (rootId, facts) => following.scanned(rootId, facts),
    finish: async (isWhole) => {
      if (isWhole) await upkeep.now();
      else upkeep.soon();
    },
    ready: async () => {
      await upkeep.ready;
      await following.verify();
    },
    onProgress: () => {
      progress.poke();
    },
    onEnd: (looked, failure) => {
      following.ended(looked, failure);
      upgradeChanged.poke();
      void alone(() => upgrades.finish(looked)).catch(() => undefined);
    },
  });

  const changes = new Serial();
  /** Runs what may not overlap: changes of model and folders, and the start of a run. */
  const alone = <T>(work: () => Promise<T>): Promise<T> => changes.run(work);

  const upgrades: Upgrades = new Upgrades({
    options,
    paths,
    manifest,
    store,
    catalogue,
    roots,
    models,
    inUse,
    files,
    resting: (work) => indexer.hold(work),
    onChange: () => {
      upgradeChanged.poke();
    },
  });
  const downloads: Downloads = await Downloads.open({
    options,
    models,
    onProgress: () => {
      downloadsChanged.poke();
    },
    onModel: modelChanged,
  });
  const comparisons = new Comparisons({ inUse, catalogue, searcherOf: (active) => answers.searcherOf(active) });
  await inUse.open();
  upkeep.soon();

  return Object.assign(engine, {
    handlers: {
      status: () =>
        describe(
          { version: options.version, manifest, mended, paths, catalogue, roots, models, store, indexer, upgrades },
          inUse,
        ),
      doctor: async ({ repair }) => ({
        checks: await examine({ paths, catalogue, roots, store, mended, inUse, searches }, repair),
      }),

      ...foldersHandlers({
        manifest,
        catalogue,
        roots,
        ledger,
        following,
        indexer,
        upkeep,
        alone,
        photosChanged,
        rootsChanged,
        providerChanged: () => {
          void alone(() => inUse.choose(ended.signal)).catch(() => undefined);
        },
      }),

      ...approvingHandlers({ roots, models, inUse, following, alone, rootsChanged, modelChanged }),
      ...indexHandlers({ indexer, catalogue, roots, current, alone }),
      ...careHandlers({ paths }),
      ...userDataHandlers({ paths, catalogue, roots, store, marks, searches, changed: said }),

      'photos.page': ({ offset, limit }) => {
        const ids = catalogue.newestFirst();
        return { total: ids.length, photos: ids.slice(offset, offset + limit).map((id) => files.cellOf(id)) };
      },
      ...marksHandlers(marks, said),
      ...duplicates.handlers,
      'photos.find': ({ photo }) => ({ id: files.find(photo) }),
      'photos.file': ({ id, as, at }) => files.shown(id, as, at),

      ...answers.handlers,
      'photos.details': (input, signal) => {
        views.add(input.id);
        return answers.handlers['photos.details'](input, signal);
      },
      'pictures.add': ({ path }) => pictures.add(current(), path),
      'pictures.file': ({ token }) => pictures.file(token),
      ...searchesHandlers(
        searches,
        () => {
          engine.onEvent('changed', { photos: catalogue.shownCount, what: 'searches' });
        },
        (query) => answers.searcher.count(query),
      ),

      ...modelsHandlers({ models, inUse, downloads, upgrades, comparisons, alone, changed: modelChanged }),

      evaluate: async (input, signal) => {
        await inUse.wordsLearned;
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
      ended.abort();
      await downloads.close();
      await indexer.cancel();
      await comparisons.close();
      upkeep.stop();
      for (const throttle of [progress, changed, upgradeChanged, downloadsChanged]) throttle.stop();
      await views.save().catch(() => undefined);
      await inUse.close();
      await store.close();
    },
  });
};
