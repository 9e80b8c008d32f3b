import { expect, it, vi } from 'vitest';
import type { Progress } from '../../app/contract/index.ts';
import { logoPixels } from './icon.ts';
import { stateLine, TrayIcon } from './tray.ts';

const progress: Progress = {
  phase: 'indexing',
  paused: false,
  found: 1200,
  total: 1200,
  done: 34,
  failed: 0,
  photosPerSecond: null,
  secondsLeft: null,
  current: null,
};

it('says in a line how work stands', () => {
  expect(stateLine(progress, null)).toBe(`Indexing: 34 of ${(1200).toLocaleString()}`);
  expect(stateLine({ ...progress, paused: true }, null)).toMatch(/^Paused: 34/u);
  expect(stateLine({ ...progress, paused: true }, 'battery')).toMatch(/^Paused on battery: 34/u);
  expect(stateLine({ ...progress, phase: 'scanning' }, null)).toBe('Looking for photos…');
  expect(stateLine({ ...progress, phase: 'idle' }, null)).toBe('Everything is up to date');
});

it('goes on by turns as one thing, that can be paused', () => {
  const labels = (given: Progress): unknown => {
    const buildFromTemplate = vi.fn();
    const tray = { on: vi.fn(), setToolTip: vi.fn(), setContextMenu: vi.fn(), destroy: vi.fn() };
    const parts = { show: vi.fn(), pause: vi.fn(), resume: vi.fn(), quit: vi.fn() };
    const icon = new TrayIcon({
      // Of Electron, only what an icon uses.
      Tray: vi.fn(function () {
        return tray;
      }) as never,
      Menu: { buildFromTemplate },
      image: {} as never,
      ...parts,
    });
    icon.heed(given, 'turns');
    return (buildFromTemplate.mock.lastCall?.[0] as { label?: string }[]).map(({ label }) => label);
  };
  const working = labels(progress);
  expect(working).toEqual(expect.arrayContaining([expect.stringMatching(/^Slowed down/u), 'Pause Indexing']));
  expect(labels({ ...progress, paused: true })).toEqual(working);
});

it('draws the logo: a disc of coral, a ring of teal, and nothing in the corners', () => {
  const size = 64;
  const pixels = logoPixels(size);
  const at = (x: number, y: number): number[] => [...pixels.subarray((y * size + x) * 4, (y * size + x) * 4 + 4)];
  expect(at(24, 32)).toEqual([77, 108, 238, 255]);
  expect(at(59, 32)).toEqual([154, 158, 47, 255]);
  expect(at(0, 0)).toEqual([0, 0, 0, 0]);
});
