import { describe, expect, it } from 'vitest';
import { plainRoot, quietHost } from '../../test/support/quiet-host.ts';
import { Indexer } from './indexer.ts';

/** An indexer of one folder that is not there, whose runs begin when they are let. */
const setUp = () => {
  const heard: string[] = [];
  let letBegin = (): void => undefined;
  let breakOff = (_: Error): void => undefined;
  const indexer = new Indexer({
    ...quietHost(),
    roots: () => [{ ...plainRoot, id: 'root' }],
    ready: () => {
      heard.push('begun');
      return new Promise((resolve, reject) => ([letBegin, breakOff] = [resolve, reject]));
    },
    onEnd: (looked, failure) => {
      heard.push(`ended ${[...looked].join()}`.trim());
      if (failure !== null) heard.push(`broken off ${[...failure.rootIds].join()}: ${String(failure.error)}`);
    },
  });
  return {
    indexer,
    heard,
    hasBegun: () => expect.poll(() => heard.at(-1)).toBe('begun'),
    goOn: () => letBegin(),
    fail: (message: string) => breakOff(new Error(message)),
  };
};

describe('what nothing may be indexed beside', () => {
  it('waits for the end of a run, which goes on afterwards', async () => {
    const { indexer, heard, hasBegun, goOn } = setUp();
    const running = indexer.run();
    await hasBegun();
    const held = indexer.hold(() => {
      heard.push('work');
      return Promise.resolve('done');
    });
    goOn();
    expect([(await running).cancelled, await held]).toEqual([true, 'done']);
    await hasBegun();
    goOn();
    await expect.poll(() => heard).toEqual(['begun', 'ended', 'work', 'begun', 'ended root']);
  });

  it('is not disturbed by what is asked for meanwhile, not even where it holds once more', async () => {
    const { indexer, heard, hasBegun, goOn } = setUp();
    const held = indexer.hold(async () => {
      const running = indexer.run();
      await indexer.hold(() => Promise.resolve());
      expect([indexer.isRunning, indexer.isBusy]).toEqual([false, true]);
      heard.push('work');
      return { running };
    });
    const { running } = await held;
    await hasBegun();
    goOn();
    expect((await running).cancelled).toBe(false);
    expect(heard).toEqual(['work', 'begun', 'ended root']);
  });

  it('is followed by nothing where a person has cancelled', async () => {
    const { indexer, heard, hasBegun, goOn } = setUp();
    const running = indexer.run();
    await hasBegun();
    const held = indexer.hold(() => indexer.cancel());
    goOn();
    await Promise.all([running, held]);
    await new Promise(setImmediate);
    expect(heard).toEqual(['begun', 'ended']);
    expect(indexer.isRunning).toBe(false);
  });

  it('is told how the run ended that goes on afterwards, since nobody waits for that', async () => {
    const { indexer, heard, hasBegun, goOn, fail } = setUp();
    const running = indexer.run();
    await hasBegun();
    const held = indexer.hold(() => Promise.resolve());
    goOn();
    await Promise.all([running, held]);
    await hasBegun();
    fail('full');
    await expect.poll(() => heard).toEqual(['begun', 'ended', 'begun', 'ended', 'broken off root: Error: full']);
    const again = indexer.run();
    await hasBegun();
    goOn();
    await again;
    expect(heard.slice(5)).toEqual(['begun', 'ended root']);
  });

  it('may fail', async () => {
    const { indexer, hasBegun, goOn } = setUp();
    await expect(indexer.hold(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    const running = indexer.run();
    await hasBegun();
    goOn();
    expect(await running).toMatchObject({ cancelled: false, offlineFolders: ['/not/there'] });
  });
});
