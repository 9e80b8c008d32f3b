import { EventEmitter } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import type { Client, Progress } from '../../app/contract/index.ts';
import { paceOf, PowerKeeper, type Supply } from './power.ts';

const plugged: Supply = { onBattery: false, thermal: 'nominal', speedLimit: 100 };

describe('paceOf', () => {
  it('rests on battery if the person wants that, and when it is too hot in any case', () => {
    expect(paceOf(plugged, true)).toBe('full');
    expect(paceOf({ ...plugged, onBattery: true }, true)).toBe('rest');
    expect(paceOf({ ...plugged, onBattery: true }, false)).toBe('full');
    expect(paceOf({ ...plugged, thermal: 'critical' }, false)).toBe('rest');
  });

  it('takes turns while the system slows down', () => {
    expect(paceOf({ ...plugged, thermal: 'fair' }, true)).toBe('half');
    expect(paceOf({ ...plugged, speedLimit: 60 }, true)).toBe('half');
  });
});

/** An engine that indexes, and can be paused. */
const working = () => {
  const state = { paused: false, phase: 'indexing' };
  const call = vi.fn((method: string) => {
    if (method === 'index.pause') state.paused = true;
    if (method === 'index.resume') state.paused = false;
    return Promise.resolve({ progress: { ...state } });
  });
  const monitor = Object.assign(new EventEmitter(), {
    isOnBatteryPower: () => false,
    getCurrentThermalState: () => 'nominal' as const,
  });
  // Of a client, only what the keeper calls.
  const keeper = new PowerKeeper({ call } as unknown as Client, monitor as never, () => true);
  return { state, monitor, keeper };
};

describe('PowerKeeper', () => {
  it('pauses on battery and goes on with the mains', async () => {
    const { state, monitor } = working();
    monitor.emit('on-battery');
    await vi.waitFor(() => expect(state.paused).toBe(true));
    monitor.emit('on-ac');
    await vi.waitFor(() => expect(state.paused).toBe(false));
  });

  it('goes on when the mains are back before it has paused', async () => {
    const { state, monitor, keeper } = working();
    monitor.emit('on-battery');
    monitor.emit('on-ac');
    monitor.emit('on-battery');
    monitor.emit('on-ac');
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect([keeper.pace, state.paused]).toEqual(['full', false]);
  });

  it('does not go on with what the person paused', async () => {
    const { state, monitor } = working();
    state.paused = true;
    monitor.emit('on-battery');
    await Promise.resolve();
    monitor.emit('on-ac');
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(state.paused).toBe(true);
  });

  it('pauses what begins on battery', async () => {
    const { state, monitor, keeper } = working();
    state.phase = 'idle';
    monitor.emit('on-battery');
    await Promise.resolve();
    expect(state.paused).toBe(false);
    state.phase = 'scanning';
    // Of the progress, only the phase counts here.
    keeper.heed({ phase: 'scanning' } as Progress);
    await vi.waitFor(() => expect(state.paused).toBe(true));
  });

  it('works and rests by turns when the system slows down', async () => {
    vi.useFakeTimers();
    const { state, monitor, keeper } = working();
    monitor.emit('speed-limit-change', { limit: 50 });
    const seen: boolean[] = [];
    for (let turn = 0; turn < 4; turn += 1) {
      await vi.advanceTimersByTimeAsync(5000);
      seen.push(state.paused);
    }
    expect(seen).toEqual([true, false, true, false]);
    keeper.stop();
    vi.useRealTimers();
  });
});
