import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Mark, Metadata } from '../../contract/index.ts';
import { Catalogue } from '../../library/catalogue.ts';
import { parseQuery } from '../../query/language/parse.ts';
import type { FileRow, PhotoRow } from '../../store/rows.ts';
import { Store } from '../../store/store.ts';
import { Filters, type FilterSource } from './filters.ts';

const nothing: Metadata = {
  takenAt: new Date(2020, 0, 1).getTime(),
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
};
interface Made {
  readonly size?: readonly [width: number, height: number];
  readonly mime?: string;
  readonly seconds?: number;
  readonly mark?: Partial<Mark>;
  readonly metadata?: Partial<Metadata>;
  readonly files: readonly string[];
}
const unmarked: Mark = { favourite: false, rating: null, hidden: false };
const vienna = { latitude: 48.2082, longitude: 16.3738 };

/** Photos by the name that they are looked for with. */
const made: Readonly<Record<string, Made>> = {
  sea: {
    metadata: {
      takenAt: new Date(2023, 11, 31, 23, 59, 59).getTime(),
      takenAtSource: 'name',
      camera: 'NIKON D90',
      lens: 'AF-S 35mm f/1.8G',
      iso: 400,
      aperture: 2.8,
      exposureSeconds: 1 / 250,
      focalLength: 35,
      rating: 4,
      keywords: ['Nordsee', 'low tide'],
      ...vienna,
    },
    mark: { favourite: true, rating: null },
    files: ['r:2023/Sylt/IMG_1.JPG', 'r:2023/Sylt/IMG_1.NEF+r:2023/Sylt/IMG_1.JPG'],
  },
  wide: {
    size: [4000, 1000],
    mime: 'image/png',
    metadata: {
      takenAt: new Date(2024, 0, 1).getTime(),
      camera: "O'Brien_1%",
      iso: 100,
      rating: 0,
      title: 'ÜBERSICHT 50%',
      description: 'Taken apart',
      takenAtSource: 'exif',
      latitude: 48.25,
      longitude: 16.3738,
    },
    mark: { rating: 5 },
    files: ['r:2024/pano.png', 'away:copy.png'],
  },
  tall: {
    size: [1000, 1500],
    metadata: { takenAt: new Date(2024, 4, 17, 12).getTime(), rating: 3, latitude: 0.01, longitude: 179.99 },
    mark: { rating: 0 },
    files: ['away:old/tall.jpg', 'away:old/tall.mov+away:old/tall.jpg'],
  },
  square: {
    size: [500, 500],
    mime: 'video/mp4',
    seconds: 90.3,
    metadata: { latitude: -0.01, longitude: -179.99 },
    files: ['r:square.mp4'],
  },
  secret: { size: [700, 700], mark: { hidden: true, favourite: true }, files: ['r:secret.jpg'] },
  // Taken on New Year's Day where it was taken: here it may have been the day before, or the day after.
  tokyo: {
    size: [600, 600],
    metadata: { takenAt: Date.UTC(2021, 11, 31, 15, 30), takenAtOffset: 540, takenAtSource: 'exif' },
    files: ['r:tokyo.jpg'],
  },
  honolulu: {
    size: [600, 600],
    metadata: { takenAt: Date.UTC(2022, 0, 2, 9, 30), takenAtOffset: -600, takenAtSource: 'exif' },
    files: ['r:honolulu.jpg'],
  },
};
const ids = Object.keys(made);
const idOf = (name: string): string => name.padEnd(16, '0');

