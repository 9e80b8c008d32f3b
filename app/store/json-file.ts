import { access } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { z } from 'zod';
import type { OwnFolder } from '../base/disk.ts';
import { FileRefused } from '../base/file-refused.ts';
import { readJsonBounded } from '../base/read.ts';
import { Serial } from '../base/serial.ts';
import { AfterimageError } from '../contract/index.ts';

/** Far more than settings, searches or counts of a library of a million photos take. */
const MAX_JSON_BYTES = 32 * 2 ** 20;

/** Writes JSON, as `OwnFolder.write` does. */
export const writeJson = (own: OwnFolder, path: string, value: unknown): Promise<void> =>
  own.write(path, `${JSON.stringify(value, null, 2)}\n`);

/**
 * @returns the parsed file, or null where there is none
 * @throws AfterimageError `library-damaged` when it is a link, no regular file, too large, no JSON or not of the schema
 */
export const readJson = async <S extends z.ZodType>(
  path: string,
  schema: S,
  maxBytes = MAX_JSON_BYTES,
): Promise<z.output<S> | null> => {
  try {
    return await readJsonBounded<z.output<S>>(path, schema, { maxBytes, links: 'refuse' });
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error;
    if (error.reason === 'missing') return null;
    const what = error.reason === 'not-json' ? `${path} is damaged and cannot be read.` : error.message;
    throw new AfterimageError(
      'library-damaged',
      `${what} Restore it from a backup, or choose another library folder.`,
      { cause: error },
    );
  }
};

/** A JSON file in memory and on disk; changes are written one after the other. */
export class JsonFile<T extends object> {
  readonly #path: string;
  readonly #own: OwnFolder;
  readonly #spare: string | null;
  #value: T;
  readonly #writes = new Serial();

  /**
   * @param own folder that the file and its spare copy lie in
   * @param value what the file holds now
   * @param spare where a copy of the file is kept, if one is
   */
  protected constructor(own: OwnFolder, path: string, value: T, spare: string | null = null) {
    this.#own = own;
    this.#path = path;
    this.#spare = spare;
    this.#value = value;
  }

  get value(): T {
    return this.#value;
  }

  /** @param change what becomes of the value as it is when its turn comes */
  protected change(change: (current: T) => Partial<T>): Promise<void> {
    return this.#writes.run(async () => {
      const next = { ...this.#value, ...change(this.#value) };
      await writeJson(this.#own, this.#path, next);
      this.#value = next;
      await this.keep();
    });
  }

  /** Makes the spare copy; one that cannot be made now is made with the next change. */
  protected async keep(): Promise<void> {
    if (this.#spare === null) return;
    await this.#own.makeFolder(dirname(this.#spare)).catch(() => undefined);
    await writeJson(this.#own, this.#spare, this.#value).catch(() => undefined);
  }
}

export const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
