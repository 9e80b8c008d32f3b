import { describe, expect, it, vi } from 'vitest';
import {
  AfterimageError,
  type Download,
  type Handlers,
  type ModelsList,
  type UpgradeReport,
} from '../../app/contract/index.ts';
import { nothingDone } from '../../test/support/index-report.ts';
import { Library } from './library.svelte.ts';
import { Models } from './models.svelte.ts';
import { Settings } from './settings.svelte.ts';
import { connect } from './test-engine.ts';
import { libraryStatus, modelInfo, modelsList, offer } from './test-models.ts';
import { Toasts } from './toasts.svelte.ts';

type Answered =
  | 'status'
  | 'models.list'
  | 'models.download'
  | 'models.stopDownload'
  | 'models.use'
  | 'models.upgrade'
  | 'models.rollback'
  | 'models.remove'
  | 'index.run'
  | 'settings.change';

const report = (outcome: UpgradeReport['outcome']): UpgradeReport => ({
  outcome,
  anchors: 5,
  retention: 0.8,
  seconds: 1,
  dimOld: 512,
  dimNew: 512,
});
const old = modelInfo('old', { active: true });
const wanted = modelInfo('wanted', { photos: 0 });
const pending = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new AfterimageError('cancelled', 'Cancelled.')));
  });

/** Models over an engine that notes what it was asked; `list` is what it has. */
const modelsOver = async (list: Partial<ModelsList>, changes: Partial<Handlers<Answered>> = {}) => {
  const asked: string[] = [];
  const held = modelsList({ models: [old, wanted], ...list });
  const note = <T>(name: string, answer: T): T => {
    asked.push(name);
    return answer;
  };
  const { engine, server } = await connect<Answered>({
    status: () => libraryStatus({ model: held.models.find(({ active }) => active) ?? null }),
    'models.list': () => held,
    'models.download': ({ id }) => note(`download ${id}`, modelInfo(id)),
    'models.stopDownload': ({ id, drop }) => note(`${drop ? 'drop' : 'pause'} ${id}`, {}),
    'models.use': ({ id }) => note(`use ${id}`, modelInfo(id)),
    'models.upgrade': ({ id }) => note(`upgrade ${id}`, report('mapped')),
    'models.rollback': () => note('rollback', old),
    'models.remove': ({ id }) => note(`remove ${id}`, {}),
    'index.run': () => note('index', nothingDone),
    'settings.change': ({ provider }) =>
      note(`provider ${provider ?? ''}`, { excludes: [], graceDays: 30, provider: provider ?? 'auto' }),
    ...changes,
  });
  const toasts = new Toasts();
  const library = new Library(engine, toasts);
  const settings = new Settings(engine, toasts);
  const models = new Models(engine, toasts, library, settings);
  engine.on('downloads', ({ downloads }) => models.heed(downloads));
  await models.load();
  const said = (): string[] => toasts.list.map(({ text }) => text);
  return { models, library, settings, asked, said, toasts, server, held };
};