let directory = '';
let store: Store;
let filters: Filters;
let asked: string[] = [];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'afterimage-filters-'));
  store = await Store.open(join(directory, 'database'));
  const catalogue = new Catalogue();
  const photos = Object.entries(made).map(
    ([name, { size: [width, height] = [1500, 1000], mime = 'image/jpeg', seconds = null, metadata }]): PhotoRow => ({
      photoId: idOf(name),
      contentHash: name,
      pixelHash: name,
      width,
      height,
      mime,
      phash: null,
      sharpness: null,
      seconds,
      metadata: { ...nothing, ...metadata },
    }),
  );
  const files = Object.entries(made).flatMap(([name, photo]) =>
    photo.files.map((place): FileRow => {
      const [own = '', lead] = place.split('+');
      const [rootId = '', relPath = ''] = own.split(':');
      return {
        fileId: place,
        rootId,
        relPath,
        size: 1,
        mtime: 1,
        device: '1',
        inode: '1',
        contentHash: name,
        photoId: idOf(name),
        failure: null,
        leftOut: null,
        groupId: lead ?? null,
        sidecars: null,
        goneAt: null,
        seenAt: 1,
      };
    }),
  );
  const none = (): boolean => false;
  await store.commit({ vectors: [], photos, files }, { vector: none, photo: none, file: none });
  for (const photo of photos)
    catalogue.putPhoto({ ...photo, takenAt: photo.metadata.takenAt ?? 0, rating: photo.metadata.rating });
  for (const file of files) catalogue.putFile(file);
  for (const [name, { mark }] of Object.entries(made))
    if (mark !== undefined) catalogue.marks.set(idOf(name), { ...unmarked, ...mark });
  const rows = new Map(ids.map((name, row) => [idOf(name), row]));
  filters = new Filters({
    catalogue,
    // A last row that no file shows.
    shown: Uint8Array.of(...ids.map(() => 1), 0),
    rowOf: (id) => rows.get(id),
    photoIdsWhere: (predicate) => {
      asked.push(predicate);
      return store.photoIdsWhere(predicate);
    },
    pathOf: ({ rootId, relPath }) => `/home/me/${rootId === 'r' ? 'Pictures' : 'Drive'}/${relPath}`,
    folderOf: ({ rootId, relPath }) =>
      `/${rootId === 'r' ? 'Pictures' : 'Drive'}/${relPath.slice(0, relPath.lastIndexOf('/') + 1)}`,
    isOffline: ({ rootId }) => rootId === 'away',
    tagRows: (tag) => Promise.resolve(tag === 'water' ? Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 1) : null),
  });
});
afterAll(async () => {
  await store.close();
  await rm(directory, { recursive: true, force: true });
});

const empty: Omit<FilterSource, 'catalogue'> = {
  shown: Uint8Array.of(),
  rowOf: () => undefined,
  photoIdsWhere: () => Promise.resolve([]),
  pathOf: () => '',
  folderOf: () => '',
  isOffline: () => false,
  tagRows: () => Promise.resolve(null),
};

const namesFor = async (query: string): Promise<string> => {
  const { mask } = await filters.of(parseQuery(query).filters);
  expect(mask).toHaveLength(ids.length + 1);
  expect(mask[ids.length]).toBe(0);
  return ids.filter((_, row) => mask[row] === 1).join(' ');
};

