import type { Catalogue } from '../library/catalogue.ts';
import { goneRow } from '../library/recognise.ts';
import type { FileRow, VectorRow } from '../store/rows.ts';
import type { Commit, Store } from '../store/store.ts';
import type { ActiveModel } from './active-model.ts';

interface LedgerOptions {
  readonly store: Store;
  readonly catalogue: Catalogue;
  /** The model that photos are embedded with, if any: vectors are its own. */
  readonly model: () => ActiveModel | null;
  /** Called after anything was written. */
  readonly changed: () => void;
}

/** Writes what is found out to the store, then to memory. */
export class Ledger {
  readonly #options: LedgerOptions;
  /** A commit that failed may have written part of its rows: from then on every row is merged, none merely appended. */
  #hasFailed = false;
  /** Commits whose rows are not in memory yet. */
  #underWay = 0;

  constructor(options: LedgerOptions) {
    this.#options = options;
  }

  async commit(commit: Commit): Promise<void> {
    const { store, catalogue, model, changed } = this.#options;
    const active = model();
    const isCertain = !this.#hasFailed && this.#underWay === 0;
    const edited = commit.photos.filter(({ photoId, pixelHash, contentHash }) => {
      const before = catalogue.photos.get(photoId);
      // The same bytes are no edit, even if this program decodes them differently than the one before.
      return before !== undefined && before.pixelHash !== pixelHash && before.contentHash !== contentHash;
    });
    this.#underWay += 1;
    try {
      if (edited.length > 0) await this.#forgetLooks(new Set(edited.map(({ photoId }) => photoId)));
      await store.commit(commit, {
        vector: (id) => !isCertain || (active?.hasSeen(id) ?? true),
        photo: (id) => !isCertain || catalogue.photos.has(id),
        file: (id) => !isCertain || catalogue.files.has(id) || catalogue.gone.has(id),
      });
    } catch (error) {
      this.#hasFailed = true;
      throw error;
    } finally {
      this.#underWay -= 1;
    }
    const parts = new Map<string, VectorRow[]>();
    for (const row of commit.vectors) parts.set(row.photoId, [...(parts.get(row.photoId) ?? []), row]);
    for (const [photoId, rows] of parts) active?.put(photoId, rows);
    for (const { photoId } of edited) active?.bank?.forget(photoId);
    for (const photo of commit.photos) {
      const { takenAt, rating } = photo.metadata;
      catalogue.putPhoto({ ...photo, takenAt: takenAt ?? 0, rating });
    }
    for (const file of commit.files) catalogue.putFile(file);
    // New photos are compared with the vocabulary before anybody asks: the next query need not wait for it.
    if (parts.size > 0) await active?.bank?.facts(active.resident.size);
    changed();
  }

  /** Forgets rows of files by their keys. */
  async removeFiles(fileIds: readonly string[]): Promise<void> {
    if (fileIds.length === 0) return;
    const { store, catalogue, changed } = this.#options;
    await store.removeFiles(fileIds);
    for (const fileId of fileIds) catalogue.removeFile(fileId);
    changed();
  }

  /** Files are gone from their places, and may come back. */
  async bury(files: readonly FileRow[]): Promise<void> {
    const gone = files.flatMap((file) => goneRow(file, Date.now()) ?? []);
    if (gone.length > 0) await this.commit({ vectors: [], photos: [], files: gone });
    await this.removeFiles(files.map(({ fileId }) => fileId));
  }

  /** Photos look different now: neither what models saw in them nor paths that showed them as they were hold any longer. */
  async #forgetLooks(photoIds: ReadonlySet<string>): Promise<void> {
    const { store, catalogue } = this.#options;
    await store.forgetSeen([...photoIds]);
    const former: FileRow[] = [...catalogue.gone.values()].filter((file) => photoIds.has(file.photoId ?? ''));
    await this.removeFiles(former.map(({ fileId }) => fileId));
  }
}
