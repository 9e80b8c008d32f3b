import { setImmediate } from 'node:timers/promises';
import type { ResidentVectors } from '../../embed/resident.ts';
import { chooseAnchors, chooseHeldOut } from '../../space/upgrade/anchors.ts';
import { applyMap, fitMap, type Pairs, type SpaceMap } from '../../space/upgrade/map.ts';
import { FIRST_ANCHORS, heldOutFor, needsMore, retentionOf } from '../../space/upgrade/retention.ts';
import { seeded } from '../../base/random.ts';
import { concatenate } from '../../space/vector.ts';

interface AnchoringOptions {
  /** Vectors of the old model. */
  readonly old: ResidentVectors;
  /** Photos that can be read now, of those the old model has seen. */
  readonly photoIds: readonly string[];
  /** Dimension of the new model's space. */
  readonly dimension: number;
  /** Exactly so many anchors; null: as many as it takes. */
  readonly anchors: number | null;
  /** Says what the new model sees in photos; those that cannot be read are left out. */
  readonly look: (photoIds: readonly string[]) => Promise<ReadonlyMap<string, Float32Array>>;
  /** Words through both text towers, where there are any. */
  readonly texts: () => Promise<Pairs | undefined>;
  readonly onFitting: () => void;
}

export interface Anchoring {
  readonly map: SpaceMap;
  /** Photos that the map was fitted to. */
  readonly anchors: number;
  /** Photos that it was not fitted to, which tell how good it is. */
  readonly heldOut: readonly string[];
  /** Overlap of the ten nearest among the held-out photos. */
  readonly retention: number;
}

/**
 * How many photos of a library are looked at first, as anchors and held out.
 *
 * @param anchors exactly so many; null: as many as it takes, and never all that could be held out
 */
export const firstLook = (
  photos: number,
  anchors: number | null,
): { readonly first: number; readonly heldOut: number } => {
  const first = anchors ?? Math.min(FIRST_ANCHORS, photos - heldOutFor(photos, 0));
  return { first, heldOut: heldOutFor(photos, first) };
};

/** The choice is the same each time: what an earlier try has looked at serves again. */
const SEED = 7;

/**
 * Fits the map from one model's space to another's: photos spread over the old space are looked at with the new model, and
 * others, chosen at random, tell how good the map is (QUERY.md, section 7).
 */
export const fitBridge = async (options: AnchoringOptions): Promise<Anchoring> => {
  const { old, photoIds, dimension, look, onFitting } = options;
  const product = old.product.bind(old);
  const rows = {
    count: photoIds.length,
    dimension: old.dimension,
    vectorOf: (row: number) => old.get(photoIds[row] ?? '') ?? new Float32Array(old.dimension),
  };
  const see = async (chosen: readonly number[]): Promise<readonly SeenByBoth[]> => {
    const found = await look(chosen.flatMap((row) => photoIds[row] ?? []));
    return Array.from(found).flatMap(([id, neu]) => {
      const before = old.get(id);
      return before === undefined ? [] : [{ id, old: before, neu }];
    });
  };
  const { first, heldOut: held } = firstLook(rows.count, options.anchors);
  const without = chooseHeldOut(rows.count, held, seeded(SEED));
  const heldOut = await see(without);
  const history: { readonly anchors: number; readonly retention: number }[] = [];
  for (let wanted = first; ;) {
    const random = seeded(SEED);
    const anchors = await see(await chooseAnchors(rows, wanted, { without, random, product, breathe: setImmediate }));
    onFitting();
    const map = await fitMap(
      stacked(anchors),
      { dOld: old.dimension, dNew: dimension },
      product,
      await options.texts(),
    );
    const test = stacked(heldOut);
    const mapped = await applyMap(map, test.old, product, setImmediate);
    const retention = (await retentionOf(test.neu, mapped, dimension, product)) ?? 0;
    history.push({ anchors: anchors.length, retention });
    const next = options.anchors === null ? needsMore(history, rows.count) : null;
    if (next === null) return { map, anchors: anchors.length, heldOut: heldOut.map(({ id }) => id), retention };
    wanted = next;
  }
};

interface SeenByBoth {
  readonly id: string;
  readonly old: Float32Array;
  readonly neu: Float32Array;
}

const stacked = (photos: readonly SeenByBoth[]): Pairs => ({
  old: concatenate(photos.map(({ old }) => old)),
  neu: concatenate(photos.map(({ neu }) => neu)),
});
