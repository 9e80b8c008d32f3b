import { expect, it } from 'vitest';
import { firstPlacement } from './placement.ts';
import { providersFor, sessionOptions, whyAbsent } from './providers.ts';

it('tries what each platform has, the CPU last', () => {
  expect(providersFor('win32')).toEqual(['dml', 'webgpu', 'cpu']);
  expect(providersFor('darwin')).toEqual(['coreml', 'webgpu', 'cpu']);
  expect(providersFor('linux')).toEqual(['cuda', 'webgpu', 'cpu']);
});

it('gives DirectML what it cannot run without', () => {
  expect(sessionOptions('dml', 2)).toMatchObject({ enableMemPattern: false, executionMode: 'sequential' });
  expect(sessionOptions('cpu', 2)).not.toHaveProperty('executionProviders');
});

it('does not try what this build of ONNX Runtime lacks', () => {
  expect(whyAbsent('cpu')).toBeNull();
  expect(whyAbsent(process.platform === 'darwin' ? 'dml' : 'coreml')).toContain('not part of ONNX Runtime');
});

it.each([
  ['a small model, a process per core', 12e6, 8, 8, 1],
  ['a large one, what memory allows', 400e6, 8, 1, 8],
  ['one in between', 200e6, 8, 3, 3],
  ['a model larger than all memory, one process', 5e9, 4, 1, 4],
])('begins with %s', (_, imageGraphBytes, cores, processes, threads) => {
  expect(firstPlacement({ imageGraphBytes }, cores)).toMatchObject({ provider: 'cpu', processes, threads });
});
