import { describe, expect, it, vi } from 'vitest';
import { AfterimageError, type Client } from '../../app/contract/index.ts';
import { StartFailed, type Connection } from '../engine/connect.ts';
import { Attempts } from './attempts.ts';
import { EngineKeeper } from './engine-keeper.ts';

/** Engines that are started one after the other, and can be ended from outside. */
const engines = () => {
  const started: { end: () => void }[] = [];
  const connect = vi.fn((): Promise<Connection> => {
    const closers: (() => void)[] = [];
    const number = started.length + 1;
    const client = {
      call: () => Promise.resolve({ words: [String(number)] }),
      on: () => () => undefined,
      onClose: (listener: () => void) => void closers.push(listener),
    };
    started.push({
      end: () =>
        closers.forEach((close) => {
          close();
        }),
    });
    // Of a client, only what the keeper uses.
    return Promise.resolve({
      client: client as unknown as Client,
      own: true,
      awaiting: false,
      ended: Promise.resolve('SIGKILL'),
      close: () => Promise.resolve(),
    });
  });
  return { started, connect };
};

const keeperOf = (connect: () => Promise<Connection>, most = 2) => {
  const told = { ready: vi.fn(), lost: vi.fn(), givenUp: vi.fn() };
  const keeper = new EngineKeeper({
    connect,
    attempts: new Attempts(most, 60_000),
    firstPage: { answer: () => undefined, note: () => undefined },
    onReady: told.ready,
    onLost: told.lost,
    onGivenUp: told.givenUp,
  });
  return { keeper, told };
};

const ask = (keeper: EngineKeeper) => keeper.call('search.unknownWords', { query: 'a' });

describe('EngineKeeper', () => {
  it('starts the engine once for all who ask', async () => {
    const { connect } = engines();
    const { keeper } = keeperOf(connect);
    expect(await Promise.all([ask(keeper), ask(keeper)])).toEqual([{ words: ['1'] }, { words: ['1'] }]);
    expect(connect).toHaveBeenCalledTimes(1);
  });

  it('starts another when one ends, then gives up until it is told to try again', async () => {
    vi.useFakeTimers();
    const { connect, started } = engines();
    const { keeper, told } = keeperOf(connect);
    await ask(keeper);
    for (const expected of ['2', '3']) {
      started.at(-1)?.end();
      const answer = ask(keeper);
      await vi.advanceTimersByTimeAsync(5000);
      expect(await answer).toEqual({ words: [expected] });
    }
    started.at(-1)?.end();
    await vi.advanceTimersByTimeAsync(0);
    expect(told.givenUp).toHaveBeenCalledTimes(1);
    await expect(ask(keeper)).rejects.toMatchObject({ kind: 'engine-stopped' });
    keeper.start();
    expect(await ask(keeper)).toEqual({ words: ['4'] });
    expect(told.lost.mock.calls).toEqual(Array.from({ length: 3 }, () => ['working', 'SIGKILL']));
    vi.useRealTimers();
  });

  it('says how an engine ended that did not start', async () => {
    const { connect } = engines();
    connect.mockRejectedValueOnce(new StartFailed('It ended.', 'code 3'));
    const { keeper, told } = keeperOf(connect);
    await ask(keeper);
    expect(told.lost.mock.calls).toEqual([['starting', 'code 3']]);
  });

  it('does not try again what cannot be opened, until somebody asks', async () => {
    const connect = vi.fn(() => Promise.reject(new AfterimageError('library-damaged', 'It is damaged.')));
    const { keeper, told } = keeperOf(connect);
    await expect(ask(keeper)).rejects.toMatchObject({ kind: 'library-damaged' });
    await expect(ask(keeper)).rejects.toMatchObject({ kind: 'library-damaged' });
    expect(connect).toHaveBeenCalledTimes(2);
    expect(told.givenUp).not.toHaveBeenCalled();
  });

  it('lets go of a caller that does not want to wait any more', async () => {
    const { keeper } = keeperOf(() => new Promise(() => undefined));
    const controller = new AbortController();
    const answer = keeper.call('search.unknownWords', { query: 'a' }, controller.signal);
    controller.abort();
    await expect(answer).rejects.toMatchObject({ kind: 'cancelled' });
  });
});
