import type { Consent } from './approval.ts';
import type { Handlers } from '../contract/index.ts';
import type { Following } from './following.ts';
import type { Models } from './models.ts';
import type { ModelsInUse } from './models-in-use.ts';
import type { Roots } from './roots.ts';

type NamedRoots = Pick<Roots, 'named' | 'waiting' | 'approve'>;
type NamedModels = Pick<Models, 'records' | 'approve'>;

/** Approves those folders and models of the library that the person agreed to; the others keep waiting. */
export const approveNamed = async (
  { folders, models: directories }: Consent,
  roots: NamedRoots,
  models: NamedModels,
): Promise<void> => {
  for (const { id, path } of roots.named)
    // A folder that cannot be read is reported in the list of folders.
    if (folders.includes(path)) await roots.approve(id).catch(() => undefined);
  for (const { id, directory } of models.records) if (directories.includes(directory)) await models.approve(id);
};

/** What the library names and nobody has approved yet. */
const waitingOf = (roots: NamedRoots, models: Pick<Models, 'awaiting'>): Consent => ({
  folders: roots.waiting.map(({ path }) => path),
  models: models.awaiting.map(({ directory }) => directory),
});

interface ApprovingOptions {
  readonly roots: Roots;
  readonly models: Models;
  readonly inUse: ModelsInUse;
  readonly following: Pick<Following, 'sync'>;
  /** Runs what may not overlap. */
  readonly alone: <T>(work: () => Promise<T>) => Promise<T>;
  readonly rootsChanged: () => void;
  readonly modelChanged: () => void;
}

/** Of a library that is open: it was approved before, what it names besides may not have been. */
export const approvingHandlers = ({
  roots,
  models,
  inUse,
  following,
  alone,
  rootsChanged,
  modelChanged,
}: ApprovingOptions): Handlers<'library.approve'> => ({
  'library.approve': ({ everything }) =>
    alone(async () => {
      if (!everything) return {};
      await approveNamed(waitingOf(roots, models), roots, models);
      if (inUse.problem !== null) await inUse.open();
      void following.sync();
      rootsChanged();
      modelChanged();
      return {};
    }),
});
