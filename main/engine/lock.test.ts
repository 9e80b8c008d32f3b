import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { acquire, readHolder, release, type Holder } from './lock.ts';

let library = '';
let lock = '';
/** Whose process has ended, on this computer. */
let dead: Holder;
beforeEach(async () => {
  library = await mkdtemp(join(tmpdir(), 'afterimage-lock-'));
  lock = join(library, 'engine.lock');
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  const mine = await acquire(library);
  await release(library, mine);
  dead = { ...mine, pid: child.pid ?? 0 };
});
afterEach(() => rm(library, { recursive: true, force: true }));

const leave = (holder: Holder): Promise<void> => writeFile(lock, JSON.stringify(holder));
const takeOver = async (): Promise<void> => {
  const mine = await acquire(library);
  expect(await readHolder(library)).toEqual(mine);
  await release(library, mine);
  expect(existsSync(lock)).toBe(false);
};

describe('the lock of a library', () => {
  it('of a process that has ended is taken over', async () => {
    expect(dead.computer).toContain(hostname());
    await leave(dead);
    await takeOver();
  });

  it('of an older program, which names no computer, is taken over, too', async () => {
    const { computer: _computer, ...older } = dead;
    await leave(older);
    await takeOver();
  });

  it.each(['elsewhere', `${hostname()} (another)`])(
    'of another computer (%s) stays until the person deletes it',
    async (computer) => {
      await leave({ ...dead, computer });
      const refusal = acquire(library);
      await expect(refusal).rejects.toMatchObject({ kind: 'library-locked' });
      await expect(refusal).rejects.toThrow(computer);
      await expect(refusal).rejects.toThrow(`delete the file ${lock}`);
      expect(await readHolder(library)).toEqual({ ...dead, computer });
      await rm(lock);
      await takeOver();
    },
  );

  it('of this computer under another name is taken over, where computers have a mark', async () => {
    const renamed = dead.computer?.replace(hostname(), 'renamed') ?? '';
    await leave({ ...dead, computer: renamed });
    if (renamed === 'renamed') await expect(acquire(library)).rejects.toMatchObject({ kind: 'library-locked' });
    else await takeOver();
  });

  it('of another computer that can be reached is one like any other', async () => {
    const listener = createServer((socket) => socket.destroy()).listen(dead.address);
    await once(listener, 'listening');
    await leave({ ...dead, computer: 'elsewhere' });
    await expect(acquire(library)).rejects.toThrow('already open in another engine');
    listener.close();
  });
});
