import { Parser, type ReadEntry } from 'tar';
import { openRegular } from '../base/read.ts';
import { BadArchive, type Packed, type Take } from './packed.ts';

const KINDS: Readonly<Record<string, Packed['kind']>> = {
  File: 'file',
  OldFile: 'file',
  ContiguousFile: 'file',
  Directory: 'folder',
  GNUDumpDir: 'folder',
};

/**
 * Reads a .tar, compressed or not, from front to end.
 *
 * @throws BadArchive, what the library makes of damage, and what `take` throws
 */
export const readTar = async (path: string, take: Take): Promise<void> => {
  const source = (await openRegular(path)).createReadStream({ highWaterMark: 2 ** 20 });
  const parser = new Parser({ strict: true });
  const alarm = new Alarm();
  let turn = Promise.resolve();
  let isWhole = false;
  const parsed = new Promise<void>((resolve, reject) => {
    const fail = (error: Error): void => {
      alarm.raise(error);
      reject(error);
    };
    parser.on('entry', (entry: ReadEntry) => {
      turn = turn.then(async () => {
        const { path: inner, type, size: bytes } = entry;
        await take({ path: inner, kind: KINDS[type] ?? 'other', bytes }, () => Promise.resolve(bytesOf(entry, alarm)));
        // The parser waits for each entry to be read to its end.
        entry.resume();
      });
      turn.catch(fail);
    });
    parser.on('eof', () => (isWhole = true));
    parser.on('end', () => {
      if (isWhole) resolve();
      else fail(new BadArchive('it is damaged (it ends too early)'));
    });
    parser.on('error', fail);
    source.on('error', fail);
    source.on('data', (chunk) => {
      if (!parser.write(chunk)) source.pause();
    });
    parser.on('drain', () => source.resume());
    source.on('end', () => parser.end());
  });
  try {
    await parsed;
  } finally {
    source.destroy();
    await turn.catch(() => undefined);
  }
  await turn;
};

/** A failure that nobody in particular waits for: whoever waits when it happens, or later, is told. */
class Alarm {
  #error: Error | null = null;
  #tell: (error: Error) => void = () => undefined;

  raise(error: Error): void {
    this.#error ??= error;
    this.#tell(this.#error);
  }

  /** What is waited for, unless the alarm is raised before. */
  over<T>(wait: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#tell = reject;
      if (this.#error !== null) reject(this.#error);
      wait.then(resolve, reject);
    });
  }
}

/** The bytes of a file. The parser, when it gives up, does not tell those who wait for more. */
const bytesOf = async function* (entry: ReadEntry, alarm: Alarm): AsyncGenerator<Buffer> {
  const chunks = entry[Symbol.asyncIterator]();
  for (;;) {
    const result = await alarm.over(chunks.next());
    if (result.done === true) return;
    yield result.value;
  }
};
