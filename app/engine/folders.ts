import { AfterimageError, type Handlers, type MethodName, type Root } from '../contract/index.ts';
import type { Catalogue } from '../library/catalogue.ts';
import { checkExclusions } from '../library/exclusions.ts';
import type { ManifestFile } from '../store/manifest-file.ts';
import type { Following } from './following.ts';
import type { Indexer } from './indexer.ts';
import type { Ledger } from './ledger.ts';
import type { Roots } from './roots.ts';
import type { Upkeep } from './upkeep.ts';

interface FoldersOptions {
  readonly manifest: ManifestFile;
  readonly catalogue: Catalogue;
  readonly roots: Roots;
  readonly ledger: Ledger;
  readonly following: Following;
  readonly indexer: Indexer;
  readonly upkeep: Pick<Upkeep, 'heed'>;
  /** Runs what may not overlap. */
  readonly alone: <T>(work: () => Promise<T>) => Promise<T>;
  readonly photosChanged: () => void;
  readonly rootsChanged: () => void;
  readonly providerChanged: () => void;
}

/** Takes the files of folders that are none of the library's for gone: whoever adds such a folder again gets all back. */
export const forgetStrays = async (roots: Roots, catalogue: Catalogue, ledger: Ledger): Promise<void> => {
  const rootIds = new Set(roots.named.map((root) => root.id));
  await ledger.bury([...catalogue.files.values()].filter(({ rootId }) => !rootIds.has(rootId)));
};

/** Answers the calls on folders and on what holds for all of them. */
export const foldersHandlers = (
  options: FoldersOptions,
): Handlers<Extract<MethodName, `roots.${string}` | `settings.${string}` | 'library.follow'>> => {
  const {
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
    providerChanged,
  } = options;
  const after = async (change: Promise<Root>): Promise<Root> => {
    const root = await change;
    void following.sync();
    rootsChanged();
    return root;
  };
  const relink = async (id: string, path: string, signal: AbortSignal): Promise<Root> => {
    const root = await after(roots.relink(id, path, signal));
    photosChanged();
    following.look(id);
    return root;
  };
  return {
    'settings.get': () => manifest.value.settings,
    'settings.change': async ({ excludes, graceDays, provider }) => {
      checkExclusions(excludes ?? []);
      await manifest.update(({ settings }) => ({
        settings: {
          excludes: excludes ?? settings.excludes,
          graceDays: graceDays ?? settings.graceDays,
          provider: provider ?? settings.provider,
        },
      }));
      if (graceDays !== undefined) upkeep.heed();
      if (provider !== undefined) providerChanged();
      void following.sync();
      if (excludes !== undefined) for (const { id } of roots.records) following.look(id);
      return manifest.value.settings;
    },
    'roots.folders': () => ({ folders: roots.records.map(({ path }) => path) }),
    'roots.add': ({ path }, signal) => after(roots.add(path, signal)),
    'roots.approve': async ({ id }) => {
      const root = await after(roots.approve(id));
      photosChanged();
      following.look(id);
      return root;
    },
    'roots.change': async ({ id, ...change }) => {
      const root = await after(roots.change(id, change));
      if (!root.paused) following.look(id);
      return root;
    },
    'roots.follow': async ({ id }, signal) => {
      roots.record(id);
      // Nobody may have looked for it since the engine started.
      if (roots.factsOf(id).movedTo === null) await roots.search(id, signal);
      const { movedTo } = roots.factsOf(id);
      if (movedTo === null) throw new AfterimageError('not-found', 'It is not known where this folder was moved to.');
      return relink(id, movedTo, signal);
    },
    'roots.relink': ({ id, path }, signal) => relink(id, path, signal),
    'roots.remove': ({ id }) =>
      alone(async () => {
        let wasRunning = indexer.isRunning;
        await indexer.cancel();
        await roots.remove(id);
        // A change that was told meanwhile is looked at already, in this folder perhaps.
        wasRunning ||= indexer.isRunning;
        await indexer.cancel();
        void following.sync();
        await forgetStrays(roots, catalogue, ledger);
        rootsChanged();
        // The other folders were in the middle of it; what becomes of them is told as progress.
        if (wasRunning) indexer.run().catch(() => undefined);
        return {};
      }),
    'library.follow': () => {
      void following.start();
      return {};
    },
  };
};
