import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Holder } from '../../main/engine/lock.ts';
import { runtimeFolder } from '../../main/engine/runtime-folder.ts';

/** Path of the record that a holder has in the runtime folder. */
export const recordOf = async ({ secret }: Pick<Holder, 'secret'>): Promise<string> => {
  const { path } = await runtimeFolder();
  for (const name of await readdir(path)) {
    const file = join(path, name);
    if (name.endsWith('.json') && (await readFile(file, 'utf8')).includes(secret)) return file;
  }
  throw new Error('The holder has no record.');
};

/** Puts a record back as one whose process has ended, or whose number another program has now, would have left it. */
export const leaveRecord = async (path: string, { pid, secret }: Pick<Holder, 'pid' | 'secret'>): Promise<void> =>
  writeFile(path, JSON.stringify({ pid, secret }), { mode: 0o600 });
