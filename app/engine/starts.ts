import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { OwnFolder } from '../base/disk.ts';
import { readJsonBounded } from '../base/read.ts';

/** Beside the models: a folder of the person's own, as a library may be somebody else's, or may not be written to. */
const FOLDER = '.starts';
/** Starts in a row that may end in one step before it is left out. One may be a coincidence, or the person's doing. */
const ENOUGH = 2;
const MAX_BYTES = 65_536;

/** Steps that are remembered: the database, and some models. */
const MOST_STEPS = 8;

/** By step: how many starts in a row have ended in it. */
const deathsSchema = z.record(z.string(), z.int().positive());

/** A step that ended the last starts was left out. */
export class StepLeftOut extends Error {
  override readonly name = 'StepLeftOut';
  /** Starts in a row that ended in it. */
  readonly deaths: number;

  constructor(step: string, deaths: number) {
    super(`The last ${String(deaths)} starts ended in the step ${step}.`);
    this.deaths = deaths;
  }
}

/**
 * Remembers which step of a start is under way, so that what ends the process is known to the next start. A step that ended
 * two starts in a row is left out from then on: a library or model that kills the engine would do so forever.
 */
export class Starts {
  readonly #folder: OwnFolder;
  /** Of this library, within the folder. */
  readonly #file: string;
  readonly #deaths: Map<string, number>;

  private constructor(folder: OwnFolder, file: string, deaths: Readonly<Record<string, number>>) {
    this.#folder = folder;
    this.#file = file;
    this.#deaths = new Map(Object.entries(deaths).slice(-MOST_STEPS));
  }

  /**
   * @param models folder of downloaded models, and of what is known of this computer
   * @param library its real path
   */
  static async open(models: string, library: string): Promise<Starts> {
    const folder = new OwnFolder(models);
    const name = createHash('sha256').update(library).digest('hex').slice(0, 32);
    const file = join(FOLDER, `${name}.json`);
    const options = { maxBytes: MAX_BYTES, links: 'refuse' } as const;
    // Usually there is no file; one that cannot be read counts as none.
    const deaths = await readJsonBounded(join(folder.path, file), deathsSchema, options).catch(() => ({}));
    return new Starts(folder, file, deaths);
  }

  /** The file to delete to have everything tried once more. */
  get file(): string {
    return join(this.#folder.path, this.#file);
  }

  /**
   * Runs work that may end the process.
   *
   * @param step names it: each is counted for itself
   * @param isWanted the person asks for it right now: it runs whatever happened before
   * @throws StepLeftOut; whatever the work throws, which does not count as a death
   */
  async run<T>(step: string, work: () => Promise<T>, isWanted = false): Promise<T> {
    const deaths = this.#deaths.get(step) ?? 0;
    if (deaths >= ENOUGH && !isWanted) throw new StepLeftOut(step, deaths);
    await this.#put(step, deaths + 1);
    try {
      return await work();
    } finally {
      await this.#put(step, 0);
    }
  }

  /** Where nothing can be written, nothing is remembered. Not forced to disk: it tells of killed processes, not of power cuts. */
  async #put(step: string, deaths: number): Promise<void> {
    this.#deaths.delete(step);
    if (deaths > 0) this.#deaths.set(step, deaths);
    try {
      if (this.#deaths.size === 0) await this.#folder.remove(this.#file);
      else {
        await this.#folder.makeFolder(FOLDER);
        await this.#folder.write(this.#file, JSON.stringify(Object.fromEntries(this.#deaths)), { isSynced: false });
      }
    } catch {
      return;
    }
  }
}
