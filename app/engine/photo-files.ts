import { isAbsolute, join } from 'node:path';
import { AfterimageError, type Output } from '../contract/index.ts';
import type { ImageWorkers } from '../embed/image-workers.ts';
import type { Catalogue } from '../library/catalogue.ts';
import { THUMBNAIL_EDGE, thumbnailPath } from '../media/thumbnail.ts';
import { isThere } from '../store/json-file.ts';
import type { LibraryPaths } from '../store/manifest.ts';
import type { PhotoRow } from '../store/rows.ts';
import type { Store } from '../store/store.ts';
import { photoNamed, resolvePhotoId } from './photo-id.ts';
import type { Roots } from './roots.ts';

/** What every browser draws as it is. */
const DRAWABLE: ReadonlySet<string> = new Set(['image/jpeg', 'image/png', 'image/webp', 'image/avif', 'image/gif']);
/** Longer side of a picture made for a browser: more than most screens show. */
const VIEW_EDGE = 2560;

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

  constructor(options: PhotoFilesOptions) {
    this.#options = options;
  }

  /** Path of a file that shows the photo, for display. */
  pathOf(photoId: string): string {
    const { catalogue, roots } = this.#options;
    const [file] = catalogue.filesOf(photoId);
    return file === undefined ? '' : roots.pathOf(file.rootId, file.relPath);
  }

  /** A file of the photo that can be read now. @throws AfterimageError `not-found`, `unreadable` */
  async openable(photoId: string): Promise<string> {
    const { catalogue, roots } = this.#options;
    let problem: unknown = gone();
    for (const file of catalogue.filesOf(photoId)) {
      try {
        return await roots.openable(file.rootId, file.relPath);
      } catch (error) {
        problem = error;
      }
    }
    throw problem;
  }

  /** The file that shows the photo, made when it is missing. */
  async shown(photoId: string, as: 'thumbnail' | 'view'): Promise<Output<'photos.file'>> {
    const { paths } = this.#options;
    if (as === 'thumbnail') return this.#drawn(photoId, thumbnailPath(paths.thumbnails, photoId), THUMBNAIL_EDGE);
    const photo = await this.#row(photoId);
    if (DRAWABLE.has(photo.mime)) return { path: await this.openable(photoId), mime: photo.mime };
    return this.#drawn(photoId, join(paths.cache, `${photo.contentHash}.jpg`), VIEW_EDGE);
  }

  /** Everything that is recorded of a photo. @throws AfterimageError `not-found` */
  async details(id: string): Promise<Omit<Output<'photos.details'>, 'tags'>> {
    const { catalogue, roots } = this.#options;
    const { width, height, mime, metadata } = await this.#row(id);
    const files = catalogue
      .filesOf(id)
      .map((file) => ({ path: roots.pathOf(file.rootId, file.relPath), bytes: file.size, modifiedAt: file.mtime }));
    return { id, width, height, mime, metadata, files };
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

  async #drawn(photoId: string, target: string, edge: number): Promise<{ path: string; mime: string }> {
    if (!(await isThere(target))) await this.#options.images().renderView(await this.openable(photoId), target, edge);
    return { path: target, mime: 'image/jpeg' };
  }
}

const gone = (): AfterimageError => new AfterimageError('not-found', 'This photo is no longer in the library.');