describe('Filters', () => {
  it.each([
    ['', 'sea wide tall square tokyo honolulu'],
    ['camera:nikon', 'sea'],
    ['camera:D90', 'sea'],
    [`camera:"o'brien_1%"`, 'wide'],
    ['camera:%', 'wide'],
    ['camera:o_brien', ''],
    ['-camera:nikon', 'wide tall square tokyo honolulu'],
    ['lens:35MM', 'sea'],
    ['title:übersicht', 'wide'],
    ['description:apart', 'wide'],
    ['keyword:nordsee', 'sea'],
    ['keyword:"low tide"', 'sea'],
    ['-keyword:tide', 'wide tall square tokyo honolulu'],
    ['iso:400', 'sea'],
    ['iso:>=100', 'sea wide'],
    ['iso:>100', 'sea'],
    ['iso:<400', 'wide'],
    ['iso:100..400', 'sea wide'],
    ['-iso:400', 'wide tall square tokyo honolulu'],
    ['aperture:f/2.8', 'sea'],
    ['exposure:1/250', 'sea'],
    ['exposure:>1s', ''],
    ['focal:35mm', 'sea'],
    ['rating:0', 'tall'],
    ['rating:>=1', 'sea wide'],
    ['rating:5', 'wide'],
    ['width:4000', 'wide'],
    ['height:>=1000', 'sea wide tall'],
    ['duration:1:30', 'square'],
    ['duration:<1:30', ''],
    ['duration:>10s', 'square'],
    ['type:png', 'wide'],
    ['type:jpg', 'sea tall tokyo honolulu'],
    ['type:mp4', 'square'],
    ['on:2023', 'sea'],
    ['on:2024', 'wide tall'],
    ['on:2024-05-17', 'tall'],
    ['on:2022', 'tokyo honolulu'],
    ['on:2022-01-01', 'tokyo honolulu'],
    ['on:2021', ''],
    ['-on:2022', 'sea wide tall square'],
    ['after:2024', 'wide tall'],
    ['before:2022-01-02', 'square tokyo honolulu'],
    ['before:2022', 'square'],
    ['on:2023..2024-01', 'sea wide'],
    ['near:48.2082,16.3738', 'sea wide'],
    ['near:48.2082,16.3738,1km', 'sea'],
    ['near:48.2082,16.3738,4.5km', 'sea'],
    ['near:48.2082,16.3738,4.8km', 'sea wide'],
    ['near:0,180,5km', 'tall square'],
    ['-near:0,180,5km', 'sea wide tokyo honolulu'],
    ['in:sylt', 'sea'],
    ['in:pictures/2024', 'wide'],
    ['in:Drive', 'wide tall'],
    ['in:/home/me/Pictures/2023', 'sea'],
    ['in:home', ''],
    ['name:img', 'sea'],
    ['name:.PNG', 'wide'],
    ['name:2023', ''],
    ['is:landscape', 'sea wide'],
    ['is:portrait', 'tall'],
    ['is:panorama', 'wide'],
    ['is:duplicate', 'wide'],
    ['is:offline', 'tall'],
    ['-is:offline', 'sea wide square tokyo honolulu'],
    ['is:favourite', 'sea'],
    ['-is:favourite', 'wide tall square tokyo honolulu'],
    ['is:video', 'square'],
    ['-is:video', 'sea wide tall tokyo honolulu'],
    ['is:raw', 'sea'],
    ['is:live', 'tall'],
    ['is:hidden', 'secret'],
    ['is:Hidden is:favourite', 'secret'],
    ['-is:hidden', 'sea wide tall square tokyo honolulu'],
    ['width:700', ''],
    ['has:date', 'sea wide tokyo honolulu'],
    ['-has:date', 'tall square'],
    ['has:place', 'sea wide tall square'],
    ['has:rating', 'sea wide'],
    ['has:keyword', 'sea'],
    ['has:title', 'wide'],
    ['has:description', 'wide'],
    ['has:camera', 'sea wide'],
    ['tag:water', 'sea'],
    ['on:2024 -is:panorama', 'tall'],
    ['camera:nikon is:portrait', ''],
  ])('%s finds %j', async (query, names) => {
    expect(await namesFor(query)).toBe(names);
  });

  it('says why a tag that nobody knows finds nothing', async () => {
    expect(await namesFor('tag:unheard-of')).toBe('');
    expect((await filters.of(parseQuery('tag:unheard-of').filters)).notes).toHaveLength(1);
    expect(await namesFor('-tag:unheard-of')).toBe('sea wide tall square tokyo honolulu');
  });

  it('says so while there are no favourites', async () => {
    const wanted = parseQuery('is:favourite').filters;
    expect((await filters.of(wanted)).notes).toEqual([]);
    const source = { ...empty, catalogue: new Catalogue() };
    expect((await new Filters(source).of(wanted)).notes).toEqual([expect.stringContaining('no favourites')]);
  });

  it('asks the store for a condition only once', async () => {
    asked = [];
    await namesFor('camera:canon iso:200');
    await namesFor('iso:200 camera:canon');
    await namesFor('-camera:canon');
    await namesFor('camera:canon iso:200');
    expect(asked).toHaveLength(2);
  });
});
