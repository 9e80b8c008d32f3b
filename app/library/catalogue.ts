import type { Mark } from '../contract/index.ts';
import type { FileRow, PhotoSummary } from '../store/rows.ts';
import { photoIdOf } from './ids.ts';
import { staysBelow } from './place.ts';

/** What is the matter with a file, for the person. */
export type FileProblem = Pick<FileRow, 'rootId' | 'relPath'> & NonNullable<FileRow['failure']>;

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
  /** Call `marksChanged` after changes. */
  readonly marks = new Map<string, Mark>();
  readonly #hidden = new Set<string>();
  /** What bytes look like: that never changes, whichever photo it is. */
  readonly #lookOfContent = new Map<string, string>();
  readonly #byLook = new Map<string, string>();
  readonly #filesOfPhoto = new Map<string, Set<string>>();
  /** How many photos the files of each folder of the library show. */
  readonly #photosIn = new Map<string, number>();
  readonly #failed = new Set<string>();
  /** Files that are indexed without a part of what describes them. */
  readonly #incomplete = new Set<string>();
  /** What a run has promised: looks by id, and ids by look. */
  readonly #claims = new Map<string, string>();
  readonly #promised = new Map<string, string>();
  #newest: readonly PhotoSummary[] = [];
  #newestIds: readonly string[] = [];
  /** Photos that may have come, gone or changed since these lists were made. */
  readonly #touched = new Set<string>();

  putPhoto(photo: PhotoSummary): void {
    const { photoId } = photo;
    const look = lookOf(photo);
    const before = this.photos.get(photoId);
    if (before !== undefined) this.#forgetLook(before);
    this.photos.set(photoId, photo);
    this.#lookOfContent.set(photo.contentHash, look);
    this.#byLook.set(look, photoId);
    this.#touched.add(photoId);
  }

  /** A row whose path leads out of its folder was not written by this program: it is passed over. */
  putFile(file: FileRow): void {
    this.removeFile(file.fileId);
    if (!staysBelow(file.relPath)) return;
    const { contentHash } = file;
    const photo = this.photos.get(file.photoId ?? '');
    if (photo !== undefined && contentHash !== null && contentHash !== photo.contentHash)
      this.#lookOfContent.set(contentHash, lookOf(photo));
    if (file.goneAt !== null) {
      this.gone.set(file.fileId, file);
      return;
    }
    this.files.set(file.fileId, file);
    if (file.failure !== null) this.#failed.add(file.fileId);
    if (file.leftOut !== null) this.#incomplete.add(file.fileId);
    if (file.photoId !== null) {
      this.#count(file, 1);
      const siblings = this.#filesOfPhoto.get(file.photoId) ?? new Set();
      this.#filesOfPhoto.set(file.photoId, siblings.add(file.fileId));
    }
  }

  removeFile(fileId: string): void {
    this.gone.delete(fileId);
    const file = this.files.get(fileId);
    this.files.delete(fileId);
    this.#failed.delete(fileId);
    this.#incomplete.delete(fileId);
    if (file === undefined || file.photoId === null) return;
    const siblings = this.#filesOfPhoto.get(file.photoId);
    siblings?.delete(fileId);
    if (siblings?.size === 0) this.#filesOfPhoto.delete(file.photoId);
    this.#count(file, -1);
  }

  /** Counts a file that comes or goes, unless another one shows its photo in the same folder of the library. */
  #count({ rootId, photoId }: FileRow, change: 1 | -1): void {
    this.#touched.add(photoId ?? '');
    for (const fileId of this.#filesOfPhoto.get(photoId ?? '') ?? [])
      if (this.files.get(fileId)?.rootId === rootId) return;
    this.#photosIn.set(rootId, (this.#photosIn.get(rootId) ?? 0) + change);
  }

  /** How many photos the files of a folder of the library show, without those that are hidden. */
  photosIn(rootId: string): number {
    const isInside = (file: FileRow): boolean => file.rootId === rootId;
    const hidden = this.hidden.filter((photoId) => this.filesOf(photoId).some(isInside));
    return (this.#photosIn.get(rootId) ?? 0) - hidden.length;
  }

  /** Forgets a photo that no file has shown for long. */
  removePhoto(photoId: string): void {
    const photo = this.photos.get(photoId);
    if (photo === undefined) return;
    this.photos.delete(photoId);
    this.#lookOfContent.delete(photo.contentHash);
    this.#forgetLook(photo);
    this.#touched.add(photoId);
  }

  /** @returns the files that show the photo; none when it is gone from every folder */
  filesOf(photoId: string): readonly FileRow[] {
    return [...(this.#filesOfPhoto.get(photoId) ?? [])].flatMap((fileId) => this.files.get(fileId) ?? []);
  }

  /** How many files show the photo. */
  fileCount(photoId: string): number {
    return this.#filesOfPhoto.get(photoId)?.size ?? 0;
  }

  /** How many photos some file shows, without those that are hidden. */
  get shownCount(): number {
    return this.#filesOfPhoto.size - this.hidden.filter((photoId) => this.isShown(photoId)).length;
  }

  /** Ids of the photos that are hidden; of photos that are gone, too. */
  get hidden(): readonly string[] {
    return [...this.#hidden];
  }

  /** @returns files that could not be indexed, with the reason */
  failures(): readonly FailedFile[] {
    const files = [...this.#failed].flatMap((fileId) => this.files.get(fileId) ?? []);
    return files.filter((file): file is FailedFile => file.failure !== null);
  }

  /** @returns files that could not be indexed, then those that are without a part of what describes them */
  problems(): readonly FileProblem[] {
    const incomplete = [...this.#incomplete].flatMap((fileId) => this.files.get(fileId) ?? []);
    return [
      ...this.failures().map(({ rootId, relPath, failure }) => ({ rootId, relPath, ...failure })),
      ...incomplete.map(({ rootId, relPath, leftOut }) => ({
        ...{ rootId, relPath, kind: 'left-out' as const },
        message: leftOut ?? '',
      })),
    ];
  }

  /** How many files are indexed without a part of what describes them. */
  get incompleteCount(): number {
    return this.#incomplete.size;
  }

  isShown(photoId: string): boolean {
    return this.#filesOfPhoto.has(photoId);
  }

  /** Forgets what a run has promised; what came of it is in the catalogue by then. */
  startRun(): void {
    this.#claims.clear();
    this.#promised.clear();
  }

  /** The photo that has these bytes already; null when no file had them, or the picture has been edited. */
  withContent(contentHash: string): string | null {
    return this.#byLook.get(this.#lookOfContent.get(contentHash) ?? '') ?? null;
  }

  /** The same for a run, which promises the photo to these bytes; null also when it is promised to an edited picture. */
  claimContent(contentHash: string): string | null {
    const photoId = this.withContent(contentHash);
    const look = this.#lookOfContent.get(contentHash) ?? '';
    if (photoId === null || !this.#isFree(photoId, look)) return null;
    this.#claims.set(photoId, look);
    return photoId;
  }

  /**
   * Which photo a picture is: the one with these bytes, even if they decode a little differently today; one that looks the
   * same to the last pixel (only what the file says has changed); else the photo its path showed before (it was edited);
   * else a new one. Within a run an id is promised to one picture only, so that an edited photo and the kept original part
   * ways before either is written.
   */
  identify(fileId: string, contentHash: string, picture: PictureFacts): string {
    const known = this.claimContent(contentHash);
    if (known !== null) return known;
    const look = lookOf(picture);
    const isFree = (id: string): boolean => this.#isFree(id, look);
    const alike = this.#promised.get(look) ?? this.#byLook.get(look);
    const before = this.#ownPhotoOf(fileId);
    let id: string;
    if (alike !== undefined && isFree(alike)) id = alike;
    else if (before !== null && isFree(before)) id = before;
    else id = photoIdOf(contentHash, (candidate) => this.photos.has(candidate) || !isFree(candidate));
    this.#claims.set(id, look);
    this.#promised.set(look, id);
    return id;
  }

  /** The photo that a file, and no other one, showed when it could last be read: it may be edited under its id. */
  #ownPhotoOf(fileId: string): string | null {
    const file = this.files.get(fileId);
    if (file?.groupId !== null) return null;
    const photoId = file.photoId ?? this.#formerPhotoOf(file);
    if (photoId === null || !this.photos.has(photoId)) return null;
    const isShared = this.filesOf(photoId).some((other) => other.groupId === null && other.fileId !== fileId);
    return isShared ? null : photoId;
  }

  /** What a path showed last, of a file that cannot be read since: it may have been looked at in the middle of an edit. */
  #formerPhotoOf({ rootId, relPath }: FileRow): string | null {
    const former = [...this.gone.values()].filter((row) => row.rootId === rootId && row.relPath === relPath);
    return former.sort((a, b) => (b.goneAt ?? 0) - (a.goneAt ?? 0))[0]?.photoId ?? null;
  }

  #forgetLook(photo: PhotoSummary): void {
    if (this.#byLook.get(lookOf(photo)) === photo.photoId) this.#byLook.delete(lookOf(photo));
  }

  /** Whether the run has not promised the id to another look. */
  #isFree(photoId: string, look: string): boolean {
    return (this.#claims.get(photoId) ?? look) === look;
  }

  /** Ids of the photos that some file shows and that are not hidden, newest first. */
  newestFirst(): readonly string[] {
    if (this.#touched.size > 0) {
      const isListed = (photoId: string): boolean => this.isShown(photoId) && !this.#hidden.has(photoId);
      const fresh = [...this.#touched].flatMap((id) => (isListed(id) ? (this.photos.get(id) ?? []) : []));
      const others = this.#newest.filter(({ photoId }) => !this.#touched.has(photoId));
      // Two lists in order are quick to sort.
      this.#newest = [...others, ...fresh.sort(newerFirst)].sort(newerFirst);
      this.#newestIds = this.#newest.map(({ photoId }) => photoId);
      this.#touched.clear();
    }
    return this.#newestIds;
  }

  /** Call after marks of photos changed. */
  marksChanged(photoIds: Iterable<string>): void {
    for (const photoId of photoIds) {
      this.#touched.add(photoId);
      if (this.marks.get(photoId)?.hidden === true) this.#hidden.add(photoId);
      else this.#hidden.delete(photoId);
    }
  }
}

const newerFirst = (a: PhotoSummary, b: PhotoSummary): number =>
  b.takenAt - a.takenAt || (a.photoId < b.photoId ? -1 : 1);

const lookOf = ({ pixelHash, width, height }: PictureFacts): string => `${pixelHash} ${width}×${height}`;
