import { Bool, Field, FixedSizeList, Float32, Float64, Int32, List, Schema, Utf8 } from 'apache-arrow';

const utf8 = (name: string, nullable = false): Field => new Field(name, new Utf8(), nullable);
const float64 = (name: string, nullable = false): Field => new Field(name, new Float64(), nullable);
const int32 = (name: string, nullable = false): Field => new Field(name, new Int32(), nullable);

/**
 * One row per path; `literal` holds the words that it is found by (see literal.ts). The key is the first column: LanceDB's
 * `mergeInsert` can miss rows otherwise.
 */
export const filesSchema = new Schema([
  utf8('file_id'),
  utf8('root_id'),
  utf8('rel_path'),
  float64('size'),
  float64('mtime'),
  utf8('device'),
  utf8('inode'),
  utf8('content_hash', true),
  utf8('photo_id', true),
  utf8('state'),
  utf8('error_kind', true),
  utf8('error', true),
  float64('seen_at'),
  utf8('literal', true),
  utf8('group_id', true),
  utf8('sidecars', true),
  float64('gone_at', true),
]);

/** One row per photo, that is per picture, however many files show it. */
export const photosSchema = new Schema([
  utf8('photo_id'),
  utf8('content_hash'),
  utf8('pixel_hash'),
  int32('width'),
  int32('height'),
  utf8('mime'),
  float64('taken_at', true),
  utf8('taken_at_source'),
  utf8('camera', true),
  utf8('lens', true),
  utf8('exposure', true),
  float64('latitude', true),
  float64('longitude', true),
  int32('rating', true),
  new Field('keywords', new List(new Field('item', new Utf8(), true)), false),
  utf8('title', true),
  utf8('description', true),
  float64('iso', true),
  float64('aperture', true),
  float64('exposure_seconds', true),
  float64('focal_length', true),
  int32('taken_at_offset', true),
  utf8('phash', true),
  float64('sharpness', true),
  float64('seconds', true),
]);

/** SQL: the number that a pattern finds in the exposure as it is displayed. */
const shown = (pattern: string): string => `nullif(try_cast((regexp_match(exposure, '${pattern}'))[1] AS double), 0.0)`;

/** Columns that older libraries lack, and what fills them there. */
export const addedColumns: Readonly<Record<string, string>> = {
  literal: 'cast(NULL AS string)',
  group_id: 'cast(NULL AS string)',
  sidecars: 'cast(NULL AS string)',
  gone_at: 'cast(NULL AS double)',
  taken_at_offset: 'cast(NULL AS int)',
  phash: 'cast(NULL AS string)',
  sharpness: 'cast(NULL AS double)',
  seconds: 'cast(NULL AS double)',
  at: 'cast(NULL AS double)',
  iso: shown('ISO ([0-9.]+)'),
  aperture: shown('f/([0-9.]+)'),
  exposure_seconds: `${shown('^([0-9.]+)(/[0-9.]+)? s')} / coalesce(${shown('^[0-9.]+/([0-9.]+) s')}, 1.0)`,
  focal_length: shown('([0-9.]+) mm'),
};

/** One row per photo and part (see VectorRow). Vectors are unit vectors, `[dimension]`. */
export const vectorsSchema = (dimension: number): Schema =>
  new Schema([
    utf8('photo_id'),
    int32('part'),
    new Field('vector', new FixedSizeList(dimension, new Field('item', new Float32(), true)), false),
    float64('at', true),
  ]);

/** One row per photo that the person has said something of. */
export const userSchema = new Schema([
  utf8('photo_id'),
  new Field('favourite', new Bool(), false),
  int32('rating', true),
  new Field('hidden', new Bool(), false),
]);

/** One row per word of the vocabulary, with its unit vector in one model's space. */
export const bankSchema = (dimension: number): Schema =>
  new Schema([
    utf8('word'),
    new Field('vector', new FixedSizeList(dimension, new Field('item', new Float32(), true)), false),
  ]);

/** How much of a hub a photo is for one model; the newest row of a photo counts. */
export const hubsSchema = new Schema([utf8('photo_id'), new Field('hub', new Float32(), false)]);
