import { homedir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { approvalsPlace, defaultLibrary, unpacked } from './paths.ts';

afterEach(() => vi.unstubAllEnvs());

it.skipIf(process.platform === 'win32' || process.platform === 'darwin').each(['', 'data', './data'])(
  'a data folder of “%s” is none: it would be wherever the program is started',
  (given) => {
    vi.stubEnv('XDG_DATA_HOME', given);
    expect(defaultLibrary()).toBe(join(homedir(), '.local', 'share', 'afterimage', 'libraries', 'default'));
    expect(approvalsPlace().data).toBe(join(homedir(), '.local', 'share', 'afterimage'));
    vi.stubEnv('XDG_DATA_HOME', '/data');
    expect(approvalsPlace().data).toBe('/data/afterimage');
  },
);

it.each([
  [
    '/opt/Afterimage/resources/app.asar/dist/main/engine.js',
    '/opt/Afterimage/resources/app.asar.unpacked/dist/main/engine.js',
  ],
  ['C:\\Afterimage\\resources\\app.asar\\models', 'C:\\Afterimage\\resources\\app.asar.unpacked\\models'],
  ['/opt/resources/app.asar.unpacked/models', '/opt/resources/app.asar.unpacked/models'],
  ['/home/me/my app.asar/models', '/home/me/my app.asar/models'],
])('plain Node finds %s at %s', (path, expected) => {
  expect(unpacked(path)).toBe(expected);
});
