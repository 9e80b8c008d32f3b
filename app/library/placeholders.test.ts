import { describe, expect, it } from 'vitest';
import { isOnlineOnly, stubTarget } from './placeholders.ts';

const here = { size: 3_000_000, blocks: 5864 };
const elsewhere = { size: 3_000_000, blocks: 0 };

describe('isOnlineOnly', () => {
  it('knows files without blocks on Windows and macOS', () => {
    for (const platform of ['win32', 'darwin'] as const) {
      expect(isOnlineOnly('a.jpg', elsewhere, platform)).toBe(true);
      expect(isOnlineOnly('a.jpg', here, platform)).toBe(false);
      expect(isOnlineOnly('empty.jpg', { size: 0, blocks: 0 }, platform)).toBe(false);
      expect(isOnlineOnly('tiny.png', { size: 300, blocks: 0 }, platform)).toBe(false);
    }
  });

  it('takes no blocks for no proof on Linux', () => {
    expect(isOnlineOnly('a.jpg', elsewhere, 'linux')).toBe(false);
  });

  it.each(['.a.jpg.icloud', 'a.jpg.nextcloud', 'a.jpg.owncloud', 'a.jpg.cloud', 'a.cloudf'])(
    'knows the stub %s',
    (name) => {
      for (const platform of ['win32', 'darwin', 'linux'] as const)
        expect(isOnlineOnly(name, { size: 160, blocks: 8 }, platform)).toBe(true);
    },
  );
});

describe('stubTarget', () => {
  it('names the file that is elsewhere', () => {
    expect(stubTarget('.boat at sea.JPG.icloud')).toBe('boat at sea.JPG');
    expect(stubTarget('boat.jpg.nextcloud')).toBe('boat.jpg');
    expect(['boat.jpg', '.hidden.jpg', 'icloud', '.icloud', 'a.icloud', 'cloud.jpg'].map(stubTarget)).toEqual(
      Array.from({ length: 6 }, () => null),
    );
  });
});
