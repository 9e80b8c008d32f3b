import { expect, it } from 'vitest';
import { dropUnusableRules } from './usable-rules.ts';
import type { Manifest } from '../store/manifest.ts';

const root = { id: 'r', path: '/p', device: '', inode: '', paused: false, follow: 'watch' } as const;

const manifestOf = (
  all: string[],
  ofRoot: string[],
): {
  value: Manifest;
  updates: number;
  update: (change: (current: Manifest) => Partial<Manifest>) => Promise<void>;
} => ({
  value: {
    format: 2,
    identity: null,
    name: 'x',
    roots: [{ ...root, volumes: [], excludes: ofRoot }],
    models: [],
    activeModel: null,
    curves: {},
    upgrade: null,
    settings: { excludes: all, graceDays: 30, provider: 'auto' },
  },
  updates: 0,
  update(change) {
    this.updates++;
    this.value = { ...this.value, ...change(this.value) };
    return Promise.resolve();
  },
});

it('takes rules that cannot be used out of the library, and says so', async () => {
  const manifest = manifestOf(['Trash', '[x'], ['y'.repeat(1000), '2019/raw']);
  const [message, ...others] = await dropUnusableRules(manifest);
  expect(message).toMatch(/“\[x” has half a pair of brackets.* is longer than 200 characters/u);
  expect(others).toEqual([]);
  expect(manifest.value.settings.excludes).toEqual(['Trash']);
  expect(manifest.value.roots[0]?.excludes).toEqual(['2019/raw']);
});

it('leaves a library alone whose rules are right', async () => {
  const manifest = manifestOf(['Trash'], ['*.png']);
  expect(await dropUnusableRules(manifest)).toEqual([]);
  expect(manifest.updates).toBe(0);
});
