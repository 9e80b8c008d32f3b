import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Progress } from '../../app/contract/index.ts';
import * as system from '../../test/electron-double/system.ts';
import { DesktopSettings } from './settings.ts';
import { SystemUi } from './system-ui.ts';

const MINUTE = 60_000;

/** What is told of work of ten minutes, by the double, which keeps it. */
const told = async (
  work: (ui: SystemUi) => void,
  { isFocused = false, notify = true } = {},
): Promise<readonly unknown[]> => {
  const settings = await DesktopSettings.read('');
  const ui = new SystemUi({
    // Of Electron, what the double has of it.
    electron: {
      ...system,
      app: { isPackaged: true, getPath: () => '', getLoginItemSettings: () => ({ openAtLogin: false }) },
      BrowserWindow: { getFocusedWindow: () => (isFocused ? {} : null) },
    } as never,
    settings: { values: { ...settings.values, notify } } as never,
    logs: '',
    command: vi.fn(),
    showWindow: vi.fn(),
    call: vi.fn(),
    onChange: vi.fn(),
  });
  work(ui);
  return system.Notification.shown.splice(0).map(({ options }) => options);
};

const index = (ui: SystemUi): void => {
  // Of the progress, what is counted.
  const progress = (phase: Progress['phase'], done: number) => ({ phase, paused: false, done }) as Progress;
  ui.heed(progress('indexing', 1));
  vi.advanceTimersByTime(10 * MINUTE);
  ui.heed(progress('indexing', 900));
  ui.heed(progress('idle', 900));
};
const download = (ui: SystemUi): void => {
  ui.downloaded(10 * MINUTE);
};

describe('notifications', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it.each([
    ['indexing', index, 'Your photos are ready to be searched'],
    ['a download', download, 'The model is here'],
  ] as const)('tell of %s that took minutes, where they are wanted and seen', async (_what, work, title) => {
    expect(await told(work)).toEqual([expect.objectContaining({ title, body: expect.stringContaining('10 minutes') })]);
    expect(await told(work, { isFocused: true })).toEqual([]);
    expect(await told(work, { notify: false })).toEqual([]);
  });

  it('tell of no download that was over soon', async () => {
    expect(await told((ui) => ui.downloaded(MINUTE))).toEqual([]);
  });
});
