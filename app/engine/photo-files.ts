import { isAbsolute, join } from 'node:path';
import { OwnFolder } from '../base/disk.ts';
import { AfterimageError, type Mark, type Output, type PhotoCell } from '../contract/index.ts';
import type { ImageWorkers } from '../embed/image-workers.ts';
import type { Catalogue } from '../library/catalogue.ts';
import { kindOf } from '../media/formats.ts';
import { THUMBNAIL_EDGE, thumbnailPath } from '../media/thumbnail.ts';
import { isThere } from '../store/json-file.ts';
import type { LibraryPaths } from '../store/manifest.ts';
import type { FileRow, PhotoRow } from '../store/rows.ts';
import type { Store } from '../store/store.ts';
import { KeptFiles } from './kept-files.ts';
import { Moments } from './moments.ts';
import { photoNamed, resolvePhotoId } from './photo-id.ts';
import type { Roots } from './roots.ts';

/** What every browser draws as it is. */
const DRAWABLE: ReadonlySet<string> = new Set(['image/jpeg', 'image/png', 'image/webp', 'image/avif', 'image/gif']);
/** Longer side of a picture made for a browser: more than most screens show. */
const VIEW_EDGE = 2560;
/** Such pictures that are kept while the engine runs, a megabyte each. */
const MOST_VIEWS = 500;

interface PhotoFilesOptions {
  readonly catalogue: Catalogue;
  readonly roots: Roots;
  readonly store: Store;
  readonly paths: LibraryPaths;
  readonly images: () => ImageWorkers;
}

/** The files behind photos: where they are, and what of them can be shown. */
export class PhotoFiles {
  readonly #options: PhotoFilesOptions;
  readonly #moments: Moments;
  readonly #views: KeptFiles;

  constructor(options: PhotoFilesOptions) {
    this.#options = options;
    this.#moments = new Moments(options.paths.thumbnails);
    this.#views = new KeptFiles(new OwnFolder(options.paths.directory), options.paths.cache, MOST_VIEWS);
  }

  /** The photo as a grid shows it. */
  cellOf(id: string): PhotoCell {
    const { catalogue, roots } = this.#options;
    const { width = 1, height = 1, seconds = null } = catalogue.photos.get(id) ?? {};
    const files = catalogue.filesOf(id);
    const offline = files.length > 0 && files.every((file) => roots.isOffline(file));
    return { id, width, height, seconds, offline, favourite: catalogue.marks.get(id)?.favourite ?? false };
  }

  /** Path of a file that shows the photo, for display. */
  pathOf(photoId: string): string {
    const { catalogue, roots } = this.#options;
    const [file] = leadsFirst(catalogue.filesOf(photoId));
    return file === undefined ? '' : roots.pathOf(file.rootId, file.relPath);
  }

  /** A file of the photo that can be read now. @throws AfterimageError `not-found`, `unreadable` */
  async openable(photoId: string): Promise<string> {
    const { catalogue, roots } = this.#options;
    let problem: unknown = gone();
    for (const file of leadsFirst(catalogue.filesOf(photoId))) {
      try {
        return await roots.openable(file.rootId, file.relPath);
      } catch (error) {
        problem = error;
      }
    }
    throw problem;
  }

  /**
   * The file that shows the photo, made when it is missing.
   *
   * @param at second of a video that a thumbnail or view of it should show
   */
  async shown(
    photoId: string,
    as: 'thumbnail' | 'view' | 'original',
    at: number | null = null,
  ): Promise<Output<'photos.file'>> {
    const { paths } = this.#options;
    // Without its drive or ffmpeg, and where it is damaged, a video is shown by what stands for all of it.
    const still = at === null || as === 'original' ? null : await this.#still(photoId, as, at).catch(() => null);
    if (still !== null) return still;
    if (as === 'thumbnail') return this.#drawn(photoId, thumbnailPath(paths.thumbnails, photoId), THUMBNAIL_EDGE);
    const photo = await this.#row(photoId);
    if (as === 'original') return { path: await this.openable(photoId), mime: photo.mime };
    if (DRAWABLE.has(photo.mime)) return { path: await this.openable(photoId), mime: photo.mime };
    return this.#view(photoId, `${photo.contentHash}.jpg`);
  }

