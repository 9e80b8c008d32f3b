import { writeJson } from './json-file.ts';
import { openManifest, type LibraryPaths, type Manifest } from './manifest.ts';

/** The manifest in memory and on disk; changes are written one after the other. */
export class ManifestFile {
  readonly #path: string;
  #value: Manifest;
  #writes: Promise<void> = Promise.resolve();

  private constructor(path: string, value: Manifest) {
    this.#path = path;
    this.#value = value;
  }

  /** @throws AfterimageError as `openManifest` */
  static async open(paths: LibraryPaths): Promise<ManifestFile> {
    return new ManifestFile(paths.manifest, await openManifest(paths));
  }

  get value(): Manifest {
    return this.#value;
  }

  /** @param change what becomes of the manifest as it is when its turn comes */
  update(change: (current: Manifest) => Partial<Omit<Manifest, 'format'>>): Promise<void> {
    const write = async (): Promise<void> => {
      const next = { ...this.#value, ...change(this.#value) };
      await writeJson(this.#path, next);
      this.#value = next;
    };
    this.#writes = this.#writes.then(write, write);
    return this.#writes;
  }
}