describe('Models', () => {
  it('tells what is in use, what else is here, and what can be had', async () => {
    const { models } = await modelsOver({ offers: [offer('a', { installed: 'wanted' }), offer('b')] });
    expect(models.active?.id).toBe('old');
    expect(models.others.map(({ id }) => id)).toEqual(['wanted']);
    expect(models.missing.map(({ id }) => id)).toEqual(['b']);
    expect(models.nameOf({ id: 'x', name: 'Some other' })).toBe('Some other');
  });

  it('keeps the reason when nothing can be known, until something can', async () => {
    let works = false;
    const { models } = await modelsOver(
      {},
      {
        'models.list': () => {
          if (!works) throw new AfterimageError('internal', 'The catalogue is damaged.');
          return modelsList();
        },
      },
    );
    expect(models.problem?.message).toBe('The catalogue is damaged.');
    works = true;
    await models.load();
    expect(models.problem).toBe(null);
  });

  it('downloads once however often it is asked, and shows that it has begun', async () => {
    let finish = (): void => undefined;
    const { models, asked, said, toasts } = await modelsOver(
      { offers: [offer('b')] },
      {
        'models.download': async ({ id }) => {
          asked.push(`download ${id}`);
          await new Promise<void>((resolve) => (finish = resolve));
          return modelInfo(id);
        },
      },
    );
    const [entry] = models.missing;
    const first = models.download(entry!);
    expect(models.downloadOf(entry!)).toMatchObject({ state: 'running', done: 0, total: 1000 });
    expect(await models.download(entry!)).toBe(undefined);
    await vi.waitFor(() => expect(asked).toEqual(['download b']));
    finish();
    expect((await first)?.id).toBe('b');
    expect(models.downloadOf(entry!)).toBe(undefined);
    expect(said()).toEqual(['b is downloaded and verified.']);
    toasts.list[0]?.action?.run();
    await vi.waitFor(() => expect(asked).toEqual(['download b', 'upgrade b', 'index']));
  });

  it('lets a failed download speak for itself, and says what failed otherwise', async () => {
    const failed: Download = {
      id: 'b',
      state: 'failed',
      done: 3,
      total: 9,
      bytesPerSecond: null,
      secondsLeft: null,
      problem: 'The disk is full.',
    };
    const fails = {
      'models.download': (): never => {
        throw new AfterimageError('disk-full', 'The disk is full.');
      },
    };
    const entry = offer('b');
    const told = await modelsOver({ offers: [entry], downloads: [failed] }, fails);
    await told.models.download(entry);
    expect([told.said(), told.models.downloadOf(entry)]).toEqual([[], failed]);
    const untold = await modelsOver({ offers: [entry] }, fails);
    await untold.models.download(entry);
    expect(untold.said()).toEqual(['The disk is full.']);
  });

  it('hears how far downloads are, pauses and drops them', async () => {
    const { models, server, asked } = await modelsOver({ offers: [offer('b')] });
    const running: Download = {
      id: 'b',
      state: 'running',
      done: 5,
      total: 9,
      bytesPerSecond: 1,
      secondsLeft: 4,
      problem: null,
    };
    server.emit('downloads', { downloads: [running] });
    await vi.waitFor(() => expect(models.downloadOf(offer('b'))).toEqual(running));
    await models.stop(offer('b'));
    await models.stop(offer('b'), true);
    expect(asked).toEqual(['pause b', 'drop b']);
  });

  it('changes through a map where there are photos, and embeds the rest', async () => {
    const { models, asked, said } = await modelsOver({});
    await models.switchTo(wanted);
    expect(asked).toEqual(['upgrade wanted', 'index']);
    expect(said()[0]).toBe('wanted answers your searches now. It looks at the rest of your photos meanwhile.');
    expect(models.switching).toBe(null);
  });

  it('says so when the old model goes on answering, and embeds nothing that is embedded', async () => {
    const poor = await modelsOver({}, { 'models.upgrade': () => report('below-floor') });
    await poor.models.switchTo(wanted);
    expect(poor.asked).toEqual(['index']);
    expect(poor.said()[0]).toMatch(/model before goes on answering/u);
    const whole = await modelsOver({}, { 'models.upgrade': () => report('embedded') });
    await whole.models.switchTo(wanted);
    expect(whole.asked).toEqual([]);
  });

  it('takes a model at once where there is nothing to carry over', async () => {
    const { models, asked } = await modelsOver({ models: [modelInfo('old', { active: true, photos: 0 }), wanted] });
    await models.switchTo(wanted);
    expect(asked).toEqual(['use wanted', 'index']);
  });

  it('can be stopped while it prepares a change, and then nothing is different', async () => {
    const { models, asked, toasts } = await modelsOver({}, { 'models.upgrade': (_input, signal) => pending(signal) });
    const change = models.switchTo(wanted);
    expect(models.switching).toBe('wanted');
    models.cancelSwitch();
    await change;
    expect([models.switching, asked, toasts.list]).toEqual([null, [], []]);
  });

  it('goes back, and lets go, and says what became of the files', async () => {
    const { models, asked, said } = await modelsOver({});
    await models.goBack();
    await models.remove(wanted);
    await models.remove(modelInfo('hub', { source: 'installed' }));
    expect(asked).toEqual(['rollback', 'remove wanted', 'remove hub']);
    expect(said()).toEqual([
      'old answers your searches again.',
      'What wanted saw in your photos was removed. Its files were not touched.',
      'hub was removed.',
    ]);
  });

  it('keeps what a model runs on', async () => {
    const { models, settings, asked } = await modelsOver({});
    await models.choose('cpu');
    expect([asked, settings.values?.provider, models.measuring]).toEqual([['provider cpu'], 'cpu', false]);
  });
});
