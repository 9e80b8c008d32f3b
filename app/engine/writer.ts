import type { Frame } from '../embed/image-workers.ts';
import type { FileRow, PhotoRow, VectorRow } from '../store/rows.ts';
import type { Commit } from '../store/store.ts';

/** Outcomes per write: each write makes a version of every table it touches. */
const BATCH = 500;
/** While photos come in, none waits longer than this to be seen. Searches are slower for a moment after each write. */
const BATCH_MS = 3000;

/** Gathers what indexing finds out and writes it in batches, one write at a time. */
export class Writer {
  readonly #commit: (commit: Commit) => Promise<void>;
  // By photo: copies of one file may be embedded side by side.
  #vectors = new Map<string, VectorRow[]>();
  #photos = new Map<string, PhotoRow>();
  #files: FileRow[] = [];
  #writtenAt = performance.now();
  #writing: Promise<void> = Promise.resolve();

  constructor(commit: (commit: Commit) => Promise<void>) {
    this.#commit = commit;
  }

  file(row: FileRow): void {
    this.#files.push(row);
  }

  photo(row: PhotoRow): void {
    this.#photos.set(row.photoId, row);
  }

  photoInHand(photoId: string): PhotoRow | null {
    return this.#photos.get(photoId) ?? null;
  }

  vectors(photoId: string, frames: readonly Frame[]): void {
    this.#vectors.set(
      photoId,
      frames.map(({ at, vector }, part) => ({ photoId, part, at, vector })),
    );
  }

  async writeIfDue(): Promise<void> {
    if (this.#files.length >= BATCH || performance.now() - this.#writtenAt > BATCH_MS) await this.#write();
  }

  /** Writes what is left. @throws what a write failed with */
  async end(): Promise<void> {
    await this.#write();
    await this.#writing;
  }

  async #write(): Promise<void> {
    if (this.#files.length === 0) return;
    const commit: Commit = {
      vectors: [...this.#vectors.values()].flat(),
      photos: [...this.#photos.values()],
      files: this.#files,
    };
    this.#vectors = new Map();
    this.#photos = new Map();
    this.#files = [];
    this.#writtenAt = performance.now();
    // One write is in flight while the next batch is embedded; its failure surfaces at the following write.
    await this.#writing;
    this.#writing = this.#commit(commit);
    this.#writing.catch(() => undefined);
  }
}
