import { setTimeout as pause } from 'node:timers/promises';
import { AfterimageError, serve, type Handlers, type Transport } from '../../app/contract/index.ts';

const never = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => {
      reject(new AfterimageError('cancelled', 'Cancelled.'));
    });
  });

/** Photos whose numbers say what was asked, so that mixed-up answers show. */
const echo = (offset: number, limit: number) => ({
  total: offset,
  photos: [
    { id: '0123456789abcdef', width: offset + 1, height: limit, offline: false, favourite: false, seconds: null },
  ],
});

/** The far side of the suite: answers, fails, waits and tells in every way that the contract knows. */
export const serveSuite = (transport: Transport): void => {
  const cancelled: string[] = [];
  const handlers: Handlers<
    'photos.page' | 'models.use' | 'index.run' | 'index.pause' | 'index.resume' | 'doctor' | 'models.list'
  > = {
    'photos.page': async ({ offset, limit }) => {
      await pause(offset % 7);
      return echo(offset, limit);
    },
    'models.use': ({ id }) => {
      if (id === 'broken') throw new TypeError('secret stack');
      throw new AfterimageError('model-invalid', `“${id}” has no tokenizer.json. Put it there.`, {
        details: { file: 'tokenizer.json' },
        cause: new Error('inside'),
      });
    },
    'index.run': async (_input, signal) => {
      signal.addEventListener('abort', () => cancelled.push('index.run'));
      return never(signal);
    },
    'index.pause': () => {
      server.emit('changed', { photos: 3, what: 'photos' });
      server.emit('progress', {
        phase: 'scanning',
        paused: false,
        found: 1,
        total: 0,
        done: 0,
        failed: 0,
        photosPerSecond: null,
        secondsLeft: null,
        current: 'a/\u202Eb\n😀.jpg',
      });
      return {};
    },
    'index.resume': () => ({}),
    doctor: () => ({ checks: cancelled.map((name) => ({ name, state: 'ok' as const, message: 'cancelled' })) }),
    // Outside the schema on purpose: the calling side has to notice.
    'models.list': () => ({ models: [{ id: 'x' }] }) as never,
  };
  const server = serve(transport, handlers);
};
