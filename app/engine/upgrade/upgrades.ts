import { AfterimageError, type Upgrade, type UpgradeReport } from '../../contract/index.ts';
import type { Model } from '../../embed/model.ts';
import type { Placement } from '../../embed/placement.ts';
import type { Catalogue } from '../../library/catalogue.ts';
import type { Pairs } from '../../space/upgrade/map.ts';
import { RETENTION_FLOOR } from '../../space/upgrade/retention.ts';
import { concatenate } from '../../space/vector.ts';
import type { LibraryPaths, UpgradeRecord } from '../../store/manifest.ts';
import type { ManifestFile } from '../../store/manifest-file.ts';
import type { Store } from '../../store/store.ts';
import type { ActiveModel } from '../active-model.ts';
import type { Models } from '../models.ts';
import type { ModelsInUse } from '../models-in-use.ts';
import type { EngineOptions } from '../options.ts';
import { MANY } from '../pass.ts';
import type { PhotoFiles } from '../photo-files.ts';
import { ProgressMeter } from '../progress.ts';
import type { Roots } from '../roots.ts';
import { firstLook, fitBridge, type Anchoring } from './anchoring.ts';
import { Bridge } from './bridge.ts';
import { SecondLook } from './second-look.ts';

interface UpgradesOptions {
  readonly options: EngineOptions;
  readonly paths: LibraryPaths;
  readonly manifest: ManifestFile;
  readonly store: Store;
  readonly catalogue: Catalogue;
  readonly roots: Pick<Roots, 'records' | 'isOffline'>;
  readonly models: Models;
  readonly inUse: ModelsInUse;
  readonly files: PhotoFiles;
  /** Does what no photo may be embedded beside. */
  readonly resting: <T>(work: () => Promise<T>) => Promise<T>;
  /** How an upgrade stands has changed. */
  readonly onChange: () => void;
}

/** Fewer photos than this tell nothing about a map. */
const LEAST_PHOTOS = 40;

/** Changes of models that keep the library searchable: QUERY.md, section 7. */
export class Upgrades {
  readonly #options: UpgradesOptions;
  readonly #meter = new ProgressMeter();
  /** The one whose map is being made. */
  #making: Pick<Upgrade, 'from' | 'to' | 'phase' | 'anchors' | 'retention'> | null = null;

  constructor(options: UpgradesOptions) {
    this.#options = options;
  }

  /** How the change of models stands; null where there is none. */
  get state(): Upgrade | null {
    if (this.#making !== null) {
      const { done, total, photosPerSecond, secondsLeft } = this.#meter.snapshot();
      return { ...this.#making, done, total, photosPerSecond, secondsLeft };
    }
    const { manifest, models, inUse } = this.#options;
    const { upgrade } = manifest.value;
    const { indexing } = inUse;
    if (upgrade === null || indexing === null) return null;
    const { anchors, retention, isAnswering, isOver } = upgrade;
    const wanted = this.#shown();
    const done = indexing.model.id === upgrade.to ? wanted.filter((id) => indexing.hasSeen(id)).length : 0;
    return {
      from: models.named(upgrade.from),
      to: models.named(upgrade.to),
      phase: isOver || done === wanted.length ? 'done' : isAnswering ? 'mapped' : 'embedding',
      done,
      total: wanted.length,
      photosPerSecond: null,
      secondsLeft: null,
      anchors,
      retention,
    };
  }

  /**
   * Makes another model answer without a gap.
   *
   * @param anchors exactly so many of them; null: as many as it takes
   * @throws AfterimageError `invalid-request`, `no-model`, `not-found`, `model-invalid`, `cancelled`
   */
  async run(id: string, anchors: number | null, signal: AbortSignal): Promise<UpgradeReport> {
    signal.throwIfAborted();
    // What the new model sees is written down by itself: an edit meanwhile would be taken for what it has seen.
    return this.#options.resting(() => this.#run(id, anchors, signal));
  }

  async #run(id: string, anchors: number | null, signal: AbortSignal): Promise<UpgradeReport> {
    const began = performance.now();
    const { models, inUse } = this.#options;
    const old = inUse.current();
    const model = await models.resolve(id);
    this.#check(old, model);
    const report = (outcome: UpgradeReport['outcome'], fitted = 0, retention: number | null = null): UpgradeReport => ({
      outcome,
      anchors: fitted,
      retention,
      seconds: (performance.now() - began) / 1000,
      dimOld: old.model.dimension,
      dimNew: model.dimension,
    });
    if (models.vectorsOf(model.id) === models.vectorsOf(old.model.id)) {
      await inUse.change(() => ({ activeModel: model.id, upgrade: recordOf(old, model, 0, 1, true) }));
      return report('same-space', 0, 1);
    }
    const named = { from: models.named(old.model.id), to: models.named(model.id) };
    this.#making = { ...named, phase: 'anchors', anchors: 0, retention: null };
    this.#meter.start();
    try {
      return await this.#through(old, model, anchors, signal, report);
    } finally {
      this.#making = null;
      this.#options.onChange();
    }
  }

