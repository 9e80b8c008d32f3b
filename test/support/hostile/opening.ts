import { cp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { programs, temporaryFolder } from '../command-line.ts';
import { timedRun, type TimedRun } from '../cpu-time.ts';
import { describeTree, makeMockHome, type MockHome } from './mock-home.ts';
import type { PreparedLibrary } from './prepared-libraries.ts';

/** Owners, pipes and devices can be set by root only, and not everywhere. */
export const canPrepare = process.platform === 'linux' && process.getuid?.() === 0;

/** A machine that does nothing else opens or refuses a library within 5 s; on a busy one, only CPU time says anything. */
export const CPU_LIMIT_S = 5;
/** Five commands of this have to fit into the time that a test may take. */
const PATIENCE_MS = 30_000;

/** What people do with a library, in the order in which they do it; the first without having said that they trust it. */
const commandsFor = ({ photos }: MockHome): readonly (readonly string[])[] => [
  ['status'],
  ['status', '--trust'],
  ['index', photos],
  ['doctor', '--repair'],
  ['library', 'delete', '--yes'],
];

export interface Attempt extends TimedRun {
  /** The command line, as a person would write it. */
  readonly command: string;
  /** What is in the home and was not, and the other way round. */
  readonly changed: readonly string[];
}

/** A person's home, and a sound library of another one's that can be prepared and opened in it again and again. */
export class OpeningRoom {
  readonly #home: MockHome;
  readonly #pattern: string;
  readonly remove: () => Promise<void>;

  private constructor(home: MockHome, pattern: string, remove: () => Promise<void>) {
    this.#home = home;
    this.#pattern = pattern;
    this.remove = remove;
  }

  static async make(): Promise<OpeningRoom> {
    const [folder, remove] = await temporaryFolder();
    const home = await makeMockHome(folder);
    const room = new OpeningRoom(home, join(folder, 'pattern'), remove);
    const made = await room.#run(['index', home.photos]);
    if (made.code !== 0) throw new Error(`The library was not made: ${made.stderr}`);
    // Something of the person, which keeps the library's folder from being deleted.
    await writeFile(join(home.library, 'notes.txt'), 'notes');
    await cp(home.library, room.#pattern, { recursive: true, preserveTimestamps: true });
    return room;
  }

  /** Opens a prepared library, of which the program knows nothing yet, with one command after the other. */
  async open({ prepare }: PreparedLibrary): Promise<readonly Attempt[]> {
    const { path, library, forget } = this.#home;
    await forget();
    await rm(library, { recursive: true });
    await cp(this.#pattern, library, { recursive: true, preserveTimestamps: true });
    await prepare(this.#home);
    const before = new Set(await describeTree(path, library));
    const attempts: Attempt[] = [];
    for (const args of commandsFor(this.#home)) {
      const run = await this.#run(args);
      const after = new Set(await describeTree(path, library));
      attempts.push({ ...run, command: args.join(' '), changed: differences(before, after) });
    }
    return attempts;
  }

  #run(args: readonly string[]): Promise<TimedRun> {
    const { env, library } = this.#home;
    return timedRun([process.execPath, join(programs, 'cli.js'), ...args, '--library', library], {
      env,
      limitMs: PATIENCE_MS,
    });
  }
}

const differences = (before: ReadonlySet<string>, after: ReadonlySet<string>): string[] => [
  ...[...before].filter((line) => !after.has(line)).map((line) => `was ${line}`),
  ...[...after].filter((line) => !before.has(line)).map((line) => `is ${line}`),
];
