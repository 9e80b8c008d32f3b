import { expect, it } from 'vitest';
import { ArchiveContent } from './archive-content.ts';
import type { Packed } from './packed.ts';

const file = (path: string, bytes = 1): Packed => ({ path, kind: 'file', bytes });
const contentOf = (packed: readonly Packed[], archiveBytes = 1e6): ArchiveContent => {
  const content = new ArchiveContent(archiveBytes);
  for (const one of packed) content.add(one);
  return content;
};

it('adds up what a model takes, and sees that it is one', () => {
  const content = contentOf([
    { path: 'clip/', kind: 'folder', bytes: 0 },
    file('clip/config.json'),
    file('clip/onnx/x.onnx', 5e6),
  ]);
  expect([content.bytes, content.hasModel, content.isEmpty]).toEqual([5e6 + 1, true, false]);
  expect(contentOf([file('a/b/config.json')]).hasModel).toBe(false);
  expect(contentOf([]).isEmpty).toBe(true);
});

it.each([
  ...['../x', '/x', 'a/../x', 'C:x', 'a\\b', 'a\0b', 'a\nb', 'a/b.', 'a/b ', 'a<b', 'a|b', 'a?', '..', ''],
  ...[
    'CON',
    'con.json',
    'a/aux',
    'lpt1.onnx',
    'COM9',
    'nul/x',
    'x'.repeat(300),
    'a/'.repeat(20) + 'x',
    'ab/'.repeat(400),
  ],
])('refuses the name %j', (path) => {
  expect(() => contentOf([file(path)])).toThrow('leads out of the folder');
});

it.each([
  ['config.json', 'config.json'],
  ['config.json', 'CONFIG.json'],
  ['config.json', './config.json'],
  ['caf\u00e9', 'cafe\u0301'],
  ['onnx', 'onnx/x'],
  ['onnx/x', 'ONNX'],
])('refuses %s beside %s: some systems take them for one', (one, other) => {
  expect(() => contentOf([file(one), file(other)])).toThrow('is in it twice');
});

it('refuses more than an archive of this size holds, by what it announces', () => {
  expect(() => contentOf([file('a', 60e6)], 1)).not.toThrow();
  expect(() => contentOf([file('a', 60e6), file('b', 5e6)], 1)).toThrow('more than 64 MB');
  expect(() => contentOf([file('a', 90e6)], 2e6)).not.toThrow();
  expect(() => contentOf([file('a', 101e6)], 2e6)).toThrow('more than 100 MB');
  expect(() => contentOf([file('a', 17e9)], 16e9)).toThrow('more than 16000 MB');
  for (const bytes of [NaN, -1, Infinity]) expect(() => contentOf([file('a', bytes)])).toThrow('would take more');
});

it('refuses more files than any model has, folders included', () => {
  const many = Array.from({ length: 5001 }, (_, index) => file(`f${String(index)}/x`));
  expect(() => contentOf(many)).toThrow('more than 10000 files');
});
