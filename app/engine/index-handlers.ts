import type { Handlers } from '../contract/index.ts';
import type { Catalogue } from '../library/catalogue.ts';
import type { Indexer } from './indexer.ts';
import type { ModelsInUse } from './models-in-use.ts';
import type { Roots } from './roots.ts';

interface IndexHandlersOptions {
  readonly indexer: Indexer;
  readonly catalogue: Catalogue;
  readonly roots: Pick<Roots, 'pathOf'>;
  readonly current: ModelsInUse['current'];
  /** Runs what may not overlap. */
  readonly alone: <T>(work: () => Promise<T>) => Promise<T>;
}

/** Answers the calls on indexing and what came of it. */
export const indexHandlers = ({
  indexer,
  catalogue,
  roots,
  current,
  alone,
}: IndexHandlersOptions): Handlers<
  'index.run' | 'index.pause' | 'index.resume' | 'index.cancel' | 'index.failures'
> => ({
  'index.run': async ({ rootIds }) => {
    const running = await alone(() => {
      current();
      return Promise.resolve({ report: indexer.run(rootIds) });
    });
    const report = await running.report;
    // Its end may have been the end of a change of models.
    await alone(() => Promise.resolve());
    return report;
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
    const problems = catalogue.problems();
    const failures = problems
      .slice(offset, offset + limit)
      .map(({ rootId, relPath, kind, message }) => ({ path: roots.pathOf(rootId, relPath), kind, message }));
    return { total: problems.length, failures };
  },
});