  /** The old model answers again; what the new one has seen is kept. @throws AfterimageError `invalid-request`, `no-model` */
  async rollBack(): Promise<Model> {
    const { manifest, models, inUse } = this.#options;
    const { upgrade } = manifest.value;
    if (upgrade === null)
      throw new AfterimageError('invalid-request', 'There is no change of models that could be taken back.');
    const model = await models.resolve(upgrade.from);
    await inUse.change(() => ({ activeModel: model.id, upgrade: null }));
    return model;
  }

  /**
   * After a run of indexing: a new model that has seen everything that can be seen answers from now on, and what stands in
   * for the rest is waited for no longer. Photos whose drive is away can be seen another day; those of paused folders are
   * not asked for.
   *
   * @param looked folders of the library that the run has looked at: what was not seen there cannot be seen now
   */
  async finish(looked: ReadonlySet<string>): Promise<void> {
    const { manifest, inUse, catalogue, roots } = this.#options;
    const { upgrade } = manifest.value;
    const arriving = inUse.indexing;
    if (upgrade === null || arriving?.model.id !== upgrade.to || this.#making !== null) return;
    const paused = new Set(roots.records.flatMap((root) => (root.paused ? root.id : [])));
    const isWaiting = (id: string): boolean => {
      const files = catalogue.filesOf(id).filter(({ rootId }) => !paused.has(rootId));
      return files.length > 0 && !files.some((file) => looked.has(file.rootId) && !roots.isOffline(file));
    };
    const waiting = this.#shown().filter((id) => !arriving.hasSeen(id) && isWaiting(id));
    const isAnswering = upgrade.isAnswering || waiting.every((id) => this.#isOffline(id));
    const isOver = upgrade.isOver || waiting.length === 0;
    if (isAnswering !== upgrade.isAnswering || isOver !== upgrade.isOver)
      await inUse.change(() => ({ activeModel: upgrade.to, upgrade: { ...upgrade, isAnswering, isOver } }));
    this.#options.onChange();
  }

  /**
   * A model is about to be removed: it is no longer part of a change of models.
   *
   * @throws AfterimageError `invalid-request` while it stands in for what the new one has not seen
   */
  async release(id: string): Promise<void> {
    const { manifest, models, inUse } = this.#options;
    const { upgrade } = manifest.value;
    if (upgrade === null || (upgrade.from !== id && upgrade.to !== id)) return;
    const isNeeded = upgrade.from === id && upgrade.isAnswering && !upgrade.isOver;
    const left = isNeeded ? this.#shown().filter((photoId) => inUse.answering?.isMapped(photoId) ?? true).length : 0;
    if (left > 0)
      throw new AfterimageError(
        'invalid-request',
        `${models.named(id).name} still stands in for ${String(left)} photos that ${models.named(upgrade.to).name} has not seen yet. Index them first, or go back.`,
      );
    if (id === manifest.value.activeModel) return;
    await inUse.change(() => ({ upgrade: null }));
  }

  #check(old: ActiveModel, model: Model): void {
    const { manifest, models } = this.#options;
    const { upgrade } = manifest.value;
    if (this.#making !== null)
      throw new AfterimageError('invalid-request', `A change to ${this.#making.to.name} is under way already.`);
    if (model.id === old.model.id) throw new AfterimageError('invalid-request', `${model.name} is in use already.`);
    if (upgrade === null || upgrade.isOver || (!upgrade.isAnswering && upgrade.to === model.id)) return;
    // What is mapped of photos that are gone waits for nothing.
    if (!upgrade.isAnswering || this.#shown().some((id) => old.isMapped(id)))
      throw new AfterimageError(
        'invalid-request',
        `The library is still on its way from ${models.named(upgrade.from).name} to ${models.named(upgrade.to).name}. Let indexing finish, or go back first.`,
      );
  }

  async #through(
    old: ActiveModel,
    model: Model,
    anchors: number | null,
    signal: AbortSignal,
    report: (outcome: UpgradeReport['outcome'], anchors?: number, retention?: number | null) => UpgradeReport,
  ): Promise<UpgradeReport> {
    const { paths, models, inUse } = this.#options;
    const known = this.#shown().filter((id) => old.resident.has(id));
    const readable = known.filter((id) => !this.#isOffline(id));
    const isWithin = readable.length === known.length;
    if (!isWithin && readable.length < LEAST_PHOTOS)
      throw new AfterimageError(
        'invalid-request',
        `Only ${String(readable.length)} of ${String(known.length)} photos can be reached now, which is too few to tell how ${model.name} sees the others. Connect the drives that are away, then try again.`,
      );
    const guest = await inUse.guest(model.id);
    const { first, heldOut } = firstLook(readable.length, anchors);
    if (first + heldOut >= MANY) {
      this.#set({ phase: 'anchors' });
      await inUse.prepare(signal, guest).catch(async (error: unknown) => {
        await guest.close();
        throw error;
      });
    }
    const second = await this.#secondLook(model, guest.execution);
    const look = (ids: readonly string[]): Promise<ReadonlyMap<string, Float32Array>> => {
      this.#set({ phase: 'anchors' });
      this.#meter.total += second.unseen(ids).length;
      return second.at(ids, signal, () => {
        this.#meter.add(1);
        this.#options.onChange();
      });
    };
    const learned = Promise.all([inUse.wordsLearned, guest.learnBank()]);
    learned.catch(() => undefined);
    const close = async (): Promise<void> => {
      await Promise.all([second.close(), guest.close()]);
    };
    const fit = async (): Promise<Anchoring | null> => {
      const isSmall = readable.length < LEAST_PHOTOS;
      // A map is for what is not looked at, and for what can be seen no more.
      if (isSmall || (isWithin && first + heldOut >= readable.length)) {
        const seen = await look(readable);
        if (isSmall || seen.size === readable.length) return null;
      }
      return fitBridge({
        old: old.resident,
        photoIds: readable,
        dimension: model.dimension,
        anchors,
        look,
        texts: async () => {
          await learned;
          return wordsOf(old, guest);
        },
        onFitting: () => {
          this.#set({ phase: 'fitting' });
        },
      });
    };
    const fitted = await fit().finally(close);
    if (fitted === null) {
      await inUse.change(() => ({ activeModel: model.id, upgrade: recordOf(old, model, 0, null, true) }));
      return report('embedded');
    }
    this.#set({ anchors: fitted.anchors, retention: fitted.retention });
    const isMapped = fitted.retention >= RETENTION_FLOOR;
    if (isMapped) {
      const from = models.vectorsOf(old.model.id);
      await new Bridge(from, fitted.map, fitted.heldOut).save(paths.bridges, models.vectorsOf(model.id));
    }
    const upgrade = recordOf(old, model, fitted.anchors, fitted.retention, isMapped);
    signal.throwIfAborted();
    await inUse.change(() => ({ activeModel: isMapped ? model.id : old.model.id, upgrade }));
    return report(isMapped ? 'mapped' : 'below-floor', fitted.anchors, fitted.retention);
  }

  #secondLook(model: Model, placement: Placement | null): Promise<SecondLook> {
    const { options, paths, catalogue, files, store, models, inUse } = this.#options;
    return SecondLook.open({
      options,
      model,
      vectors: models.vectorsOf(model.id),
      placement,
      library: paths.directory,
      catalogue,
      store,
      openable: (id) => files.openable(id),
      onSeen: (id, frames) => {
        if (inUse.indexing?.model.id === model.id) inUse.indexing.put(id, frames);
      },
    });
  }

  #set(change: Partial<Pick<Upgrade, 'phase' | 'anchors' | 'retention'>>): void {
    if (this.#making !== null) this.#making = { ...this.#making, ...change };
    this.#options.onChange();
  }

  #shown(): readonly string[] {
    const { catalogue } = this.#options;
    return [...catalogue.photos.keys()].filter((id) => catalogue.isShown(id));
  }

  #isOffline(photoId: string): boolean {
    return this.#options.files.cellOf(photoId).offline;
  }
}

/** The words that say something to both models. */
const wordsOf = ({ bank: old }: ActiveModel, { bank: neu }: ActiveModel): Pairs | undefined => {
  if (old === null || neu === null) return undefined;
  const rows = new Map(neu.words.map((word, row) => [word, row]));
  const shared = old.words.flatMap((word, row) => {
    const other = rows.get(word);
    return other === undefined ? [] : [[row, other] as const];
  });
  if (shared.length < 2) return undefined;
  return {
    old: concatenate(shared.map(([row]) => old.vectorOf(row))),
    neu: concatenate(shared.map(([, row]) => neu.vectorOf(row))),
  };
};

const recordOf = (
  old: ActiveModel,
  model: Model,
  anchors: number,
  retention: number | null,
  isAnswering: boolean,
): UpgradeRecord => ({ from: old.model.id, to: model.id, anchors, retention, isAnswering, isOver: false });
