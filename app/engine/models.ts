import { AfterimageError, toAfterimageError, type ModelInfo } from '../contract/index.ts';
import { describeModel, type Model } from '../embed/model.ts';
import type { ModelRecord } from '../store/manifest.ts';
import type { ManifestFile } from '../store/manifest-file.ts';
import type { Store } from '../store/store.ts';
import type { EngineOptions } from './options.ts';

/** The models this library may use: the starter that ships with the program, and those added from folders. */
export class Models {
  readonly #manifest: ManifestFile;
  readonly #store: Store;
  readonly #starter: Model;

  private constructor(manifest: ManifestFile, store: Store, starter: Model) {
    this.#manifest = manifest;
    this.#store = store;
    this.#starter = starter;
  }

  static async open(options: EngineOptions, manifest: ManifestFile, store: Store): Promise<Models> {
    return new Models(manifest, store, await describeModel(options.starterModel));
  }

  get activeId(): string | null {
    return this.#manifest.value.activeModel;
  }

  async list(): Promise<ModelInfo[]> {
    const records = this.#manifest.value.models.filter((record) => record.id !== this.#starter.id);
    return Promise.all([this.#starter, ...records].map((record) => this.info(record)));
  }

  async info(record: Pick<Model, 'id' | 'name' | 'kind' | 'layout' | 'dimension'>): Promise<ModelInfo> {
    const { id, name, kind, layout, dimension } = record;
    return {
      id,
      name,
      kind,
      layout,
      dimension,
      photos: await this.#store.vectorCount(id),
      active: id === this.activeId,
    };
  }

  /** Remembers the model in a folder. @throws AfterimageError `model-invalid` */
  async add(directory: string): Promise<Model> {
    const model = await describeModel(directory);
    if (model.id !== this.#starter.id) {
      await this.#manifest.update(({ models }) => ({
        models: [...models.filter((record) => record.id !== model.id), recordOf(model)],
      }));
    }
    return model;
  }

  async use(model: Model): Promise<void> {
    await this.#manifest.update(() => ({ activeModel: model.id }));
  }

  /**
   * The model as it lies in its folder now; `starter` stands for the one that ships with the program.
   *
   * @throws AfterimageError `not-found` for an unknown id, `no-model` when its folder is gone, `model-mismatch` when other
   * files lie there than the library's vectors were made with
   */
  async resolve(id: string): Promise<Model> {
    if (id === this.#starter.id || id === 'starter') return this.#starter;
    const record = this.#manifest.value.models.find((candidate) => candidate.id === id || candidate.name === id);
    if (record === undefined) {
      if (id.startsWith(`${this.#starter.name}-`)) {
        throw new AfterimageError(
          'model-mismatch',
          `This library was indexed with another version of the starter model (${id}); this program has ${this.#starter.id}. Choose a model again: photos are embedded anew, nothing else changes.`,
        );
      }
      throw new AfterimageError('not-found', `There is no model “${id}” here. Add its folder first.`);
    }
    let model: Model;
    try {
      model = await describeModel(record.directory);
    } catch (error) {
      throw new AfterimageError(
        'no-model',
        `The model ${record.name} cannot be used: ${toAfterimageError(error).message} Put its folder back to ${record.directory}, or choose another model.`,
        { cause: error },
      );
    }
    if (model.fingerprint !== record.fingerprint) {
      throw new AfterimageError(
        'model-mismatch',
        `The model in ${record.directory} is not the one this library was indexed with: its files have changed. Put the old files back, or add the folder again as a new model.`,
      );
    }
    return model;
  }
}

const recordOf = ({ id, name, directory, kind, layout, dimension, fingerprint }: Model): ModelRecord => ({
  id,
  name,
  directory,
  kind,
  layout,
  dimension,
  fingerprint,
});
