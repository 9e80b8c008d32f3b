import { describe, expect, it } from 'vitest';
import { AfterimageError, type Handlers, type IndexReport, type Status } from '../../app/contract/index.ts';
import { Library } from './library.svelte.ts';
import { connect } from './test-engine.ts';
import { Toasts } from './toasts.svelte.ts';

const model = {
  id: 'starter',
  name: 'Starter',
  kind: 'starter',
  layout: 'transformers',
  dimension: 64,
  photos: 4,
  active: true,
} as const;
const status: Status = {
  version: '0.1.0',
  library: { name: 'main', directory: '/library', photos: 10, failed: 1 },
  roots: [{ id: 'r', path: '/photos', state: 'offline', photos: 10 }],
  model,
  modelProblem: null,
  progress: {
    phase: 'idle',
    paused: false,
    found: 0,
    total: 0,
    done: 0,
    failed: 0,
    photosPerSecond: null,
    secondsLeft: null,
    current: null,
  },
};
const report: IndexReport = {
  indexed: 1200,
  unchanged: 3,
  failed: 1,
  removed: 0,
  seconds: 8,
  photosPerSecond: 150,
  failures: [],
  offline: [],
  cancelled: false,
};

const libraryOver = async <M extends 'status' | 'index.run' | 'roots.remove' | 'models.use'>(handlers: Handlers<M>) => {
  const { engine } = await connect(handlers);
  const toasts = new Toasts();
  return { toasts, library: new Library(engine, toasts) };
};

describe('Library', () => {
  it('knows whether it can be searched, what is not connected and what waits for vectors', async () => {
    let answer = status;
    const { library } = await libraryOver({ status: () => answer });
    expect(library.ready).toBe(false);
    await library.load();
    expect([library.ready, library.working, library.waiting]).toEqual([true, false, 6]);
    expect(library.offline.map(({ path }) => path)).toEqual(['/photos']);
    library.heed({ ...status.progress, phase: 'indexing' });
    expect([library.working, library.waiting]).toEqual([true, 0]);
    answer = { ...status, model: null };
    await library.load();
    expect(library.ready).toBe(false);
  });

  it('says what indexing did, in one sentence', async () => {
    let answer = report;
    const { library, toasts } = await libraryOver({ status: () => status, 'index.run': () => answer });
    await library.index();
    answer = { ...report, indexed: 0, failed: 0 };
    await library.index();
    answer = { ...report, cancelled: true };
    await library.index();
    expect(toasts.list.map(({ text }) => text)).toEqual([
      'Indexed 1,200 photos in 8 s. 1 file could not be read.',
      'Everything is up to date.',
    ]);
  });

  it('shows why something could not be done', async () => {
    const { library, toasts } = await libraryOver({
      status: () => status,
      'models.use': () => {
        throw new AfterimageError('no-model', 'The model folder is gone. Put it back.');
      },
    });
    expect(await library.useModel('full')).toBe(false);
    expect(toasts.list).toMatchObject([{ tone: 'error', text: 'The model folder is gone. Put it back.' }]);
  });

  it('keeps the reason when nothing can be known about the library', async () => {
    const { library } = await libraryOver({
      status: () => {
        throw new AfterimageError('library-newer', 'Written by a newer Afterimage.');
      },
    });
    await library.load();
    expect(library.problem).toMatchObject({ kind: 'library-newer', retryable: false });
  });
});
