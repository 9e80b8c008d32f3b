import { AfterimageError, toAfterimageError, type Execution } from '../contract/index.ts';
import { chooseProvider, rememberedExecution, type ChooseOptions } from '../embed/choose-provider.ts';
import type { Model } from '../embed/model.ts';
import { vetModel } from '../embed/vet-model.ts';
import type { Catalogue } from '../library/catalogue.ts';
import type { LibraryPaths, Manifest } from '../store/manifest.ts';
import type { ManifestFile } from '../store/manifest-file.ts';
import type { Store } from '../store/store.ts';
import { ActiveModel } from './active-model.ts';
import { Bridge } from './upgrade/bridge.ts';
import { providersIn, type Models } from './models.ts';
import type { EngineOptions } from './options.ts';
import { StepLeftOut, type Starts } from './starts.ts';

interface ModelsInUseOptions {
  readonly options: EngineOptions;
  readonly paths: LibraryPaths;
  readonly manifest: ManifestFile;
  readonly store: Store;
  readonly catalogue: Catalogue;
  readonly models: Models;
  /** Knows whether opening a model has ended the last starts. */
  readonly starts: Starts;
  /** Does what no photo may be embedded beside. */
  readonly resting: <T>(work: () => Promise<T>) => Promise<T>;
  /** Other models work now, or one works otherwise. */
  readonly onChange: () => void;
}

/**
 * The model that answers, and the one that photos are embedded with. It is the same one, but for a change of models without
 * a map: then the new one arrives while the old one answers. Which they are stands in the manifest.
 */
export class ModelsInUse {
  readonly #options: ModelsInUseOptions;
  #answering: ActiveModel | null = null;
  #arriving: ActiveModel | null = null;
  /** Why a model that the library names cannot be used. */
  #problem: string | null = null;
  /** The vocabulary is learned while searches are answered without it; they are a little better afterwards. */
  #wordsLearned: Promise<void> = Promise.resolve();
  /** Models that have been found to run, by folder and fingerprint. */
  readonly #vetted = new Set<string>();

  constructor(options: ModelsInUseOptions) {
    this.#options = options;
  }

  get answering(): ActiveModel | null {
    return this.#answering;
  }

  /** Why a model that the library names cannot be used; null when all can, or none is named. */
  get problem(): string | null {
    return this.#problem;
  }

  /** Resolves when the model that answers has learned the vocabulary, or cannot. */
  get wordsLearned(): Promise<void> {
    return this.#wordsLearned;
  }

