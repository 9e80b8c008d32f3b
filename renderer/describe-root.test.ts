import { describe, expect, it } from 'vitest';
import type { Root } from '../app/contract/index.ts';
import { describeRoot } from './describe-root.ts';
import { rootAt } from './state/test-roots.ts';

describe('describeRoot', () => {
  it.each<[Partial<Root>, string]>([
    [{}, 'Changes are noticed at once'],
    [{ watching: 300 }, 'Looked through every 5 minutes'],
    [{ watching: null }, 'Not followed yet'],
    [{ watching: null, follow: 'manual' }, 'Looked through when you ask'],
    [{ paused: true, watching: null, onlineOnly: 1 }, 'Paused · 1 file only online, left there'],
    [{ state: 'offline', paused: true, watching: null }, 'Not connected'],
  ])('says of a folder that is %j how it fares', (root, text) => {
    expect(describeRoot(rootAt('/photos', root)).join(' · ')).toBe(text);
  });
});
