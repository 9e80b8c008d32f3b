import type { Mark } from '../contract/index.ts';
import type { FileRow, PhotoSummary } from '../store/rows.ts';
import { photoIdOf } from './ids.ts';

/** A file with the reason why it is no photo of the library. */
export type FailedFile = FileRow & { readonly failure: NonNullable<FileRow['failure']> };

/** A picture as it decodes, whatever its file says about it. */
export interface PictureFacts {
  readonly pixelHash: string;
  /** Of the upright picture, in pixels. */
  readonly width: number;
  readonly height: number;
}

/** Everything the library knows of paths and photos, in memory, in step with the store. */
export class Catalogue {
  /** Files that are there, or were when their folder was last reached. */
  readonly files = new Map<string, FileRow>();
  /** Files that went away a while ago, kept so that one that comes back costs nothing. */
  readonly gone = new Map<string, FileRow>();
  readonly photos = new Map<string, PhotoSummary>();
  readonly marks = new Map<string, Mark>();
  readonly #byContent = new Map<string, string>();
  readonly #byLook = new Map<string, string>();
  readonly #filesOfPhoto = new Map<string, Set<string>>();
  /** What a run has promised: looks by id, and ids by look. */
  readonly #claims = new Map<string, string>();
  readonly #promised = new Map<string, string>();
  #newestFirst: readonly string[] | null = null;

  putPhoto(photo: PhotoSummary): void {
    const { photoId } = photo;
    const before = this.photos.get(photoId);
    if (before !== undefined && lookOf(before) !== lookOf(photo)) {
      forget(this.#byLook, lookOf(before), photoId);
      forget(this.#byContent, before.contentHash, photoId);
    }
    this.photos.set(photoId, photo);
    this.#byContent.set(photo.contentHash, photoId);
    this.#byLook.set(lookOf(photo), photoId);
    this.#newestFirst = null;
  }

  putFile(file: FileRow): void {
    this.removeFile(file.fileId);
    if (file.photoId !== null && file.contentHash !== null) this.#byContent.set(file.contentHash, file.photoId);
    if (file.goneAt !== null) {
      this.gone.set(file.fileId, file);
      return;
    }
    this.files.set(file.fileId, file);
    if (file.photoId !== null) {
      const siblings = this.#filesOfPhoto.get(file.photoId) ?? new Set();
      this.#filesOfPhoto.set(file.photoId, siblings.add(file.fileId));
    }
  }

  removeFile(fileId: string): void {
    this.#newestFirst = null;
    this.gone.delete(fileId);
    const file = this.files.get(fileId);
    this.files.delete(fileId);
    if (file === undefined || file.photoId === null) return;
    const siblings = this.#filesOfPhoto.get(file.photoId);
    siblings?.delete(fileId);
    if (siblings?.size === 0) this.#filesOfPhoto.delete(file.photoId);
    // Its bytes stand for the photo no longer when they are overwritten; the photo's own keep standing for it.
    if (file.contentHash !== null && this.photos.get(file.photoId)?.contentHash !== file.contentHash)
      forget(this.#byContent, file.contentHash, file.photoId);
  }

  /** Forgets a photo that no file has shown for long. */
  removePhoto(photoId: string): void {
    const photo = this.photos.get(photoId);
    if (photo === undefined) return;
    this.photos.delete(photoId);
    forget(this.#byContent, photo.contentHash, photoId);
    forget(this.#byLook, lookOf(photo), photoId);
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
    this.#promised.clear();
  }

  /** The photo that has these bytes already; null when no file had them, or the picture has been or is being edited. */
  withContent(contentHash: string): string | null {
    const photo = this.photos.get(this.#byContent.get(contentHash) ?? '');
    if (photo === undefined || !this.#isFree(photo.photoId, lookOf(photo))) return null;
    this.#claims.set(photo.photoId, lookOf(photo));
    return photo.photoId;
  }

  /**
   * Which photo a picture with unknown bytes is: one that looks the same to the last pixel (only what the file says has
   * changed), else the photo its path showed before (it was edited), else a new one. Within a run an id is promised to one
   * picture only, so that an edited photo and the kept original part ways before either is written.
   */
  identify(fileId: string, contentHash: string, picture: PictureFacts): string {
    const look = lookOf(picture);
    const isFree = (id: string): boolean => this.#isFree(id, look);
    const alike = this.#promised.get(look) ?? this.#byLook.get(look);
    const before = this.files.get(fileId)?.photoId ?? null;
    let id: string;
    if (alike !== undefined && isFree(alike)) id = alike;
    else if (before !== null && this.fileCount(before) === 1 && isFree(before)) id = before;
    else id = photoIdOf(contentHash, (candidate) => this.photos.has(candidate) || !isFree(candidate));
    this.#claims.set(id, look);
    this.#promised.set(look, id);
    return id;
  }

  /** Whether the run has not promised the id to another look. */
  #isFree(photoId: string, look: string): boolean {
    return (this.#claims.get(photoId) ?? look) === look;
  }

  /** Ids of the photos that some file shows and that are not hidden, newest first. */
  newestFirst(): readonly string[] {
    if (this.#newestFirst === null) {
      const shown = [...this.photos.values()].filter(
        ({ photoId }) => this.isShown(photoId) && this.marks.get(photoId)?.hidden !== true,
      );
      shown.sort((a, b) => b.takenAt - a.takenAt || (a.photoId < b.photoId ? -1 : 1));
      this.#newestFirst = shown.map((photo) => photo.photoId);
    }
    return this.#newestFirst;
  }

  /** Call after marks changed. */
  marksChanged(): void {
    this.#newestFirst = null;
  }
}

const lookOf = ({ pixelHash, width, height }: PictureFacts): string => `${pixelHash} ${width}×${height}`;

const forget = (map: Map<string, string>, key: string, photoId: string): void => {
  if (map.get(key) === photoId) map.delete(key);
};
