import { access, mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { z } from 'zod';
import { AfterimageError } from '../contract/index.ts';

/** Writes a file that only its owner may read, so that a crash leaves either the old one or the new one, never half of one. */
export const writeOwn = async (path: string, data: string | Uint8Array): Promise<void> => {
  const draft = `${path}.${String(process.pid)}.new`;
  const file = await open(draft, 'w', 0o600);
  try {
    await file.writeFile(data);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
};

/** Writes JSON, as `writeOwn` does. */
export const writeJson = (path: string, value: unknown): Promise<void> =>
  writeOwn(path, `${JSON.stringify(value, null, 2)}\n`);

/**
 * @returns the parsed file, or null where there is none
 * @throws AfterimageError `library-damaged` when it is no JSON or not of the schema
 */
export const readJson = async <S extends z.ZodType>(path: string, schema: S): Promise<z.output<S> | null> => {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    throw new AfterimageError(
      'library-damaged',
      `${path} is damaged and cannot be read. Restore it from a backup, or choose another library folder.`,
      {
        cause: error,
      },
    );
  }
};

/** A JSON file in memory and on disk; changes are written one after the other. */
export class JsonFile<T extends object> {
  readonly #path: string;
  readonly #spare: string | null;
  #value: T;
  #writes: Promise<void> = Promise.resolve();

  /**
   * @param value what the file holds now
   * @param spare where a copy of the file is kept, if one is
   */
  protected constructor(path: string, value: T, spare: string | null = null) {
    this.#path = path;
    this.#spare = spare;
    this.#value = value;
  }

  get value(): T {
    return this.#value;
  }

  /** @param change what becomes of the value as it is when its turn comes */
  protected change(change: (current: T) => Partial<T>): Promise<void> {
    const write = async (): Promise<void> => {
      const next = { ...this.#value, ...change(this.#value) };
      await writeJson(this.#path, next);
      this.#value = next;
      await this.keep();
    };
    const turn = this.#writes.then(write);
    this.#writes = turn.catch(() => undefined);
    return turn;
  }

  /** Makes the spare copy; one that cannot be made now is made with the next change. */
  protected async keep(): Promise<void> {
    if (this.#spare === null) return;
    await mkdir(dirname(this.#spare), { recursive: true, mode: 0o700 }).catch(() => undefined);
    await writeJson(this.#spare, this.#value).catch(() => undefined);
  }
}

export const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
