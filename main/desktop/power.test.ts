import { EventEmitter } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import type { Client, Progress, Rest } from '../../app/contract/index.ts';
import { PowerKeeper, restOf, type Supply } from './power.ts';

const plugged: Supply = { onBattery: false, thermal: 'nominal', speedLimit: 100 };

describe('restOf', () => {
  it('rests on battery if the person wants that, and when it is too hot in any case', () => {
    expect(restOf(plugged, true)).toBeNull();
    expect(restOf({ ...plugged, onBattery: true }, true)).toBe('battery');
    expect(restOf({ ...plugged, onBattery: true }, false)).toBeNull();
    expect(restOf({ ...plugged, thermal: 'critical' }, false)).toBe('heat');
  });

  it('takes turns while the system slows down', () => {
    expect(restOf({ ...plugged, thermal: 'fair' }, true)).toBe('turns');
    expect(restOf({ ...plugged, speedLimit: 60 }, true)).toBe('turns');
  });
});

/** An engine that indexes, and can be paused. */
const working = () => {
  const state: Pick<Progress, 'paused' | 'phase'> = { paused: false, phase: 'indexing' };
  const call = vi.fn((method: string) => {
    if (method === 'index.pause') state.paused = true;
    if (method === 'index.resume') state.paused = false;
    return Promise.resolve({ progress: { ...state } });
  });
  const rests: (Rest | null)[] = [];
  const monitor = Object.assign(new EventEmitter(), {
    isOnBatteryPower: () => false,
    getCurrentThermalState: () => 'nominal' as const,
  });
  // Of a client, only what the keeper calls.
  const keeper = new PowerKeeper(
    { call } as unknown as Client,
    monitor as never,
    () => true,
    (rest) => rests.push(rest),
  );
  // Of the progress, only how it stands counts here.
  const tell = (): void => keeper.heed({ ...state } as Progress);
  tell();
  return { state, monitor, keeper, call, rests, tell };
};

/** Everything that was decided has been told: the promises of the double wait for nothing else. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

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
    expect([keeper.rest, state.paused]).toEqual([null, false]);
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
    const { state, monitor, tell } = working();
    state.phase = 'idle';
    tell();
    monitor.emit('on-battery');
    await Promise.resolve();
    expect(state.paused).toBe(false);
    state.phase = 'scanning';
    tell();
    await vi.waitFor(() => expect(state.paused).toBe(true));
  });

  it('pauses what another engine begins on battery', async () => {
    const { state, monitor, keeper, tell } = working();
    monitor.emit('on-battery');
    await vi.waitFor(() => expect(keeper.rest).toBe('battery'));
    // It is killed, and so says nothing of its end.
    state.paused = false;
    keeper.forget();
    expect(keeper.rest).toBeNull();
    tell();
    await vi.waitFor(() => expect([keeper.rest, state.paused]).toEqual(['battery', true]));
  });

  it('does not go on with what the person paused after they had gone on', async () => {
    const { state, monitor, keeper, call, tell } = working();
    monitor.emit('on-battery');
    await vi.waitFor(() => expect(keeper.rest).toBe('battery'));
    tell();
    // By another host, so that nothing but the progress tells of it.
    state.paused = false;
    tell();
    expect(keeper.rest).toBeNull();
    state.paused = true;
    tell();
    monitor.emit('on-ac');
    await settled();
    expect(call).not.toHaveBeenCalledWith('index.resume', {});
  });

  it('is not misled by progress that was told before it had paused', async () => {
    const { state, monitor, call, tell } = working();
    const answer = call.getMockImplementation()!;
    call.mockImplementation((method) => {
      if (method === 'index.pause') tell();
      return answer(method);
    });
    monitor.emit('on-battery');
    await vi.waitFor(() => expect(state.paused).toBe(true));
    monitor.emit('on-ac');
    await vi.waitFor(() => expect(state.paused).toBe(false));
  });

  it('says why it rests, and nothing while the person has it so', async () => {
    const { state, monitor, keeper, rests, tell } = working();
    monitor.emit('on-battery');
    await vi.waitFor(() => expect(rests).toEqual(['battery']));
    state.paused = false;
    keeper.heedPerson('index.resume');
    tell();
    state.paused = true;
    keeper.heedPerson('index.pause');
    tell();
    expect(rests).toEqual(['battery', null]);
    monitor.emit('thermal-state-change', { state: 'critical' });
    await settled();
    expect(rests).toEqual(['battery', null]);
  });

  it('leaves it to the person to pause what goes on by turns', async () => {
    vi.useFakeTimers();
    const { state, monitor, keeper, rests, tell } = working();
    monitor.emit('speed-limit-change', { limit: 50 });
    for (const paused of [true, false, true]) {
      await vi.advanceTimersByTimeAsync(5000);
      expect(state.paused).toBe(paused);
      tell();
    }
    expect(rests).toEqual(['turns']);
    // It stands already.
    keeper.heedPerson('index.pause');
    await vi.advanceTimersByTimeAsync(20_000);
    expect([state.paused, keeper.rest]).toEqual([true, null]);
    keeper.stop();
    vi.useRealTimers();
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