  /** The model that answers. @throws AfterimageError `no-model` */
  readonly current = (): ActiveModel => {
    if (this.#answering !== null) return this.#answering;
    throw new AfterimageError(
      'no-model',
      this.#problem ?? 'No model has been chosen for this library yet. Choose the starter model or a full one.',
    );
  };

  /** The model that photos are embedded with; null when there is none. */
  get indexing(): ActiveModel | null {
    return this.#arriving ?? this.#answering;
  }

  /** Opens what the manifest names; what cannot be used is told by `problem`. */
  async open(): Promise<void> {
    const { activeId } = this.#options.models;
    if (activeId === null) return;
    try {
      await this.#options.starts.run(stepOf(activeId), () => this.#settle(true));
    } catch (error) {
      this.#problem = error instanceof StepLeftOut ? leftOut(activeId, error.deaths) : toAfterimageError(error).message;
    }
  }

  /** Changes what the manifest says of models, and the models with it; when they cannot be had, all stays as it was. */
  async change(change: (manifest: Manifest) => Partial<Pick<Manifest, 'activeModel' | 'upgrade'>>): Promise<void> {
    const { manifest, starts, resting } = this.#options;
    await resting(async () => {
      const { activeModel, upgrade } = manifest.value;
      await manifest.update(change);
      try {
        // A model that ends the engine is not opened at the next starts, although the manifest names it by then.
        await starts.run(stepOf(manifest.value.activeModel ?? ''), () => this.#settle(false), true);
      } catch (error) {
        await manifest.update(() => ({ activeModel, upgrade }));
        throw error;
      }
    });
  }

  /** The model of an id or name, if it is at work. */
  known(id: string): ActiveModel | null {
    const atWork = [this.#answering, this.#arriving];
    return atWork.find((active) => active?.model.id === id || active?.model.name === id) ?? null;
  }

  /** A model beside those at work, with what it has seen. The caller closes it. @throws AfterimageError `not-found`, `no-model` */
  async guest(id: string): Promise<ActiveModel> {
    const model = await this.#options.models.resolve(id);
    await this.#vet(model);
    return this.#openModel(model, null);
  }

  /**
   * Before many photos are embedded: finds out how the model runs best on this computer, unless that is known. It takes some
   * seconds, once.
   *
   * @param active the model that photos are embedded with, or a guest
   * @throws AfterimageError `model-invalid`, `cancelled`
   */
  async prepare(signal: AbortSignal, active = this.indexing): Promise<void> {
    if (active !== null && active.execution === null) await this.#place(active, signal);
  }

  /** Finds out anew how the model that answers runs best here. @throws AfterimageError `no-model`, `model-invalid`, `cancelled` */
  async check(signal: AbortSignal): Promise<Execution> {
    return this.#options.resting(() => this.#place(this.current(), signal, true));
  }

  /** The person wants another provider: it is used from now on, if it is right. */
  async choose(signal: AbortSignal): Promise<void> {
    await this.#options.resting(async () => {
      for (const active of new Set([this.#answering, this.#arriving]))
        if (active !== null) await this.#place(active, signal);
    });
    this.#options.onChange();
  }

  async close(): Promise<void> {
    await Promise.all([this.#answering?.close(), this.#arriving?.close()]);
  }

  /**
   * The old models answer until the new ones can.
   *
   * @param isOpening the library is being opened: it can do without a model that is yet to arrive
   */
  async #settle(isOpening: boolean): Promise<void> {
    const { manifest, models, paths, store, onChange } = this.#options;
    const { activeModel, upgrade } = manifest.value;
    if (activeModel === null) return;
    const before = [this.#answering, this.#arriving].filter((model) => model !== null);
    const from = upgrade?.isAnswering === true && upgrade.to === activeModel ? models.vectorsOf(upgrade.from) : null;
    const isArriving = upgrade?.isAnswering === false && upgrade.from === activeModel;
    const answering = await this.#seat(activeModel, from, before, isOpening);
    let arriving: ActiveModel | null = null;
    let problem: string | null = null;
    try {
      if (isArriving)
        arriving = await this.#seat(upgrade.to, null, before, isOpening).catch((error: unknown) => {
          if (!isOpening) throw error;
          problem = toAfterimageError(error).message;
          return null;
        });
      const writing = (arriving ?? answering).model;
      await store.useVectors(models.vectorsOf(writing.id), writing.dimension);
    } catch (error) {
      await closeAll([answering, arriving], before);
      throw error;
    }
    this.#answering = answering;
    this.#arriving = arriving;
    this.#problem = problem;
    // Before the others are closed: nobody is to ask them any more.
    onChange();
    await closeAll(before, [answering, arriving]);
    const pair = upgrade === null ? null : ([models.vectorsOf(upgrade.from), models.vectorsOf(upgrade.to)] as const);
    // What cannot be removed today can be another day.
    await Bridge.keepOnly(paths.bridges, pair).catch(() => undefined);
    this.#wordsLearned = answering.learnBank().then(
      () => {
        if (this.#answering === answering) onChange();
      },
      () => undefined,
    );
  }

  /** @param from name of the vectors that stand in where the model has seen nothing */
  async #seat(
    id: string,
    from: string | null,
    before: readonly ActiveModel[],
    isOpening: boolean,
  ): Promise<ActiveModel> {
    const { paths, models } = this.#options;
    const model = await models.resolve(id);
    const vectors = models.vectorsOf(model.id);
    const bridge = from === null || from === vectors ? null : await Bridge.load(paths.bridges, from, vectors);
    const known = before.find((active) => active.model.id === model.id && active.bridge?.from === bridge?.from);
    if (known !== undefined) return known;
    // It was vetted when it was chosen; a search should not wait for that at every start.
    if (!isOpening) await this.#vet(model);
    return this.#openModel(model, bridge);
  }

  /** A model is used only after both its towers have run in a process of their own. @throws AfterimageError `model-invalid` */
  async #vet(model: Model): Promise<void> {
    const { options, models } = this.#options;
    const key = `${model.directory} ${model.fingerprint}`;
    if (models.isShipped(model.id) || this.#vetted.has(key)) return;
    await vetModel({ ...options.worker, model, threads: options.threads });
    this.#vetted.add(key);
  }

  async #openModel(model: Model, bridge: Bridge | null): Promise<ActiveModel> {
    const { options, paths, manifest, store, catalogue, models, onChange } = this.#options;
    const active = await ActiveModel.open(model, models.vectorsOf(model.id), {
      options,
      paths,
      store,
      catalogue,
      curve: manifest.value.curves[model.id],
      bridge,
      onFallback: onChange,
    });
    const known = await rememberedExecution(this.#executionOptions(model));
    if (known !== null) active.place(known);
    return active;
  }

  async #place(active: ActiveModel, signal: AbortSignal, anew = false): Promise<Execution> {
    const execution = await chooseProvider({ ...this.#executionOptions(active.model, signal), anew });
    active.place(execution);
    return execution;
  }

  #executionOptions(model: Model, signal?: AbortSignal): ChooseOptions {
    const { options, manifest } = this.#options;
    return {
      ...options.worker,
      model,
      threads: options.threads,
      cache: providersIn(options.models),
      override: manifest.value.settings.provider,
      ...(signal === undefined ? {} : { signal }),
    };
  }
}

const stepOf = (modelId: string): string => `model ${modelId}`;

const leftOut = (modelId: string, deaths: number): string =>
  `Afterimage ended ${String(deaths)} times in a row while it opened the model ${modelId}, so it was left out. Choose another model (“afterimage models use starter”), or the same one to try it once more.`;

const closeAll = async (
  models: readonly (ActiveModel | null)[],
  but: readonly (ActiveModel | null)[],
): Promise<void> => {
  await Promise.all(
    models.map(async (model) => {
      if (!but.includes(model)) await model?.close();
    }),
  );
};
