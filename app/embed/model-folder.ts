import { access, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, isAbsolute } from 'node:path';
import { z } from 'zod';
import { FileRefused } from '../base/file-refused.ts';
import { readTextBounded } from '../base/read.ts';
import { AfterimageError } from '../contract/index.ts';

/** Settings take some kilobytes; tokenizers list their added tokens in theirs. */
export const MAX_SETTINGS_BYTES = 8e6;
/** A graph with the weights beside it: several times the largest that the catalogue offers. */
const MAX_GRAPH_BYTES = 16e9;
/** Files that the weights of one graph may lie in. */
const MAX_PARTS = 64;

/** What lies in a model's folder, read with bounds. No file may lead out of the folder by a link. */
export class ModelFolder {
  readonly path: string;
  /** Real paths in which its files may lie. */
  readonly #homes: readonly string[];

  private constructor(path: string, homes: readonly string[]) {
    this.path = path;
    this.#homes = homes;
  }

  /** @throws AfterimageError `model-invalid` where there is no folder */
  static async open(path: string): Promise<ModelFolder> {
    const real = await realpath(path).catch((error: unknown) => {
      throw new AfterimageError('model-invalid', `There is no folder ${path}.`, { cause: error });
    });
    // The cache of Hugging Face keeps the files of all revisions in one folder beside them, and links to them.
    const repository = dirname(dirname(real));
    const isSnapshot = basename(dirname(real)) === 'snapshots';
    return new ModelFolder(path, isSnapshot ? [real, join(repository, 'blobs')] : [real]);
  }

  /** Whether something is there under a name; what it is shows when it is read. */
  has(file: string): Promise<boolean> {
    return access(join(this.path, file)).then(
      () => true,
      () => false,
    );
  }

  /** The first of several files that is there, or else the first, as a path. */
  async preferred(files: readonly [string, ...string[]]): Promise<string> {
    for (const file of files) if (await this.has(file)) return join(this.path, file);
    return join(this.path, files[0]);
  }

  /**
   * Reads and checks a file of settings.
   *
   * @param path absolute, or relative to the folder
   * @throws AfterimageError `model-invalid`, naming the file and what is wrong
   */
  async settings<S extends z.ZodType>(path: string, schema: S): Promise<z.output<S>> {
    const file = isAbsolute(path) ? path : join(this.path, path);
    await this.needInside(file);
    return readModelJson(file, schema, MAX_SETTINGS_BYTES);
  }

  /**
   * Files that a graph consists of: itself, and the weights beyond 2 GB, which lie beside it as `_data`, `_data_1`, …
   *
   * @throws AfterimageError `model-invalid` for what is no file, lies elsewhere, or is too large
   */
  async graphFiles(graph: string): Promise<readonly string[]> {
    const files = [graph];
    for (let part = `${graph}_data`; await exists(part); part = `${graph}_data_${String(files.length - 1)}`) {
      files.push(part);
      if (files.length > MAX_PARTS) throw invalid(`${graph} consists of more than ${String(MAX_PARTS)} files.`);
    }
    let bytes = 0;
    for (const file of files) {
      await this.needInside(file);
      const found = await stat(file);
      if (!found.isFile()) throw invalid(`${file} is not a regular file.`);
      bytes += found.size;
    }
    if (bytes > MAX_GRAPH_BYTES)
      throw invalid(
        `${graph} has ${(bytes / 1e9).toFixed(1)} GB with the weights beside it; the limit is ${String(MAX_GRAPH_BYTES / 1e9)} GB.`,
      );
    return files;
  }

  /** @throws AfterimageError `model-invalid` */
  async needInside(file: string): Promise<void> {
    const real = await realpath(file).catch((error: unknown) => {
      throw invalid(`${file} cannot be read.`, error);
    });
    const isInside = (home: string): boolean =>
      !/^\.\.(?:[\\/]|$)/u.test(relative(home, real)) && !isAbsolute(relative(home, real));
    if (!this.#homes.some(isInside))
      throw invalid(`${file} is a link to ${real}, outside of the model's folder. Put the file itself there.`);
  }
}

/**
 * Reads a JSON file of a model.
 *
 * @throws AfterimageError `model-invalid`, naming the file and what is wrong
 */
export const readModelJson = async <S extends z.ZodType>(
  file: string,
  schema: S,
  maxBytes: number,
): Promise<z.output<S>> => {
  let json: unknown;
  try {
    json = JSON.parse(await readTextBounded(file, { maxBytes }));
  } catch (error) {
    const problem =
      error instanceof SyntaxError
        ? `${file} is not valid JSON.`
        : error instanceof FileRefused
          ? error.message
          : `${file} cannot be read (${String(error)}).`;
    throw invalid(`${problem} Get the model's files again.`, error);
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const problems = z.prettifyError(parsed.error).slice(0, 2000);
  throw invalid(`${file} describes something this program cannot run:\n${problems}`);
};

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

const invalid = (message: string, cause?: unknown): AfterimageError =>
  new AfterimageError('model-invalid', message, { cause });
