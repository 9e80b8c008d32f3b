import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import { OwnFolder } from '../../base/disk.ts';
import { readBounded } from '../../base/read.ts';
import type { ResidentVectors } from '../../embed/resident.ts';
import { decodeMap, encodeMap } from '../../space/upgrade/map-codec.ts';
import { applyMap, type SpaceMap } from '../../space/upgrade/map.ts';
import { readJson, writeJson } from '../../store/json-file.ts';
import type { VectorBatch } from '../../store/reading.ts';
import type { Store } from '../../store/store.ts';
import { Levelling, type Pair } from './levelling.ts';

/** Loads what a model has seen itself. */
export const loadSeen = async (resident: ResidentVectors, batches: AsyncIterable<VectorBatch>): Promise<void> => {
  const d = resident.dimension;
  for await (const { ids, parts, at, vectors } of batches)
    for (const [row, id] of ids.entries())
      resident.load(id, parts[row] ?? 0, { vector: vectors.subarray(row * d, (row + 1) * d), at: at[row] ?? null });
};

/** A map as it is stored: with the photos that were left out when it was fitted. */
const heldOutSchema = z.object({ heldOut: z.array(z.string()) });

/** A matrix between two spaces of 8192 dimensions, in 32 bits. */
const MAX_MAP_BYTES = 300_000_000;

/** The way from one model's space to another's: QUERY.md, section 7. */
export class Bridge {
  /** Name of the vectors that it leads from. */
  readonly from: string;
  readonly map: SpaceMap;
  /** Photos that the map was not fitted to, and that both models have seen. */
  readonly heldOut: ReadonlySet<string>;

  constructor(from: string, map: SpaceMap, heldOut: Iterable<string>) {
    this.from = from;
    this.map = map;
    this.heldOut = new Set(heldOut);
  }

  /** @returns null where there is none that can be used: photos then wait for the new model */
  static async load(folder: string, from: string, to: string): Promise<Bridge | null> {
    const path = pathOf(folder, from, to);
    try {
      const held = await readJson(`${path}.json`, heldOutSchema);
      return new Bridge(
        from,
        decodeMap(await readBounded(`${path}.map`, { maxBytes: MAX_MAP_BYTES, links: 'refuse' })),
        held?.heldOut ?? [],
      );
    } catch {
      return null;
    }
  }

  /** Only its owner may read it: with it, vectors of one model can be read as another's. */
  async save(folder: string, to: string): Promise<void> {
    const path = pathOf(folder, this.from, to);
    const own = new OwnFolder(dirname(folder));
    await own.makeFolder(folder);
    await writeJson(own, `${path}.json`, { heldOut: [...this.heldOut] });
    await own.write(`${path}.map`, encodeMap(this.map));
  }

  /** Removes all maps but one. @param pair names of the vectors that it leads from and to; null: none is wanted */
  static async keepOnly(folder: string, pair: readonly [from: string, to: string] | null): Promise<void> {
    const kept = pair === null ? null : pathOf(folder, ...pair);
    const own = new OwnFolder(dirname(folder));
    for (const name of await readdir(folder).catch(() => []))
      if (kept === null || !join(folder, name).startsWith(`${kept}.`)) await own.remove(join(folder, name));
  }

  /**
   * Puts what the other model saw where this one has seen nothing yet.
   *
   * @returns the rows that it stands in for
   */
  async fill(resident: ResidentVectors, store: Pick<Store, 'vectorsOf'>): Promise<Set<number>> {
    // A map to another space stands in for nothing here: photos wait for the model itself.
    if (this.map.dNew !== resident.dimension) return new Set();
    const seen = resident.size;
    const mapped = new Set<number>();
    const pairs: Pair[] = [];
    const product = resident.product.bind(resident);
    const d = resident.dimension;
    for await (const { ids, parts, at, vectors } of store.vectorsOf(this.from)) {
      if (vectors.length !== ids.length * this.map.dOld) return mapped;
      const through = await applyMap(this.map, vectors, product, setImmediate);
      for (const [row, id] of ids.entries()) {
        const vector = through.subarray(row * d, (row + 1) * d);
        const known = resident.rowOf(id);
        if (known === undefined || known >= seen) {
          mapped.add(resident.load(id, parts[row] ?? 0, { vector, at: at[row] ?? null }));
        } else if (parts[row] === 0 && this.heldOut.has(id))
          pairs.push({ own: resident.slice(known, 1).slice(), mapped: vector.slice() });
      }
    }
    if (pairs.length > 0) resident.standIns = new Levelling(resident, mapped, pairs);
    return mapped;
  }
}

const pathOf = (folder: string, from: string, to: string): string => join(folder, `${from}--${to}`);
