import { dirname } from 'node:path';
import { OwnFolder } from '../base/disk.ts';
import { AfterimageError } from '../contract/index.ts';
import { endpoint } from './address.ts';
import { downloadBytes, type CatalogueEntry } from './catalogue.ts';
import { fetchFile, type Limits } from './fetch-file.ts';
import { freeBytes, needRoom, workFolder, type FreeBytes } from './folders.ts';
import { Hub } from './hub.ts';
import { bytesThere, installation, isAbsent, stagingOf, sum } from './installation.ts';
import { hold } from './lock.ts';
import { Meter, type DownloadProgress } from './meter.ts';
import { readPins, writePins, type Pin, type Pins } from './pins.ts';

const LIMITS: Limits = { connections: 3, attempts: 6, backoff: 500, patience: 60_000, stall: 20_000 };

export interface DownloadOptions {
  /** The folder of all models; made when missing. */
  readonly models: string;
  /** Aborting stops the download; what was fetched stays for the next one. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: DownloadProgress) => void;
  /** Address of the hub; else `HF_ENDPOINT` says it. */
  readonly endpoint?: string;
  readonly limits?: Partial<Limits>;
  readonly freeBytes?: FreeBytes;
}

/**
 * Fetches a model of the catalogue, or goes on with it; a whole one is left alone, of a damaged one what is missing is
 * fetched. Files grow in a folder of their own, which is moved to `<models>/<id>` in one step when all are verified.
 *
 * @returns the model's folder
 * @throws AfterimageError `download-failed`, `offline`, `disk-full`, `invalid-request` (HF_ENDPOINT, proxy), `cancelled`
 */
export const downloadModel = async (entry: CatalogueEntry, options: DownloadOptions): Promise<string> => {
  const { models, onProgress, signal = new AbortController().signal } = options;
  const limits = { ...LIMITS, ...options.limits };
  const hub = new Hub(endpoint(options.endpoint), limits.stall);
  const staging = stagingOf(entry, models);
  const own = new OwnFolder(models);
  const meter = new Meter(downloadBytes(entry), entry.files.length, (progress) => onProgress?.(progress));
  try {
    const found = await installation(entry, models);
    if (found.state === 'installed') return found.directory;
    await workFolder(models);
    const release = await hold(`${staging}.lock`, signal, async () => {
      for (const { path } of entry.files) meter.at(path, await bytesThere(staging, path), 'waiting');
    });
    try {
      // Somebody else may have been faster.
      const { state, directory } = await installation(entry, models);
      if (state === 'installed') return directory;
      const pins = await takeBack(directory, staging, own);
      await fetchAll(withPins(entry, pins), {
        hub,
        staging,
        limits,
        signal,
        meter,
        free: options.freeBytes ?? freeBytes,
      });
      await own.move(staging, directory);
      return directory;
    } finally {
      await release();
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new AfterimageError(
      'cancelled',
      `The download of ${entry.name} was stopped. What was fetched stays, and is continued the next time.`,
      { cause: error },
    );
  } finally {
    await hub.close();
  }
};

/** What is left of a damaged model is as good as what a former run has fetched. @returns what its files were */
const takeBack = async (directory: string, staging: string, own: OwnFolder): Promise<Pins | null> => {
  if (!(await isAbsent(directory))) {
    await own.remove(staging);
    await own.move(directory, staging);
  }
  return readPins(staging);
};

const withPins = (entry: CatalogueEntry, pins: Pins | null): CatalogueEntry => ({
  ...entry,
  files: entry.files.map((file) => {
    const pin = pins?.files.find(({ path }) => path === file.path);
    return pin === undefined ? file : { ...file, bytes: file.bytes ?? pin.bytes, sha256: file.sha256 ?? pin.sha256 };
  }),
});

interface Run {
  readonly hub: Hub;
  readonly staging: string;
  readonly limits: Limits;
  readonly signal: AbortSignal;
  readonly meter: Meter;
  readonly free: FreeBytes;
}

/** Fetches all files, several at a time; the first failure stops the others. */
const fetchAll = async (entry: CatalogueEntry, run: Run): Promise<void> => {
  const { hub, staging, limits, signal, meter } = run;
  const missing = entry.files.map(async ({ path, bytes }) =>
    Math.max(0, (bytes ?? 0) - (await bytesThere(staging, path))),
  );
  await needRoom(sum(await Promise.all(missing)), dirname(staging), run.free);
  // The largest first: nothing is left to wait for alone at the end.
  const queue = [...entry.files].sort((a, b) => (b.bytes ?? 0) - (a.bytes ?? 0));
  const failure = new AbortController();
  const either = AbortSignal.any([signal, failure.signal]);
  const pins: Pin[] = [];
  const work = async (): Promise<void> => {
    for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
      const { path } = file;
      either.throwIfAborted();
      const onBytes = (bytes: number): void => meter.at(path, bytes);
      pins.push(
        await fetchFile(file, hub.address(entry.repository, entry.revision, path), {
          hub,
          folder: staging,
          limits,
          signal: either,
          onBytes,
        }),
      );
      meter.fileDone();
    }
  };
  const workers = Array.from({ length: limits.connections }, () =>
    work().catch((error: unknown) => {
      failure.abort(error);
      throw error;
    }),
  );
  const [failed] = (await Promise.allSettled(workers)).filter((result) => result.status === 'rejected');
  if (failed !== undefined) throw failure.signal.reason;
  await writePins(staging, entry, pins);
};
