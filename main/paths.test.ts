import { expect, it } from 'vitest';
import { unpacked } from './paths.ts';

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
