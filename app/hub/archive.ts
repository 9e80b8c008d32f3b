import { randomBytes } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { OwnFolder } from '../base/disk.ts';
import { errnoOf } from '../base/errno.ts';
import { AfterimageError } from '../contract/index.ts';
import { ArchiveContent } from './archive-content.ts';
import { freeBytes, needRoom, refusedWrite, UNPACKED, WORK, workFolder, type FreeBytes } from './folders.ts';
import { hold } from './lock.ts';
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
  const archiveBytes = await fileSize(path);
  if (archiveBytes === null) throw new AfterimageError('not-found', `There is no file ${path}.`);
  const directory = join(models, folderName(options.name ?? basename(path).replace(ENDING, '')));
  await needName(directory);
  await workFolder(models);
  const own = new OwnFolder(models);
  const work = join(own.path, WORK, `${UNPACKED}${randomBytes(6).toString('hex')}`);
  // While it is held, nobody clears it away.
  const release = await hold(`${work}.lock`, signal);
  try {
    await own.makeFolder(work);
    const free = options.freeBytes ?? freeBytes;
    // All is looked at before anything is written.
    const { bytes } = await survey(path, archiveBytes, signal);
    await needRoom(bytes, work, free);
    await unpack(path, { archiveBytes, own, work, signal });
    const found = await modelFolder(work);
    if (found === null) throw new BadArchive(NO_MODEL);
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
    await release();
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

/** Reads an archive from end to end. @throws BadArchive, and what `take` throws */
const read = async (path: string, take: Take): Promise<void> => {
  try {
    await (/\.zip$/iu.test(path) ? readZip : readTar)(path, take);
  } catch (error) {
    if (error instanceof AfterimageError || error instanceof BadArchive) throw error;
    throw new BadArchive(`it is damaged (${error instanceof Error ? error.message : String(error)})`, { cause: error });
  }
};

/** Looks at everything in an archive without unpacking it. @throws BadArchive */
const survey = async (path: string, archiveBytes: number, signal: AbortSignal): Promise<ArchiveContent> => {
  const content = new ArchiveContent(archiveBytes);
  await read(path, (packed) => {
    signal.throwIfAborted();
    content.add(packed);
    return Promise.resolve();
  });
  if (content.isEmpty) throw new BadArchive('it is empty, or damaged');
  if (!content.hasModel) throw new BadArchive(NO_MODEL);
  return content;
};

const NO_MODEL = 'it holds no model: there is no config.json in it, or in a single folder in it';

interface Unpacking {
  readonly archiveBytes: number;
  readonly own: OwnFolder;
  /** Where it grows. */
  readonly work: string;
  readonly signal: AbortSignal;
}

const unpack = async (path: string, { archiveBytes, own, work, signal }: Unpacking): Promise<void> => {
  // Once more: somebody may have exchanged the archive meanwhile.
  const content = new ArchiveContent(archiveBytes);
  await read(path, async (packed, open) => {
    signal.throwIfAborted();
    content.add(packed);
    const target = join(work, packed.path);
    const folder = packed.kind === 'folder' ? target : dirname(target);
    if (resolve(folder) !== work) await own.makeFolder(folder);
    if (packed.kind === 'folder') return;
    try {
      // As many bytes as the archive announces: its reader sees to it that no more come.
      const file = await own.openNew(target);
      // Nothing may come between the opening of the source and its reader, who hears of its errors.
      const source = await open().catch(async (error: unknown) => {
        await file.close();
        throw error;
      });
      await pipeline(source, file.createWriteStream(), { signal });
    } catch (error) {
      throw whatFailed(error, packed.path);
    }
  });
};

const whatFailed = (error: unknown, path: string): unknown => {
  const code = errnoOf(error);
  if (code === undefined || !(error instanceof Error && 'syscall' in error)) return error;
  return code === 'EEXIST' ? new BadArchive(`“${path}” is in it twice`) : refusedWrite(path, error);
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
