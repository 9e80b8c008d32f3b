import { AfterimageError, type Handlers, type ModelInfo } from '../contract/index.ts';
import type { Comparisons } from './comparisons.ts';
import type { Downloads } from './downloads.ts';
import type { Models } from './models.ts';
import type { ModelsInUse } from './models-in-use.ts';
import type { Upgrades } from './upgrade/upgrades.ts';

interface ModelsHandlersOptions {
  readonly models: Models;
  readonly inUse: ModelsInUse;
  readonly downloads: Downloads;
  readonly upgrades: Upgrades;
  readonly comparisons: Comparisons;
  /** Runs what may not overlap with other changes of models and folders. */
  readonly alone: <T>(work: () => Promise<T>) => Promise<T>;
  /** The list of models has changed. */
  readonly changed: () => void;
}

export const modelsHandlers = ({
  models,
  inUse,
  downloads,
  upgrades,
  comparisons,
  alone,
  changed,
}: ModelsHandlersOptions): Handlers<
  | 'models.list'
  | 'models.add'
  | 'models.approve'
  | 'models.download'
  | 'models.stopDownload'
  | 'models.use'
  | 'models.upgrade'
  | 'models.rollback'
  | 'models.remove'
  | 'models.compare'
  | 'models.check'
> => {
  const use = async (id: string): Promise<ModelInfo> => {
    const model = await models.resolve(id);
    if (model.id !== inUse.answering?.model.id) await inUse.change(() => ({ activeModel: model.id, upgrade: null }));
    return models.info(model);
  };
  return {
    'models.list': async () => ({
      models: await models.list(),
      offers: await downloads.offers(),
      downloads: [...downloads.states],
      execution: inUse.answering?.execution ?? null,
    }),
    'models.add': async ({ path }, signal) => {
      const model = await models.add(path, signal);
      changed();
      return models.info(model);
    },
    'models.approve': ({ id }) =>
      alone(async () => {
        const model = await models.approve(id);
        // It may be what the library was waiting for.
        if (inUse.problem !== null) await inUse.open();
        changed();
        return model;
      }),
    ...downloads.handlers,
    'models.use': ({ id }) => alone(() => use(id)),
    'models.upgrade': ({ id, anchors = null }, signal) => alone(() => upgrades.run(id, anchors, signal)),
    'models.rollback': () => alone(async () => models.info(await upgrades.rollBack())),
    'models.remove': ({ id }) =>
      alone(async () => {
        const model = (await models.list()).find((candidate) => candidate.id === id || candidate.name === id);
        if (model === undefined) throw new AfterimageError('not-found', `There is no model “${id}” here.`);
        await upgrades.release(model.id);
        await comparisons.close();
        await models.remove(model.id);
        changed();
        return {};
      }),
    'models.compare': (input) => comparisons.compare(input),
    'models.check': (_, signal) => alone(() => inUse.check(signal)),
  };
};
