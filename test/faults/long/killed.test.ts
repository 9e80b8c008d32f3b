import { mkdirSync, watch } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Client, Mark, Progress } from '../../../app/contract/index.ts';
import { connectBuilt } from '../../support/built.ts';
import { temporaryFolder } from '../../support/command-line.ts';
import { contentsOf, marksIn, type Contents } from '../../support/contents.ts';
import { engineBegins, killEngine } from '../../support/engine-process.ts';
import { writeMany } from '../../support/paintings.ts';
import { Random } from '../../support/scenes/random.ts';

const PHOTOS = 300;
const KILLS = 50;
/** So many kills fall on one library before it is left to finish. */
const PER_LIBRARY = 5;
const MARK: Mark = { favourite: true, rating: 4, hidden: false };

let folder = '';
let photos = '';
let remove: () => Promise<void>;
beforeEach(async () => {
  [folder, remove] = await temporaryFolder();
  photos = join(folder, 'photos');
  await writeMany(photos, PHOTOS);
});
afterEach(() => remove());

type Phase = 'opening' | Progress['phase'];
/** When a kill comes: after a share of the run's time, at a share of its writes to the database, in a phase, or at a write in a phase. */
type Point =
  | { readonly kind: 'time' | 'write'; readonly share: number }
  | { readonly kind: 'phase'; readonly phase: 'scanning' | 'finishing'; readonly delay: number }
  | { readonly kind: 'last writes'; readonly writes: number };

/** One run of the engine, from its start on, with all that can be seen of it from outside. */
class Run {
  readonly library: string;
  phase: Phase = 'opening';
  /** Files of the database and of the manifest that were made or changed, in order. */
  readonly writes: string[] = [];
  readonly done: Promise<unknown>;
  isOver = false;
  /** Photos that the engine has said are there. */
  told = 0;
  readonly #heard = new Set<() => void>();

  constructor(library: string) {
    this.library = library;
    this.done = this.#index();
    // A run that is killed ends with an error, which is what is wanted.
    this.done.catch(() => undefined);
  }

  /** Waits until something that is seen of the run makes the condition hold. @returns false when the run ended before */
  until(condition: () => boolean): Promise<boolean> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!this.isOver && !condition()) return;
        this.#heard.delete(look);
        resolve(!this.isOver);
      };
      this.#heard.add(look);
      look();
    });
  }

  #tell(): void {
    for (const look of this.#heard) look();
  }

  async #index(): Promise<void> {
    mkdirSync(this.library, { recursive: true });
    const watcher = watch(this.library, { recursive: true });
    watcher.on('error', () => undefined);
    watcher.on('change', (_, name) => {
      const path = String(name);
      if (!/^(?:database|library\.json)/u.test(path)) return;
      this.writes.push(path);
      this.#tell();
    });
    try {
      const { client } = await connectBuilt(this.library);
      client.on('progress', ({ phase }) => {
        this.phase = phase;
        this.#tell();
      });
      client.on('changed', (change) => (this.told = Math.max(this.told, change.photos)));
      await client.call('models.use', { id: 'starter' });
      await client.call('roots.add', { path: photos });
      await client.call('index.run', {});
    } finally {
      watcher.close();
      this.isOver = true;
      this.#tell();
    }
  }
}

/** Opens the library as it is, and leaves it again. */
const withLibrary = async <T>(library: string, work: (client: Client) => Promise<T>): Promise<T> => {
  const connection = await connectBuilt(library);
  try {
    return await work(connection.client);
  } finally {
    await connection.close();
  }
};

