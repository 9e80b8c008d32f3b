import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { OwnFolder } from '../../base/disk.ts';
import { openRegular, readJsonBounded } from '../../base/read.ts';
import type { NativeEvent, WatchSystem } from './system.ts';

/** Says what a snapshot is of. The native watcher reads whatever it is given, and dies of some of it. */
const sealSchema = z.object({ version: z.literal(1), path: z.string(), sha256: z.string() });

const MAX_SEAL_BYTES = 65_536;

const sha256Of = async (file: string): Promise<string> => {
  const hash = createHash('sha256');
  await pipeline((await openRegular(file, 'refuse')).createReadStream(), hash);
  return hash.digest('hex');
};

/** The native watcher does not notice a full disk: whether the last line of a list of files was written to its end. */
const isWhole = async (path: string): Promise<boolean> => {
  if (process.platform === 'darwin') return true; // No list, but the number of an event.
  const file = await openRegular(path, 'refuse');
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read(Buffer.alloc(64), 0, 64, Math.max(0, size - 64));
    return /\d [01]\r?\n$/u.test(buffer.toString('latin1', 0, bytesRead));
  } finally {
    await file.close();
  }
};

/** What folders looked like when they were last scanned, to catch up from after a restart: a file and its seal per root. */
export class Snapshots {
  readonly #directory: string;
  readonly #library: OwnFolder;
  readonly #system: WatchSystem;

  /** @param directory in the library */
  constructor(directory: string, system: WatchSystem) {
    this.#directory = directory;
    this.#library = new OwnFolder(dirname(directory));
    this.#system = system;
  }

  /** @throws the system's error when it cannot be written; there is no snapshot then */
  async write(rootId: string, path: string, ignore: readonly string[]): Promise<void> {
    const { file, seal } = this.#filesOf(rootId);
    await this.#library.makeFolder(this.#directory);
    await this.#library.remove(seal);
    // The native watcher writes through whatever has this name.
    await this.#library.remove(`${file}.new`);
    await this.#system.writeSnapshot(path, `${file}.new`, ignore);
    if (!(await isWhole(`${file}.new`))) throw new Error('The snapshot could not be written to its end.');
    await this.#library.move(`${file}.new`, file);
    await this.#library.write(seal, JSON.stringify({ version: 1, path, sha256: await sha256Of(file) }));
  }

  /** @returns what has changed since the snapshot; null when there is none that can be trusted */
  async eventsSince(rootId: string, path: string, ignore: readonly string[]): Promise<readonly NativeEvent[] | null> {
    const { file, seal } = this.#filesOf(rootId);
    try {
      const sealed = await readJsonBounded(seal, sealSchema, { maxBytes: MAX_SEAL_BYTES, links: 'refuse' });
      if (sealed.path !== path || sealed.sha256 !== (await sha256Of(file))) return null;
      return await this.#system.eventsSince(path, file, ignore);
    } catch {
      return null;
    }
  }

  async remove(rootId: string): Promise<void> {
    const { file, seal } = this.#filesOf(rootId);
    await Promise.all([this.#library.remove(seal), this.#library.remove(file)]);
  }

  #filesOf(rootId: string): { readonly file: string; readonly seal: string } {
    const file = join(this.#directory, `${rootId}.snapshot`);
    return { file, seal: `${file}.json` };
  }
}
