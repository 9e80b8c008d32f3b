import { RECORDS, TRAITS, type Field, type Filter, type RecordKind, type Trait } from './ast.ts';
import { readDates, type CalendarDay } from './dates.ts';
import { problem, shown, unknownWord } from './problem.ts';
import { readRange, type Bound, type Measure } from './ranges.ts';
import { readNumber } from './scanner.ts';
import { mimesOf, USUAL_TYPES } from './types.ts';

type TextField = Extract<Field, 'in' | 'camera' | 'lens' | 'keyword' | 'tag' | 'name' | 'title' | 'description'>;

/** What a filter asks, without its `not`. */
export type FilterCondition =
  /** Contains the text, in lower case; `in` is asked of the folder, `name` of the file's name. */
  | { readonly kind: 'text'; readonly field: TextField; readonly text: string }
  /** Pixels, seconds, millimetres or the bare number; null where a side is open. */
  | {
      readonly kind: 'number';
      readonly field: Measure;
      readonly least: Bound | null;
      readonly most: Bound | null;
    }
  /** Taken on `from` or later, and before `until` begins, by the calendar where it was taken; null where a side is open. */
  | { readonly kind: 'date'; readonly from: CalendarDay | null; readonly until: CalendarDay | null }
  /** Taken at most so far from a place in degrees. */
  | {
      readonly kind: 'near';
      readonly latitude: number;
      readonly longitude: number;
      readonly kilometres: number;
    }
  | { readonly kind: 'type'; readonly mimes: readonly string[] }
  | { readonly kind: 'trait'; readonly trait: Trait }
  | { readonly kind: 'record'; readonly record: RecordKind };

/** Farther than this is the other side of the earth. */
const FARTHEST_KM = 20_038;
const KILOMETRES: ReadonlyMap<string, number> = new Map([
  ['', 1],
  ['km', 1],
  ['m', 0.001],
  ['mi', 1.609344],
]);

const readNear = (value: string, offset: number): FilterCondition => {
  let next = offset;
  const parts = value.split(',').map((part) => {
    const text = part.trim();
    const at = next + part.indexOf(text);
    next += part.length + 1;
    return { text, at };
  });
  const [latitude, longitude, radius] = parts;
  if (latitude === undefined || longitude === undefined || parts.length > 3) {
    throw problem(
      `The place \`${shown(value)}\` at ${offset + 1} is not written as latitude,longitude or latitude,longitude,distance, such as 48.2,16.4,5km.`,
      { at: offset, length: value.length },
    );
  }
  const [, figure = '', unit = ''] = /^(.*?)(km|mi|m|)$/iu.exec(radius?.text ?? '10km') ?? [];
  const scale = KILOMETRES.get(unit.toLowerCase()) ?? 1;
  const limits = { what: 'distance', least: 0, most: Math.floor(FARTHEST_KM / scale), above: true };
  return {
    kind: 'near',
    latitude: readNumber(latitude.text, latitude.at, { what: 'latitude', least: -90, most: 90 }),
    longitude: readNumber(longitude.text, longitude.at, { what: 'longitude', least: -180, most: 180 }),
    kilometres: readNumber(figure.trim(), radius?.at ?? offset, limits) * scale,
  };
};

/**
 * What a filter asks, as the engine needs it.
 *
 * @param offset where the value begins in the text of the query
 * @throws AfterimageError `query-syntax` when the value cannot be read; positions count from the offset
 */
export const readFilter = ({ field, value }: Pick<Filter, 'field' | 'value'>, offset = 0): FilterCondition => {
  const text = value.trim();
  const at = offset + value.indexOf(text);
  switch (field) {
    case 'in':
    case 'camera':
    case 'lens':
    case 'keyword':
    case 'tag':
    case 'name':
    case 'title':
    case 'description':
      return { kind: 'text', field, text: text.toLowerCase() };
    case 'after':
    case 'before':
    case 'on':
      return { kind: 'date', ...readDates(field, text, at) };
    case 'type': {
      const mimes = mimesOf(text);
      if (mimes !== null) return { kind: 'type', mimes };
      // Not one type, but what people mean by one.
      const trait = (['raw', 'video'] as const).find((known) => known === text.toLowerCase());
      if (trait !== undefined) return { kind: 'trait', trait };
      throw unknownWord('type', text, at, USUAL_TYPES);
    }
    case 'is': {
      const trait = TRAITS.find((known) => known === text.toLowerCase());
      if (trait === undefined) throw unknownWord('trait', text, at, TRAITS);
      return { kind: 'trait', trait };
    }
    case 'has': {
      const record = RECORDS.find((known) => known === text.toLowerCase());
      if (record === undefined) throw unknownWord('record', text, at, RECORDS);
      return { kind: 'record', record };
    }
    case 'near':
      return readNear(text, at);
    default:
      return { kind: 'number', field, ...readRange(field, text, at) };
  }
};
