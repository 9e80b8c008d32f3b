import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { serve, type Handlers, type Message, type Server, type Transport } from '../../app/contract/index.ts';
import { Line, type LineState } from './line.ts';

const handlers: Handlers<'index.failures'> = { 'index.failures': () => ({ total: 7, failures: [] }) };

/** Both ends of one line in this process, and a way to cut it. */
const pair = (): { readonly near: Transport; readonly server: Server; readonly cut: () => void } => {
  const closed: (() => void)[] = [];
  const cut = (): void => closed.splice(0).forEach((listener) => listener());
  const inboxes: Record<'near' | 'far', ((message: unknown) => void)[]> = { near: [], far: [] };
  const end = (own: 'near' | 'far', other: 'near' | 'far'): Transport => ({
    send: (message: Message) => queueMicrotask(() => inboxes[other].forEach((listener) => listener(message))),
    onMessage: (listener) => inboxes[own].push(listener),
    onClose: (listener) => closed.push(listener),
    close: cut,
  });
  return { near: end('near', 'far'), server: serve(end('far', 'near'), handlers), cut };
};

describe('Line', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('answers calls and events, also after it was cut', async () => {
    const states: LineState[] = [];
    const lines: ReturnType<typeof pair>[] = [];
    const line = new Line(
      () => {
        const next = pair();
        lines.push(next);
        return Promise.resolve(next.near);
      },
      (state) => states.push(state),
    );
    const heard: number[] = [];
    line.on('changed', ({ photos }) => heard.push(photos));
    line.start();
    await vi.advanceTimersByTimeAsync(0);
    expect(await line.call('index.failures', {})).toEqual({ total: 7, failures: [] });
    lines[0]?.server.emit('changed', { photos: 1, what: 'photos' });
    await vi.advanceTimersByTimeAsync(0);

    lines[0]?.cut();
    await expect(line.call('status', {})).rejects.toMatchObject({ kind: 'engine-stopped' });
    await vi.advanceTimersByTimeAsync(400);
    expect((await line.call('index.failures', {})).total).toBe(7);
    lines[1]?.server.emit('changed', { photos: 2, what: 'photos' });
    await vi.advanceTimersByTimeAsync(0);

    expect(heard).toEqual([1, 2]);
    expect(states).toEqual(['open', 'away', 'open']);
  });

  it('tries again after 0.4, 0.8, 1.6 … and at most 8 seconds', async () => {
    const tries: number[] = [];
    const line = new Line(
      () => {
        tries.push(Date.now());
        return Promise.reject(new Error('nobody there'));
      },
      () => undefined,
    );
    line.start();
    await vi.advanceTimersByTimeAsync(40_000);
    const waits = tries.slice(1).map((at, index) => at - (tries[index] ?? 0));
    expect(waits.slice(0, 7)).toEqual([400, 800, 1600, 3200, 6400, 8000, 8000]);
  });
});
