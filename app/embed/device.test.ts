import type { PathLike } from 'node:fs';
import fs from 'node:fs/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { deviceKey } from './device.ts';

vi.mock('node:fs/promises', { spy: true });
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

describe.runIf(process.platform === 'linux')('the key of a device', () => {
  it('is the same while nothing changes', async () => {
    expect(await deviceKey()).toBe(await deviceKey());
  });

  it('is another one when a library that a driver lacked may have come', async () => {
    const before = await deviceKey();
    const { stat: real } = await vi.importActual<typeof fs>('node:fs/promises');
    vi.mocked(fs.stat).mockImplementation((path: PathLike) => real(path === '/etc/ld.so.cache' ? '/' : path));
    expect(await deviceKey()).not.toBe(before);
  });

  it.each(['LD_LIBRARY_PATH', 'VK_DRIVER_FILES'])('is another one under another %s', async (variable) => {
    const before = await deviceKey();
    vi.stubEnv(variable, '/somewhere/else');
    expect(await deviceKey()).not.toBe(before);
  });
});
