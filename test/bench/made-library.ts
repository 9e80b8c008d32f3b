import { approvesAll } from '../support/approves-all.ts';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { describeModel, type Model } from '../../app/embed/model.ts';
import { Catalogue } from '../../app/library/catalogue.ts';
import { rowOf } from '../../app/library/recognise.ts';
import { scanRoot } from '../../app/library/scan.ts';
import { libraryPaths } from '../../app/store/manifest.ts';
import { ManifestFile } from '../../app/store/manifest-file.ts';
import { Store, type KnownRows } from '../../app/store/store.ts';
import { Roots } from '../../app/engine/roots.ts';
import type { PhotoRow } from '../../app/store/rows.ts';

export const starter = resolve(import.meta.dirname, '..', '..', 'models', 'starter');

/** What a library is made with: a model's folder, or the starter model under a dimension of one's own. */
export type MadeOf = { readonly model: string } | { readonly dimension: number };

/** The starter model under another dimension: enough for a library whose vectors are made up and whose queries are photos. */
const modelOf = async (folder: string, dimension: number): Promise<Model> => {
  await cp(starter, folder, { recursive: true });
  const path = join(folder, 'config.json');
  const config: unknown = JSON.parse(await readFile(path, 'utf8'));
  await writeFile(path, JSON.stringify({ ...Object(config), afterimage: undefined, projection_dim: dimension }));
  return describeModel(folder);
};

const unitVector = (dimension: number): Float32Array => {
  const vector = Float32Array.from({ length: dimension }, () => Math.random() - 0.5);
  const norm = Math.hypot(...vector);
  return vector.map((value) => value / norm);
};

const photoOf = (photoId: string, contentHash: string): PhotoRow => ({
  photoId,
  contentHash,
  pixelHash: contentHash,
  width: 3000,
  height: 2000,
  mime: 'image/jpeg',
  phash: null,
  sharpness: null,
  seconds: null,
  metadata: {
    takenAt: 1.6e12,
    takenAtSource: 'file',
    takenAtOffset: null,
    camera: null,
    lens: null,
    exposure: null,
    iso: null,
    aperture: null,
    exposureSeconds: null,
    focalLength: null,
    latitude: null,
    longitude: null,
    rating: null,
    keywords: [],
    title: null,
    description: null,
  },
});

const none: KnownRows = { vector: () => false, photo: () => false, file: () => false };
const BATCH = 5000;

/**
 * A library of `count` files (empty ones, a thousand to a folder), known as photos with made-up vectors.
 *
 * @param onDisk whether the files exist; a million of them take longer to write than the library
 */
export const makeLibrary = async (
  folder: string,
  count: number,
  madeOf: MadeOf,
  onDisk = true,
): Promise<{ readonly library: string; readonly photos: string }> => {
  const photos = join(folder, 'photos');
  const library = join(folder, 'library');
  const model =
    'model' in madeOf ? await describeModel(madeOf.model) : await modelOf(join(folder, 'model'), madeOf.dimension);
  await mkdir(photos, { recursive: true });
  const names = Array.from(
    { length: count },
    (_, index) => `album ${String(Math.floor(index / 1000))}/${String(index)}.jpg`,
  );
  if (onDisk) {
    for (let album = 0; album < count; album += 1000)
      await mkdir(dirname(join(photos, names[album]!)), { recursive: true });
    for (const name of names) await writeFile(join(photos, name), '');
  }
  const paths = libraryPaths(library);
  const manifest = await ManifestFile.open(paths);
  const catalogue = new Catalogue();
  await new Roots(manifest, approvesAll, catalogue, library).add(photos, new AbortController().signal);
  const { id, name, directory, kind, layout, fingerprint } = model;
  await manifest.update(() => ({
    activeModel: id,
    models: [{ id, name, directory, kind, layout, dimension: model.dimension, fingerprint, vectors: null }],
  }));
  const store = await Store.open(paths.database);
  await store.useVectors(id, model.dimension);
  const [root] = manifest.value.roots;
  if (root === undefined) throw new Error('The folder was not added.');
  const scan = {
    isExcluded: () => false,
    canReadVideos: false,
    onFound: () => undefined,
    signal: new AbortController().signal,
  };
  const unknown = { size: 0, mtime: 0, device: '', inode: '', sidecars: null, sidecarsAway: [], groupId: null };
  const pending = onDisk
    ? (await scanRoot(root, catalogue, scan)).pending
    : names.map((relPath, index) => ({
        ...unknown,
        problem: null,
        before: null,
        isDescriptionOnly: false,
        fileId: index.toString(16).padStart(16, '0'),
        rootId: root.id,
        relPath,
      }));
  for (let start = 0; start < pending.length; start += BATCH) {
    const files = pending
      .slice(start, start + BATCH)
      .map((file) => rowOf(file, { contentHash: file.fileId.repeat(4), photoId: file.fileId, seenAt: 0 }));
    await store.commit(
      {
        vectors: files.map((file) => ({
          photoId: file.fileId,
          part: 0,
          at: null,
          vector: unitVector(model.dimension),
        })),
        photos: files.map((file) => photoOf(file.fileId, file.fileId.repeat(4))),
        files,
      },
      none,
    );
  }
  await store.optimize();
  await store.close();
  return { library, photos };
};
