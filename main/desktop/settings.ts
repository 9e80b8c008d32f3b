import { dirname } from 'node:path';
import { z } from 'zod';
import { OwnFolder } from '../../app/base/disk.ts';
import { Serial } from '../../app/base/serial.ts';
import { readJson, writeJson } from '../../app/store/json-file.ts';

const rectangle = z.object({ x: z.int(), y: z.int(), width: z.int().positive(), height: z.int().positive() });
export type Rectangle = z.infer<typeof rectangle>;

const schema = z.object({
  /** Where the window was when it was closed, not maximised. */
  bounds: rectangle.nullable().catch(null),
  maximized: z.boolean().catch(false),
  /** Electron's: 0 is the size as drawn, each step 20 %. */
  zoom: z.number().min(-3).max(5).catch(0),
  tray: z.boolean().catch(false),
  pauseOnBattery: z.boolean().catch(true),
  notify: z.boolean().catch(true),
});
export type Values = z.infer<typeof schema>;

/** What the desktop itself remembers; the library's settings are the engine's. */
export class DesktopSettings {
  readonly #path: string;
  #values: Values;
  readonly #writes = new Serial();

  private constructor(path: string, values: Values) {
    this.#path = path;
    this.#values = values;
  }

  /** A file that is damaged counts as none: nothing in it is worth an error. */
  static async read(path: string): Promise<DesktopSettings> {
    const values = await readJson(path, schema).catch(() => null);
    return new DesktopSettings(path, values ?? schema.parse({}));
  }

  get values(): Values {
    return this.#values;
  }

  /** @returns when it is on disk; a disk that takes nothing is no reason to stop anything */
  change(change: Partial<Values>): Promise<void> {
    this.#values = { ...this.#values, ...change };
    const values = this.#values;
    return this.#writes
      .run(() => writeJson(new OwnFolder(dirname(this.#path)), this.#path, values))
      .catch(() => undefined);
  }
}
