import { readdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { OwnFolder } from '../base/disk.ts';
import { AfterimageError, toAfterimageError, type ModelInfo } from '../contract/index.ts';
import { rememberedExecution } from '../embed/choose-provider.ts';
import { describeModel, type Model } from '../embed/model.ts';
import { contentsOf } from '../embed/model-contents.ts';
import { isArchive, unpackModel } from '../hub/archive.ts';
import { clearLeftovers } from '../hub/folders.ts';
import { removeModel } from '../hub/remove.ts';
import type { ModelRecord } from '../store/manifest.ts';
import type { ManifestFile } from '../store/manifest-file.ts';
import type { Store } from '../store/store.ts';
import type { Approval } from './approval.ts';
import { ModelIdentity } from './model-identity.ts';
import type { EngineOptions } from './options.ts';

type ApprovedModels = Pick<Approval, 'knowsModel' | 'allowsModel' | 'approveModel' | 'forgetModel'>;
type Named = Pick<ModelRecord, 'id' | 'name' | 'kind' | 'layout' | 'dimension' | 'directory'>;

/** The models this library may use: the starter that ships with the program, downloaded ones, and those added from folders. */
export class Models {
  readonly #options: Pick<EngineOptions, 'models' | 'worker' | 'threads'>;
  readonly #manifest: ManifestFile;
  readonly #store: Store;
  readonly #approval: ApprovedModels;
  readonly #starter: Model;
  readonly #identity: ModelIdentity;
  /** Folders of models in which other files were found than those that were approved. */
  readonly #changed = new Set<string>();
  /** Bytes of the files of models, by folder. */
  readonly #sizes = new Map<string, Promise<number>>();

  private constructor(
    options: EngineOptions,
    manifest: ManifestFile,
    store: Store,
    approval: ApprovedModels,
    starter: Model,
    identity: ModelIdentity,
  ) {
    this.#options = options;
    this.#manifest = manifest;
    this.#store = store;
    this.#approval = approval;
    this.#starter = starter;
    this.#identity = identity;
  }

  static async open(
    options: EngineOptions,
    manifest: ManifestFile,
    store: Store,
    approval: ApprovedModels,
  ): Promise<Models> {
    // Where it cannot be made nothing can be downloaded, which is said then; everything else works.
    await new OwnFolder(options.models).create().catch(() => undefined);
    // What cannot be removed now is removed another time.
    await clearLeftovers(options.models).catch(() => undefined);
    const starter = await describeModel(options.starterModel, hashesIn(options.models));
    return new Models(options, manifest, store, approval, starter, await ModelIdentity.open(options));
  }

  get activeId(): string | null {
    return this.#manifest.value.activeModel;
  }

  /** Models that the library names, also those that must not be loaded. */
  get records(): readonly ModelRecord[] {
    return this.#manifest.value.models;
  }

  async list(): Promise<ModelInfo[]> {
    const records = this.#manifest.value.models.filter((record) => record.id !== this.#starter.id);
    const known = new Set(records.map(({ id }) => id));
    const others = (await this.#installed()).filter(({ id }) => !known.has(id));
    return Promise.all([this.#starter, ...records, ...others].map((model) => this.info(model)));
  }

  async info({ id, name, kind, layout, dimension, directory }: Named): Promise<ModelInfo> {
    const said = {
      id,
      kind,
      layout,
      dimension,
      photos: await this.#store.vectorCount(this.vectorsOf(id)),
      active: id === this.activeId,
    };
    if (!this.#mayLookAt(directory)) {
      // What the library says of it may be made up; only the starter model itself is one.
      const unseen = { kind: 'full', catalogue: null, licence: null, bytes: 0, photosPerSecond: null } as const;
      return { ...said, ...unseen, name, source: 'folder', awaiting: directory };
    }
    return {
      ...said,
      name,
      ...(await this.#identity.of(directory)),
      source: id === this.#starter.id ? 'shipped' : this.#isInstalled(directory) ? 'installed' : 'folder',
      awaiting: this.#changed.has(directory) ? directory : null,
      bytes: await this.#sizeOf(directory),
      photosPerSecond: await this.#speedOf(directory),
    };
  }

  /**
   * Remembers the model in a folder, or unpacks an archive with one. What the person names is approved by that.
   *
   * @throws AfterimageError `model-invalid`, `disk-full`
   */
  async add(path: string, signal?: AbortSignal): Promise<Model> {
    const { models } = this.#options;
    const directory = isArchive(path)
      ? await unpackModel(path, {
          models,
          check: async (folder) => {
            await describeModel(folder);
          },
          ...(signal === undefined ? {} : { signal }),
        })
      : path;
    const model = await describeModel(directory, hashesIn(models));
    if (!this.#isOurs(model.directory))
      await this.#approval.approveModel(model.directory, await this.#contentsOf(model));
    this.#changed.delete(model.directory);
    return this.#remember(model);
  }

  /** Those that must not be loaded, as far as that is known without loading them. */
  get awaiting(): readonly ModelRecord[] {
    return this.#manifest.value.models.filter(
      ({ directory }) => !this.#mayLookAt(directory) || this.#changed.has(directory),
    );
  }

  /**
   * Approves a model that the library names, as it lies in its folder now; where there is none, the one that is found there first.
   *
   * @throws AfterimageError `not-found`
   */
  async approve(id: string): Promise<ModelInfo> {
    const record = this.#manifest.value.models.find((model) => model.id === id);
    if (record === undefined) throw new AfterimageError('not-found', 'The library names no such model.');
    const { directory } = record;
    const found = await describeModel(directory, hashesIn(this.#options.models)).catch(() => null);
    await this.#approval.approveModel(directory, found === null ? null : await this.#contentsOf(found));
    this.#changed.delete(directory);
    return this.info(record);
  }

  /** @param id of a model that this library knows */
  named(id: string): { readonly id: string; readonly name: string } {
    const known = [this.#starter, ...this.#manifest.value.models].find((model) => model.id === id);
    return { id, name: known?.name ?? id };
  }

  /** Whether it is the starter model. */
  isShipped(id: string): boolean {
    return id === this.#starter.id;
  }

  /** Name of the vectors that a model sees photos by: models with one image tower share them. */
  vectorsOf(id: string): string {
    return this.#manifest.value.models.find((record) => record.id === id)?.vectors ?? id;
  }

  /**
   * The model as it lies in its folder now; `starter` stands for the one that ships with the program.
   *
   * @param id or name, or id in the catalogue
   * @throws AfterimageError `not-found` for an unknown id, `no-model` when its folder is gone, `model-mismatch` when other
   * files lie there than the library's vectors were made with, `not-approved` when the person has not approved them
   */
  async resolve(id: string): Promise<Model> {
    if (id === this.#starter.id || id === 'starter') return this.#starter;
    const record = this.#manifest.value.models.find((candidate) => candidate.id === id || candidate.name === id);
    if (record === undefined) {
      const installed = (await this.#installed()).find((model) => model.id === id || model.name === id);
      if (installed !== undefined) return this.#remember(installed);
      if (id.startsWith(`${this.#starter.name}-`)) {
        throw new AfterimageError(
          'model-mismatch',
          `This library was indexed with another version of the starter model (${id}); this program has ${this.#starter.id}. Choose a model again: photos are embedded anew, nothing else changes.`,
        );
      }
      throw new AfterimageError('not-found', `There is no model “${id}” here. Add its folder, or download it first.`);
    }
    if (!this.#mayLookAt(record.directory)) throw notApproved(record, 'which you have not approved');
    let model: Model;
    try {
      model = await describeModel(record.directory, hashesIn(this.#options.models));
    } catch (error) {
      throw new AfterimageError(
        'no-model',
        `The model ${record.name} cannot be used: ${toAfterimageError(error).message} Put its folder back to ${record.directory}, or choose another model.`,
        { cause: error },
      );
    }
    if (record.id !== id && !(await this.#identity.mayBeCalled(id, record.directory)))
      throw new AfterimageError(
        'not-found',
        `The model in ${record.directory} is called “${id}”, but its files are not those of the catalogue's model of this name. To use it nevertheless, name it ${record.id}.`,
      );
    if (model.fingerprint !== record.fingerprint) {
      throw new AfterimageError(
        'model-mismatch',
        `The model in ${record.directory} is not the one this library was indexed with: its files have changed. Put the old files back, or add the folder again as a new model.`,
      );
    }
    const isAllowed =
      this.#isOurs(record.directory) ||
      (await this.#approval.allowsModel(record.directory, () => this.#contentsOf(model)));
    if (isAllowed) return model;
    this.#changed.add(record.directory);
    throw notApproved(record, 'where other files lie now than those that you have approved');
  }

  /**
   * Forgets a model: its vectors in this library, unless another one shares them, and its files where this program has put
   * them.
   *
   * @throws AfterimageError `not-found`, `invalid-request` for the model in use
   */
  async remove(id: string): Promise<void> {
    const models = this.#manifest.value.models;
    const known = [this.#starter, ...models, ...(await this.#installed())];
    const model = known.find((candidate) => candidate.id === id || candidate.name === id);
    if (model === undefined) throw new AfterimageError('not-found', `There is no model “${id}” here.`);
    if (model.id === this.activeId)
      throw new AfterimageError('invalid-request', `${model.name} is in use. Change to another model first.`);
    const vectors = this.vectorsOf(model.id);
    const others = models.filter((record) => record.id !== model.id);
    const isShared = [this.#starter, ...others].some(
      (other) => other.id !== model.id && this.vectorsOf(other.id) === vectors,
    );
    await this.#manifest.update(() => ({ models: others }));
    await this.#store.dropModel(model.id, false);
    if (!isShared) await this.#store.dropModel(vectors, true);
    if (this.#isInstalled(model.directory)) await removeModel(model.directory, this.#options.models);
    await this.#approval.forgetModel(model.directory);
  }

  async #remember(model: Model): Promise<Model> {
    if (model.id === this.#starter.id) return model;
    await this.#manifest.update(({ models }) => {
      const others = models.filter((record) => record.id !== model.id);
      const twin = [this.#starter, ...others].find(({ fingerprint }) => fingerprint === model.fingerprint);
      const vectors =
        models.find((record) => record.id === model.id)?.vectors ??
        (twin === undefined ? null : this.vectorsOf(twin.id));
      return { models: [...others, recordOf(model, vectors)] };
    });
    return model;
  }

  /** Models that this program has put into its own folder, for this library or another. */
  async #installed(): Promise<Model[]> {
    const { models } = this.#options;
    const entries = await readdir(models, { withFileTypes: true }).catch(() => []);
    const found = await Promise.all(
      entries
        .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
        // What is no model is none of ours.
        .map(({ name }) => describeModel(join(models, name), hashesIn(models)).catch(() => null)),
    );
    return found.filter((model) => model !== null);
  }

  #isInstalled(directory: string): boolean {
    return dirname(resolve(directory)) === resolve(this.#options.models);
  }

  /** Whether a model ships with the program, or was put where it is by it. */
  #isOurs(directory: string): boolean {
    return directory === this.#starter.directory || this.#isInstalled(directory);
  }

  /** What is not approved is not even looked at: its folder may be on another computer. */
  #mayLookAt(directory: string): boolean {
    return this.#isOurs(directory) || this.#approval.knowsModel(directory);
  }

  #contentsOf(model: Model): Promise<string> {
    return contentsOf(model, hashesIn(this.#options.models).cache);
  }

  /** Of the image tower here, as far as it has been measured. */
  async #speedOf(directory: string): Promise<number | null> {
    const { models, worker, threads } = this.#options;
    const model = await describeModel(directory, hashesIn(models)).catch(() => null);
    if (model === null) return null;
    const execution = await rememberedExecution({ ...worker, model, threads, cache: providersIn(models) });
    return execution?.photosPerSecond ?? null;
  }

  #sizeOf(directory: string): Promise<number> {
    const known = this.#sizes.get(directory) ?? sizeOf(directory).catch(() => 0);
    this.#sizes.set(directory, known);
    return known;
  }
}

const notApproved = ({ id, name, directory }: ModelRecord, why: string): AfterimageError =>
  new AfterimageError(
    'not-approved',
    `The library names the model ${name} in ${directory}, ${why}. Approve it if you trust it: in the window under “Models”, or with --trust on the command line; or choose another model.`,
    { details: { model: id } },
  );

/** Where it is remembered how models run on this computer. */
export const providersIn = (models: string): string => join(models, 'providers.json');

/** Where the hashes of large files are kept, so that each is read once. */
const hashesIn = (models: string): { readonly cache: string } => ({ cache: join(models, 'hashes.json') });

const sizeOf = async (directory: string): Promise<number> => {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(files.map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
};

const recordOf = (model: Model, vectors: string | null): ModelRecord => {
  const { id, name, directory, kind, layout, dimension, fingerprint } = model;
  return { id, name, directory, kind, layout, dimension, fingerprint, vectors };
};