const filesIn = async (directory: string): Promise<string[]> =>
  (await readdir(directory, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .sort();

/** What a library is when all is done, and what lies in its folder. */
const finished = async (library: string): Promise<{ contents: Contents; thumbnails: string[] }> => {
  await withLibrary(library, async (client) => {
    await client.call('models.use', { id: 'starter' });
    await client.call('roots.add', { path: photos });
    expect(await client.call('index.run', {})).toMatchObject({ failed: 0, removed: 0, moved: 0, copied: 0 });
    expect(await client.call('index.run', {})).toMatchObject({ indexed: 0, unchanged: PHOTOS });
    const { checks } = await client.call('doctor', {});
    expect(checks.filter(({ state }) => state === 'error')).toEqual([]);
  });
  // Opened anew: what is usual in a library is measured while it grows, and not again for the last few photos.
  const contents = await withLibrary(library, contentsOf);
  return { contents, thumbnails: await filesIn(join(library, 'thumbnails')) };
};

const without = ({ photos: all, ...rest }: Contents) => ({
  ...rest,
  photos: all.map(({ mark: _mark, favourite: _favourite, ...photo }) => photo),
});

describe.runIf(process.platform !== 'win32')('an engine that is killed at 50 points of indexing', () => {
  it('leaves a library that becomes the same as one never interrupted', async () => {
    const random = new Random(4);
    const points: Point[] = random.shuffled([
      ...Array.from({ length: 20 }, () => ({ kind: 'time' as const, share: random.next() })),
      ...Array.from({ length: 18 }, () => ({ kind: 'write' as const, share: random.next() })),
      ...Array.from({ length: 4 }, () => ({
        kind: 'phase' as const,
        phase: 'scanning' as const,
        delay: random.between(0, 15),
      })),
      ...Array.from({ length: 5 }, () => ({
        kind: 'phase' as const,
        phase: 'finishing' as const,
        delay: random.between(0, 60),
      })),
      ...[1, 2, 3].map((writes) => ({ kind: 'last writes' as const, writes })),
    ]);
    expect(points).toHaveLength(KILLS);

    const whole = join(folder, 'uninterrupted');
    // How long a run takes and how much it writes, when nothing is there yet.
    const length = await lengthOf(new Run(whole));
    await killEngine(whole);
    const wanted = await finished(whole);
    expect(wanted.contents.photos).toHaveLength(PHOTOS);
    expect(wanted.thumbnails).toHaveLength(PHOTOS);

    const hits: string[] = [];
    /** Runs that ended before the point that is due: it comes earlier each time. */
    let misses = 0;
    for (let turn = 0; hits.length < KILLS; turn++) {
      const library = join(folder, `library ${String(turn)}`);
      const marked = new Map<string, Mark>();
      const before = hits.length;
      let known = 0;
      for (let kill = 0; kill < PER_LIBRARY; kill++) {
        const point = points[hits.length];
        if (point === undefined) break;
        const run = new Run(library);
        const running = lengthOf(run);
        await Promise.race([engineBegins(library), running]);
        const scale = Math.max(0.2, 1 - known / PHOTOS) * 0.7 ** misses;
        if (!(await reached(run, point, length, scale))) {
          misses += 1;
          await killEngine(library);
          break;
        }
        misses = 0;
        const last = run.writes.at(-1)?.split('/').slice(1, 3).join('/') ?? '';
        hits.push(`${'writes' in point || point.kind === 'write' ? 'writing ' : ''}${run.phase} ${last}`);
        await killEngine(library);
        await running;

        // Nothing that was told is lost, and what a person says of it is kept from then on.
        known = await withLibrary(library, async (client) => {
          const page = await client.call('photos.page', { limit: PHOTOS });
          expect(page.total).toBeGreaterThanOrEqual(Math.max(run.told, known));
          const ids = page.photos.map(({ id }) => id).slice(0, 3 * (kill + 1));
          if (ids.length > 0) await client.call('photos.mark', { ids, ...MARK });
          for (const id of ids) marked.set(id, MARK);
          return page.total;
        });
      }
      if (hits.length > before) {
        const { contents, thumbnails } = await finished(library);
        expect(without(contents)).toEqual(without(wanted.contents));
        expect(marksIn(contents)).toEqual(marked);
        expect(thumbnails).toEqual(wanted.thumbnails);
      }
      await rm(library, { recursive: true });
    }
    const phases = new Set(hits.map((hit) => hit.split(' ', hit.startsWith('writing') ? 2 : 1).join(' ')));
    console.info(`Killed at: ${hits.join(', ')}`);
    for (const phase of ['opening', 'scanning', 'indexing', 'writing indexing', 'finishing', 'writing finishing'])
      expect(phases).toContain(phase);
  });
});

interface Length {
  readonly milliseconds: number;
  readonly writes: number;
}

/** Waits for the end of a run, whatever it is. */
const lengthOf = async (run: Run): Promise<Length> => {
  const begun = performance.now();
  await run.done.catch(() => undefined);
  return { milliseconds: performance.now() - begun, writes: run.writes.length };
};

/**
 * Waits until a run comes to a point.
 *
 * @param length of a run from nothing
 * @param scale of times and writes in this one
 * @returns false when it ended before
 */
const reached = async (run: Run, point: Point, length: Length, scale: number): Promise<boolean> => {
  switch (point.kind) {
    case 'time':
      await Promise.race([pause(point.share * scale * length.milliseconds), lengthOf(run)]);
      return !run.isOver;
    case 'write':
      return run.until(() => run.writes.length > point.share * scale * length.writes);
    case 'last writes': {
      if (!(await run.until(() => run.phase === 'finishing'))) return false;
      const before = run.writes.length;
      return run.until(() => run.writes.length >= before + point.writes);
    }
    case 'phase': {
      if (!(await run.until(() => run.phase === point.phase))) return false;
      await pause(point.delay * scale);
      return !run.isOver;
    }
  }
};
