import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { none, photo } from '../../../test/support/rows.ts';
import { readFilter } from '../../query/language/filter-values.ts';
import { seeded } from '../../base/random.ts';
import { Store } from '../../store/store.ts';
import { predicateOf } from './predicates.ts';

const HOUR = 3_600_000;
const NEW_YEAR = Date.UTC(2022, 0, 1);
/** Of minutes, as wide as they are read; null is this computer's clock. */
const OFFSETS = [null, -900, -600, 0, 540, 900];
const LATITUDES = [-90, -89.99, -0.01, 0, 48.2, 89.99, 90];
const LONGITUDES = [-180, -179.99, -0.01, 0, 16.4, 179.99, 180];

interface Taken {
  readonly takenAt: number | null;
  readonly takenAtOffset: number | null;
  readonly latitude: number | null;
  readonly longitude: number | null;
}
const random = seeded(5);
/** Around the ends of a day and of the earth, and enough anywhere for indexes to be made. */
const taken: readonly Taken[] = [
  ...OFFSETS.flatMap((takenAtOffset) =>
    Array.from({ length: 240 }, (_, index): Taken => {
      const takenAt = NEW_YEAR + Math.floor(index / 3 - 40) * HOUR + (index % 3) - 1;
      return { takenAt, takenAtOffset, latitude: null, longitude: null };
    }),
  ),
  ...LATITUDES.flatMap((latitude) =>
    LONGITUDES.map((longitude): Taken => ({ takenAt: null, takenAtOffset: null, latitude, longitude })),
  ),
  ...Array.from({ length: 10_000 }, (): Taken => ({
    takenAt: NEW_YEAR + (random() - 0.5) * 9000 * HOUR,
    takenAtOffset: OFFSETS[Math.floor(random() * OFFSETS.length)] ?? null,
    latitude: random() * 180 - 90,
    longitude: random() * 360 - 180,
  })),
];
const idOf = (index: number): string => `p${String(index)}`;

let directory = '';
let plain: Store;
let indexed: Store;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'afterimage-predicates-'));
  const photos = taken.map((facts, index) => ({
    ...photo,
    photoId: idOf(index),
    metadata: { ...photo.metadata, ...facts },
  }));
  const make = async (name: string): Promise<Store> => {
    const store = await Store.open(join(directory, name, 'database'));
    await store.commit({ vectors: [], photos, files: [] }, none);
    return store;
  };
  plain = await make('plain');
  indexed = await make('indexed');
  await indexed.optimize();
});
afterAll(async () => {
  await plain.close();
  await indexed.close();
  await rm(directory, { recursive: true, force: true });
});
afterEach(() => {
  vi.unstubAllEnvs();
});

/** Has both stores find those photos that hold. @returns how many they are */
const compare = async (field: 'on' | 'after' | 'before' | 'near', value: string, holds: (facts: Taken) => boolean) => {
  const condition = readFilter({ field, value });
  if (condition.kind !== 'date' && condition.kind !== 'near') throw new Error(`${value} is read as ${condition.kind}.`);
  const wanted = taken.flatMap((facts, index) => (holds(facts) ? idOf(index) : [])).sort();
  for (const store of [plain, indexed])
    expect([...(await store.photoIdsWhere(predicateOf(condition)))].sort()).toEqual(wanted);
  return wanted.length;
};

describe('dates', () => {
  const twoDigits = (value: number): string => String(value).padStart(2, '0');
  const dayOf = ({ takenAt, takenAtOffset }: Taken): string | null => {
    if (takenAt === null) return null;
    if (takenAtOffset !== null) return new Date(takenAt + takenAtOffset * 60_000).toISOString().slice(0, 10);
    const date = new Date(takenAt);
    return `${String(date.getFullYear())}-${twoDigits(date.getMonth() + 1)}-${twoDigits(date.getDate())}`;
  };

  it.each(['UTC', 'Pacific/Kiritimati', 'Pacific/Pago_Pago', 'Europe/Berlin'])(
    'are those of the place, by whatever clock: %s',
    async (zone) => {
      vi.stubEnv('TZ', zone);
      expect(new Intl.DateTimeFormat().resolvedOptions().timeZone).toBe(zone);
      const found = [
        await compare('on', '2022-01-01', (facts) => dayOf(facts) === '2022-01-01'),
        await compare('on', '2021-12-31', (facts) => dayOf(facts) === '2021-12-31'),
        await compare('after', '2022-01-01', (facts) => (dayOf(facts) ?? '') >= '2022-01-01'),
        await compare('before', '2022-01-01', (facts) => (dayOf(facts) ?? '9') < '2022-01-01'),
      ];
      expect(Math.min(...found)).toBeGreaterThan(100);
    },
  );
});

describe('places', () => {
  const radians = (degrees: number): number => (degrees * Math.PI) / 180;
  /** By the chord: another way than the one that is tried. */
  const kilometres = (here: readonly [number, number], there: readonly [number, number]): number => {
    const [a, b] = [here, there].map(([latitude, longitude]) => [
      Math.cos(radians(latitude)) * Math.cos(radians(longitude)),
      Math.cos(radians(latitude)) * Math.sin(radians(longitude)),
      Math.sin(radians(latitude)),
    ]);
    const chord = Math.hypot(...(a ?? []).map((value, axis) => value - (b?.[axis] ?? 0)));
    return 12_742.0176 * Math.asin(Math.min(1, chord / 2));
  };

  it.each([
    [90, 0],
    [-90, 77],
    [89.995, 180],
    [-89.9, -180],
    [0, 180],
    [0, -180],
    [0.005, 179.999],
    [48.2, 16.4],
    [0, 0],
  ])('near %d, %d are the same at any distance', async (latitude, longitude) => {
    let most = 0;
    for (const distance of [0.01, 1.3, 10.7, 1003, 5010.3, 12_003, 20_037]) {
      const near = ({ latitude: north, longitude: east }: Taken): boolean =>
        north !== null && east !== null && kilometres([latitude, longitude], [north, east]) <= distance;
      most = await compare('near', `${String(latitude)},${String(longitude)},${String(distance)}km`, near);
    }
    expect(most).toBe(taken.filter((facts) => facts.latitude !== null).length);
  });
});
