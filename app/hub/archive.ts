import { randomBytes } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { OwnFolder } from '../base/disk.ts';
import { AfterimageError } from '../contract/index.ts';
import { freeBytes, needRoom, refusedWrite, workFolder, type FreeBytes } from './folders.ts';
import { BadArchive, type Take } from './packed.ts';
import { fileSize, hashOf, readPins } from './pins.ts';
import { readTar } from './tar.ts';
import { readZip } from './zip.ts';

export interface UnpackOptions {
  /** The folder of all models; made when missing. */
  readonly models: string;
  /** Name of the model's folder; else it is named as the archive is. */
  readonly name?: string;
  /** Refuses what is no model by throwing; nothing is left of it then. */
  readonly check?: (directory: string) => Promise<void>;
  readonly signal?: AbortSignal;
  readonly freeBytes?: FreeBytes;
}

const ENDING = /\.(zip|tar|tar\.gz|tgz)$/iu;
/** The layouts have a dozen files; some exports keep each tensor in one of its own. */
const MOST_FILES = 10_000;

export const isArchive = (path: string): boolean => ENDING.test(path);

/**
 * Unpacks a model from a .zip, .tar, .tar.gz or .tgz without any network, to `<models>/<name>`. It grows aside and is moved
 * in one step; the model may lie in a folder within the archive.
 *
 * @returns the model's folder
 * @throws AfterimageError `not-found`, `model-invalid` for an archive that is damaged, encrypted, unsafe or holds no model,
 * `invalid-request` when there is a model of that name, `disk-full`, `cancelled`, and what `check` throws
 */
export const unpackModel = async (path: string, options: UnpackOptions): Promise<string> => {
  const { models, signal = new AbortController().signal } = options;
  if ((await fileSize(path)) === null) throw new AfterimageError('not-found', `There is no file ${path}.`);
  const own = new OwnFolder(models);
  const directory = join(models, folderName(options.name ?? basename(path).replace(ENDING, '')));
  await needName(directory);
  const work = join(await workFolder(models), `unpacked-${randomBytes(6).toString('hex')}`);
  try {
    await own.makeFolder(work);
    await unpack(path, new OwnFolder(work), signal, options.freeBytes ?? freeBytes);
    const found = await modelFolder(work);
    if (found === null)
      throw new BadArchive('it holds no model: there is no config.json in it, or in a single folder in it');
    await checkPins(found);
    await options.check?.(found);
    await needName(directory);
    await own.move(found, directory);
    return directory;
  } catch (error) {
    if (signal.aborted) throw new AfterimageError('cancelled', 'Unpacking was stopped.', { cause: error });
    if (!(error instanceof BadArchive)) throw error;
    throw new AfterimageError('model-invalid', `${path} cannot be used: ${error.message}.`, { cause: error });
  } finally {
    await own.remove(work);
  }
};

/** A name that every file system takes and that hides nothing. */
const folderName = (name: string): string => {
  const plain = name.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-').replaceAll(/^[.-]+|[.-]+$/gu, '');
  return plain === '' ? 'model' : plain;
};

const needName = async (directory: string): Promise<void> => {
  if ((await stat(directory).catch(() => null)) === null) return;
  throw new AfterimageError(
    'invalid-request',
    `There is a model called ${basename(directory)} already. Remove it first, or rename the archive.`,
  );
};

const unpack = async (path: string, own: OwnFolder, signal: AbortSignal, free: FreeBytes): Promise<void> => {
  let count = 0;
  const take: Take = async ({ path: inner, kind, bytes }, open) => {
    signal.throwIfAborted();
    if (kind === 'other') throw new BadArchive(`“${inner}” in it is a link or a device, and a model needs none`);
    if (!isInside(inner)) throw new BadArchive(`“${inner}” in it leads out of the folder it is unpacked to`);
    if (++count > MOST_FILES) throw new BadArchive(`it holds more than ${MOST_FILES} files`);
    const target = join(own.path, inner);
    const parent = kind === 'folder' ? target : dirname(target);
    if (parent !== own.path) await own.makeFolder(parent);
    if (kind === 'folder') return;
    // As the archive describes it: its reader sees to it that no more comes.
    await needRoom(bytes, own.path, free);
    try {
      const file = await own.openNew(target);
      // Nothing may come between the opening of the source and its reader, who hears of its errors.
      const source = await open().catch(async (error: unknown) => {
        await file.close();
        throw error;
      });
      await pipeline(source, file.createWriteStream(), { signal });
    } catch (error) {
      throw whatFailed(error, inner);
    }
  };
  try {
    await (/\.zip$/iu.test(path) ? readZip : readTar)(path, take);
  } catch (error) {
    if (error instanceof AfterimageError || error instanceof BadArchive) throw error;
    throw new BadArchive(`it is damaged (${error instanceof Error ? error.message : String(error)})`, { cause: error });
  }
  if (count === 0) throw new BadArchive('it is empty, or damaged');
};

/** Relative, without steps upwards, and without what is no plain name on some system. */
const isInside = (path: string): boolean =>
  !/^\/|[\\:\0]/u.test(path) &&
  !path.split('/').some((step) => step === '..' || /[. ]$/u.test(step.replace(/^\.$/u, '')));

const whatFailed = (error: unknown, path: string): unknown => {
  if (!(error instanceof Error && 'syscall' in error && 'code' in error)) return error;
  return error.code === 'EEXIST' ? new BadArchive(`“${path}” is in it twice`) : refusedWrite(path, error);
};

/** The folder that is the model: where everything was unpacked to, or the only folder there. */
const modelFolder = async (folder: string): Promise<string | null> => {
  if ((await fileSize(join(folder, 'config.json'))) !== null) return folder;
  const things = await readdir(folder, { withFileTypes: true });
  // Archives made on a Mac carry a shadow of their content.
  const [only, ...others] = things.filter((thing) => thing.isDirectory() && !/^(\.|__MACOSX$)/u.test(thing.name));
  if (only === undefined || others.length > 0) return null;
  const inner = join(folder, only.name);
  return (await fileSize(join(inner, 'config.json'))) === null ? null : inner;
};

/** A model that was downloaded and then packed says what its files were. */
const checkPins = async (folder: string): Promise<void> => {
  for (const { path, bytes, sha256 } of (await readPins(folder))?.files ?? []) {
    const file = join(folder, path);
    if ((await fileSize(file)) !== bytes || (await hashOf(file)) !== sha256)
      throw new BadArchive(`${path} in it is missing, or not the file that was downloaded`);
  }
};
