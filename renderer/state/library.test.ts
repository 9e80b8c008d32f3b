import { describe, expect, it } from 'vitest';
import { AfterimageError, type Handlers, type IndexReport, type Upgrade } from '../../app/contract/index.ts';
import { nothingDone } from '../../test/support/index-report.ts';
import { Library } from './library.svelte.ts';
import { connect } from './test-engine.ts';
import { libraryStatus, modelInfo } from './test-models.ts';
import { rootAt } from './test-roots.ts';
import { Toasts } from './toasts.svelte.ts';

const status = libraryStatus({
  roots: [rootAt('/photos', { state: 'offline' })],
  model: modelInfo('starter', { kind: 'starter', photos: 4, active: true }),
});
const report: IndexReport = { ...nothingDone, indexed: 1200, failed: 1, photosPerSecond: 150 };

const libraryOver = async <M extends 'status' | 'index.run' | 'index.pause'>(handlers: Handlers<M>) => {
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

  it('does not count photos as waiting that another model stands in for', async () => {
    const { library } = await libraryOver({ status: () => status });
    await library.load();
    const upgrade: Upgrade = {
      from: { id: 'starter', name: 'starter' },
      to: { id: 'full', name: 'full' },
      phase: 'anchors',
      done: 0,
      total: 10,
      photosPerSecond: null,
      secondsLeft: null,
      anchors: 0,
      retention: null,
    };
    library.heedUpgrade(upgrade);
    expect([library.upgrading, library.waiting]).toEqual([false, 6]);
    library.heedUpgrade({ ...upgrade, phase: 'mapped' });
    expect([library.upgrading, library.waiting]).toEqual([true, 0]);
    library.heedUpgrade(null);
    expect([library.upgrading, library.waiting]).toEqual([false, 6]);
  });

  it('says what indexing did, and nothing when it was stopped', async () => {
    let answer = report;
    const asked: unknown[] = [];
    const { library, toasts } = await libraryOver({
      status: () => status,
      'index.run': (input) => {
        asked.push(input);
        return answer;
      },
    });
    await library.index();
    answer = { ...report, cancelled: true };
    await library.index(['r']);
    expect(toasts.list.map(({ text }) => text)).toEqual(['Indexed 1,200 photos in 8 s. 1 file could not be read.']);
    expect(asked).toEqual([{}, { rootIds: ['r'] }]);
  });

  it('shows why something could not be done', async () => {
    const { library, toasts } = await libraryOver({
      status: () => status,
      'index.pause': () => {
        throw new AfterimageError('no-model', 'The model folder is gone. Put it back.');
      },
    });
    await library.pause();
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
