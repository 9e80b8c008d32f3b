import type * as Native from '@parcel/watcher';
import { Serial } from '../../base/serial.ts';
import { mayBeginToWatch, mountTypeOf, readWatchLimit } from './limits.ts';

export interface NativeEvent {
  /** Absolute, as the system writes it. */
  readonly path: string;
  readonly type: 'create' | 'update' | 'delete';
}

export type OnEvents = (error: Error | null, events: readonly NativeEvent[]) => void;

/** What following folders asks of the system. */
export interface WatchSystem {
  /** Milliseconds between two looks at clocks, schedules and roots. */
  readonly tick: number;
  /**
   * Begins to tell of changes in a folder and all below it.
   *
   * @param ignore absolute paths of folders that are passed over
   * @returns ends it
   */
  subscribe(folder: string, onEvents: OnEvents, ignore: readonly string[]): Promise<() => Promise<void>>;
  writeSnapshot(folder: string, file: string, ignore: readonly string[]): Promise<void>;
  eventsSince(folder: string, file: string, ignore: readonly string[]): Promise<readonly NativeEvent[]>;
  watchLimit(): Promise<number | null>;
  mayBeginToWatch(folder: string): Promise<boolean>;
  mountType(folder: string): Promise<string | null>;
  /** Milliseconds that never go back, and that may stand still while the computer sleeps. */
  monotonic(): number;
  /** Milliseconds since the epoch, as the clock of the computer has it. */
  wall(): number;
}

// Loaded when it is first needed: where it cannot be, folders are scanned by the clock and all else works.
const native = (): Promise<typeof Native> => import('@parcel/watcher');

/** The native watcher keeps what it knows of a folder in one place for all calls, and does not guard it. */
const calls = new Serial();

export const realSystem: WatchSystem = {
  tick: 10_000,
  subscribe: async (folder, onEvents, ignore) => {
    const { subscribe } = await native();
    const subscription = await calls.run(() => subscribe(folder, onEvents, { ignore: [...ignore] }));
    return () => calls.run(() => subscription.unsubscribe());
  },
  writeSnapshot: async (folder, file, ignore) => {
    const { writeSnapshot } = await native();
    await calls.run(() => writeSnapshot(folder, file, { ignore: [...ignore] }));
  },
  eventsSince: async (folder, file, ignore) => {
    const { getEventsSince } = await native();
    return calls.run(() => getEventsSince(folder, file, { ignore: [...ignore] }));
  },
  watchLimit: readWatchLimit,
  mayBeginToWatch,
  mountType: mountTypeOf,
  monotonic: () => performance.now(),
  wall: () => Date.now(),
};
