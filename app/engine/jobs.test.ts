import { appendFileSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { plainRoot, quietHost } from '../../test/support/quiet-host.ts';
import { Indexer } from './indexer.ts';

vi.mock(import('../library/watching/settling.ts'), async (load) => {
  const settling = await load();
  return {
    ...settling,
    // As patient as it has to be here.
    waitUntilSettled: (path, seen, signal) =>
      settling.waitUntilSettled(path, seen, signal, { quiet: 50, patience: 200 }),
  };
});

let folder = '';
let grow: NodeJS.Timeout;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'afterimage-jobs-'));
});
afterEach(() => {
  clearInterval(grow);
  rmSync(folder, { recursive: true });
});

it('leaves a file that somebody is writing, and videos that nothing here reads, for later, and counts them', async () => {
  const at = (name: string): string => join(folder, name);
  const { dev, ino } = statSync(folder, { bigint: true });
  const read: string[] = [];
  const indexer = new Indexer({
    ...quietHost(),
    roots: () => [{ ...plainRoot, path: folder, device: String(dev), inode: String(ino) }],
    embed: async function* (jobs) {
      rmSync(at('gone.jpg'), { force: true });
      for await (const { key, path } of jobs) {
        read.push(path);
        yield { state: 'failed', key, kind: 'truncated', message: 'It ends early.' };
      }
    },
  });

  for (const name of ['growing.jpg', 'gone.jpg', 'whole.jpg']) writeFileSync(at(name), 'x');
  writeFileSync(at('clip.mp4'), 'x');
  utimesSync(at('whole.jpg'), 1, 1);
  grow = setInterval(() => appendFileSync(at('growing.jpg'), 'x'), 5);
  expect(await indexer.run()).toMatchObject({ postponed: 1, unreadVideos: 1, failed: 1 });
  expect(read).toEqual([at('whole.jpg')]);
  clearInterval(grow);
  expect(await indexer.run()).toMatchObject({ postponed: 0, failed: 2 });
});
