import { Field, FixedSizeList, Float32, Float64, Int32, List, Schema, Utf8 } from 'apache-arrow';

const utf8 = (name: string, nullable = false): Field => new Field(name, new Utf8(), nullable);
const float64 = (name: string, nullable = false): Field => new Field(name, new Float64(), nullable);
const int32 = (name: string, nullable = false): Field => new Field(name, new Int32(), nullable);

/** One row per path. The key is the first column: LanceDB's `mergeInsert` can miss rows otherwise. */
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
]);

/** One row per photo and part; part 0 is the photo as a whole. Vectors are unit vectors, `[dimension]`. */
export const vectorsSchema = (dimension: number): Schema =>
  new Schema([
    utf8('photo_id'),
    int32('part'),
    new Field('vector', new FixedSizeList(dimension, new Field('item', new Float32(), true)), false),
  ]);
