import type { FileRow, PhotoSummary } from '../store/rows.ts';
import { photoIdOf } from './ids.ts';

/** A file with the reason why it is no photo of the library. */
export type FailedFile = FileRow & { readonly failure: NonNullable<FileRow['failure']> };

/** Everything the library knows of paths and photos, in memory, in step with the store. */
export class Catalogue {
  readonly files = new Map<string, FileRow>();
  readonly photos = new Map<string, PhotoSummary>();
  readonly #byContent = new Map<string, string>();
  readonly #filesOfPhoto = new Map<string, Set<string>>();
  readonly #claims = new Map<string, string>();
  #newestFirst: readonly string[] | null = null;

  putPhoto(photo: PhotoSummary): void {
    const before = this.photos.get(photo.photoId);
    if (before !== undefined && this.#byContent.get(before.contentHash) === photo.photoId)
      this.#byContent.delete(before.contentHash);
    this.photos.set(photo.photoId, photo);
    this.#byContent.set(photo.contentHash, photo.photoId);
    this.#newestFirst = null;
  }

  putFile(file: FileRow): void {
    this.#unlink(file.fileId);
    this.files.set(file.fileId, file);
    if (file.photoId !== null) {
      const siblings = this.#filesOfPhoto.get(file.photoId) ?? new Set();
      this.#filesOfPhoto.set(file.photoId, siblings.add(file.fileId));
    }
    this.#newestFirst = null;
  }

  removeFile(fileId: string): void {
    this.#unlink(fileId);
    this.files.delete(fileId);
    this.#newestFirst = null;
  }

  /** @returns the files that show the photo; none when it is gone from every folder */
  filesOf(photoId: string): readonly FileRow[] {
    return [...(this.#filesOfPhoto.get(photoId) ?? [])].flatMap((fileId) => this.files.get(fileId) ?? []);
  }

  /** How many files show the photo. */
  fileCount(photoId: string): number {
    return this.#filesOfPhoto.get(photoId)?.size ?? 0;
  }

  /** Photos that some file shows. */
  get shownCount(): number {
    return this.#filesOfPhoto.size;
  }

  /** @returns files that could not be indexed, with the reason */
  failures(): readonly FailedFile[] {
    return [...this.files.values()].filter((file): file is FailedFile => file.failure !== null);
  }

  isShown(photoId: string): boolean {
    return this.#filesOfPhoto.has(photoId);
  }

  /** Forgets what a run has promised; what came of it is in the catalogue by then. */
  startRun(): void {
    this.#claims.clear();
  }

  /**
   * Which photo bytes belong to: one that has them already, else the photo the path showed before (it was edited), else a
   * new one. Within a run an id is promised to one content only, so that an edited photo and the kept original part ways
   * before either is written.
   */
  identify(fileId: string, contentHash: string): string {
    const isFree = (id: string): boolean => (this.#claims.get(id) ?? contentHash) === contentHash;
    const known = this.#byContent.get(contentHash);
    const before = this.files.get(fileId)?.photoId ?? null;
    const isOnlyFile = before !== null && this.#filesOfPhoto.get(before)?.size === 1;
    let id: string;
    if (known !== undefined && isFree(known)) id = known;
    else if (isOnlyFile && isFree(before)) id = before;
    else id = photoIdOf(contentHash, (candidate) => this.photos.has(candidate) || !isFree(candidate));
    this.#claims.set(id, contentHash);
    return id;
  }

  /** Ids of the photos that some file shows, newest first. */
  newestFirst(): readonly string[] {
    if (this.#newestFirst === null) {
      const shown = [...this.photos.values()].filter((photo) => this.isShown(photo.photoId));
      shown.sort((a, b) => b.takenAt - a.takenAt || (a.photoId < b.photoId ? -1 : 1));
      this.#newestFirst = shown.map((photo) => photo.photoId);
    }
    return this.#newestFirst;
  }

  #unlink(fileId: string): void {
    const photoId = this.files.get(fileId)?.photoId ?? null;
    if (photoId === null) return;
    const siblings = this.#filesOfPhoto.get(photoId);
    siblings?.delete(fileId);
    if (siblings?.size === 0) this.#filesOfPhoto.delete(photoId);
  }
}
