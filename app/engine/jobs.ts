import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import type { ImageJob } from '../embed/image-workers.ts';
import { mapUnordered } from '../base/map-unordered.ts';
import type { PendingFile } from '../library/scan.ts';
import { sidecarNames } from '../library/walk.ts';
import { isSettled, waitUntilSettled, type FileStamp } from '../library/watching/settling.ts';
import type { PauseGate } from '../base/pause-gate.ts';

/** Files that are watched for their end at once. */
const WATCHED_AT_ONCE = 256;

interface Jobs {
  /** By key. What is still being written is replaced by what it is at its end. */
  readonly pending: Map<string, PendingFile>;
  readonly pathOf: (file: PendingFile) => string;
  readonly gate: PauseGate;
  readonly signal: AbortSignal;
  /** A file that does not end, or is gone: a later look tells. */
  readonly onPostponed: (file: PendingFile, why: 'growing' | 'gone') => void;
}

/** What workers are to do: what is complete first, then what is still being written, as it is completed. */
export const jobsOf = async function* ({ pending, pathOf, gate, signal, onPostponed }: Jobs): AsyncGenerator<ImageJob> {
  const job = (file: PendingFile): ImageJob => {
    const path = pathOf(file);
    const sidecars = sidecarNames(file.sidecars).map((name) => join(dirname(path), name));
    return { key: file.fileId, path, sidecars, describe: file.isDescriptionOnly };
  };
  const fresh: PendingFile[] = [];
  for (const file of pending.values()) {
    await gate.passed();
    if (signal.aborted) return;
    if (isSettled(file)) yield job(file);
    else fresh.push(file);
  }
  const settle = async (file: PendingFile): Promise<readonly [PendingFile, FileStamp | 'growing' | 'gone']> => [
    file,
    await waitUntilSettled(pathOf(file), file, signal).catch(() => 'gone' as const),
  ];
  for await (const [file, stamp] of mapUnordered(Readable.from(fresh), WATCHED_AT_ONCE, signal, settle)) {
    await gate.passed();
    if (typeof stamp === 'string') {
      onPostponed(file, stamp);
      continue;
    }
    const settled = { ...file, ...stamp };
    pending.set(settled.fileId, settled);
    yield job(settled);
  }
};
