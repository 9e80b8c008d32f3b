import type { Field, Mode, RecordKind, SortKey, Trait } from './ast.ts';
import type { AtomName, Option } from './names.ts';

/** What may stand before a colon, in a line each; pictures from outside are dropped, not written. */
export const NAME_CHOICES = {
  photo: 'Like this photo, by its file name or id',
  slide: 'Between two things: slide:(summer, winter)@0.5',
  like: 'Like these photos, by id',
  unlike: 'Unlike these photos, by id',
  in: 'In a folder whose path contains this',
  after: 'Taken in this year, month or day, or later',
  before: 'Taken before this year, month or day',
  on: 'Taken in this year, month or day, or 2023..2024',
  camera: 'Camera whose name contains this',
  lens: 'Lens whose name contains this',
  iso: 'Sensitivity: 400, >=1600, 100..400',
  aperture: 'Aperture: f/2.8, <4',
  exposure: 'Exposure time: 1/250, >=2s',
  focal: 'Focal length: 35mm, >=85',
  type: 'Kind of file: jpeg, png, …',
  rating: 'Stars, yours or those in the file: 5, >=3',
  keyword: 'Keyword in the file that contains this',
  tag: 'Word that the model sees in the photo',
  name: 'File name that contains this',
  title: 'Title in the file that contains this',
  description: 'Description in the file that contains this',
  width: 'Width in pixels: >=1920',
  height: 'Height in pixels: >=1080',
  duration: 'Length of a video: 10s, <1:30',
  is: 'Favourite, landscape, duplicate, …',
  has: 'Anything recorded: date, place, rating, …',
  near: 'Near a place: latitude,longitude,distance',
  mode: 'How terms are combined',
  tolerance: 'How unsure a match may be, from 0 to 1',
  sort: 'Order of the results',
} as const satisfies Record<Field | Option | Exclude<AtomName, 'image'>, string>;

const MODE_CHOICES: Record<Mode, string> = {
  auto: 'What works best for most queries',
  mix: 'Adds and subtracts meanings',
  all: 'Every wanted term has to fit',
  any: 'One wanted term is enough',
  together: 'The wanted terms as one blend, in any proportion',
};

const TRAIT_CHOICES: Record<Trait, string> = {
  favourite: 'Marked as a favourite',
  landscape: 'Wider than high',
  portrait: 'Higher than wide',
  panorama: 'At least twice as wide as high',
  offline: 'In a folder that cannot be read now',
  duplicate: 'In several files',
  video: 'A video',
  raw: 'With a camera’s raw file',
  live: 'With a moving part',
  hidden: 'Hidden, and shown by no other query',
};

const RECORD_CHOICES: Record<RecordKind, string> = {
  date: 'A date in the file or in its name',
  place: 'Where it was taken',
  rating: 'One star or more',
  keyword: 'A keyword',
  title: 'A title',
  description: 'A description',
  camera: 'The camera it was taken with',
};

const SORT_CHOICES: Record<SortKey | `${SortKey}-`, string> = {
  match: 'Best match first',
  'match-': 'Worst match first',
  date: 'Newest first',
  'date-': 'Oldest first',
  added: 'Added last first',
  'added-': 'Added first first',
  name: 'By file name, from A',
  'name-': 'By file name, from Z',
  size: 'Largest file first',
  'size-': 'Smallest file first',
  rating: 'Most stars first',
  'rating-': 'Fewest stars first',
  title: 'By title, from A',
  'title-': 'By title, from Z',
  camera: 'By camera, from A',
  'camera-': 'By camera, from Z',
  lens: 'By lens, from A',
  'lens-': 'By lens, from Z',
  iso: 'Highest sensitivity first',
  'iso-': 'Lowest sensitivity first',
  aperture: 'Smallest opening first',
  'aperture-': 'Widest opening first',
  exposure: 'Longest exposure first',
  'exposure-': 'Shortest exposure first',
  focal: 'Longest focal length first',
  'focal-': 'Shortest focal length first',
  resolution: 'Most pixels first',
  'resolution-': 'Fewest pixels first',
  duration: 'Longest video first',
  'duration-': 'Shortest video first',
};

/** Values that are known without a library, by what stands before their colon. */
export const VALUE_CHOICES: ReadonlyMap<string, Readonly<Record<string, string>>> = new Map<
  string,
  Readonly<Record<string, string>>
>([
  ['mode', MODE_CHOICES],
  ['is', TRAIT_CHOICES],
  ['has', RECORD_CHOICES],
  ['sort', SORT_CHOICES],
]);

/** Fields whose values only the library knows, as `search.values` calls them. */
export type AskedField = 'in' | 'camera' | 'lens' | 'keyword' | 'tag' | 'name' | 'type' | 'after';

/** What to ask the library for, by what stands before the colon. */
export const ASKED: ReadonlyMap<string, AskedField> = new Map<string, AskedField>([
  ['in', 'in'],
  ['camera', 'camera'],
  ['lens', 'lens'],
  ['keyword', 'keyword'],
  ['tag', 'tag'],
  ['name', 'name'],
  ['photo', 'name'],
  ['type', 'type'],
  ['after', 'after'],
  ['before', 'after'],
  ['on', 'after'],
]);