  /** Everything that is recorded of a photo. @throws AfterimageError `not-found` */
  async details(id: string): Promise<Omit<Output<'photos.details'>, 'tags'>> {
    const { catalogue, roots } = this.#options;
    const { mime, metadata } = await this.#row(id);
    const files = catalogue.filesOf(id).map(({ fileId, rootId, relPath, size, mtime, groupId }) => ({
      id: fileId,
      path: roots.pathOf(rootId, relPath),
      bytes: size,
      modifiedAt: mtime,
      offline: roots.isOffline({ rootId, relPath }),
      companion: groupId === null ? null : kindOf(relPath) === 'video' ? ('live' as const) : ('raw' as const),
    }));
    const mark = catalogue.marks.get(id) ?? UNMARKED;
    return { ...this.cellOf(id), mime, metadata, files, mark };
  }

  /** @param photo a path, a file name, an id or a unique prefix of one */
  find(photo: string): string | null {
    const { catalogue, roots } = this.#options;
    if (isAbsolute(photo)) {
      for (const file of catalogue.files.values())
        if (file.photoId !== null && roots.pathOf(file.rootId, file.relPath) === photo) return file.photoId;
      return null;
    }
    if (photo.includes('.')) return photoNamed(photo, catalogue);
    try {
      return resolvePhotoId({ has: (id) => catalogue.isShown(id), ids: catalogue.newestFirst() }, photo);
    } catch {
      return null;
    }
  }

  async #row(photoId: string): Promise<PhotoRow> {
    const photo = await this.#options.store.photo(photoId);
    if (photo === null) throw gone();
    return photo;
  }

  /** What a video shows at a second; null for a picture. */
  async #still(photoId: string, as: 'thumbnail' | 'view', at: number): Promise<Output<'photos.file'> | null> {
    const { catalogue } = this.#options;
    const { pixelHash = '', seconds = null } = catalogue.photos.get(photoId) ?? {};
    if (seconds === null) return null;
    // Behind its end a video shows nothing more.
    const tenths = Math.round(Math.min(at, seconds) * 10);
    if (as === 'view') return this.#view(photoId, `${pixelHash}@${tenths}.jpg`, tenths / 10);
    const path = await this.#moments.still({ photoId, pixelHash, tenths }, async (target) => {
      await this.#drawn(photoId, target, THUMBNAIL_EDGE, tenths / 10);
    });
    return { path, mime: 'image/jpeg' };
  }

  /** A large picture among those that are kept. */
  async #view(photoId: string, name: string, at?: number): Promise<Output<'photos.file'>> {
    const path = join(this.#options.paths.cache, name);
    if (await this.#views.use(path)) return { path, mime: 'image/jpeg' };
    const drawn = await this.#drawn(photoId, path, VIEW_EDGE, at);
    await this.#views.trim((other) => !VIEW.test(other));
    return drawn;
  }

  async #drawn(photoId: string, target: string, edge: number, at?: number): Promise<Output<'photos.file'>> {
    if (!(await isThere(target)))
      await this.#options.images().renderView(await this.openable(photoId), target, edge, at);
    return { path: target, mime: 'image/jpeg' };
  }
}

/** Other files in the cache are still being written. */
const VIEW = /^[0-9a-f]+(?:@\d+)?\.jpg$/u;

const UNMARKED: Mark = { favourite: false, rating: null, hidden: false };

const gone = (): AfterimageError => new AfterimageError('not-found', 'This photo is no longer in the library.');

/** What shows the photo itself goes before its raw data and its moving part. */
const leadsFirst = (files: readonly FileRow[]): readonly FileRow[] =>
  [...files].sort((a, b) => Number(a.groupId !== null) - Number(b.groupId !== null));
