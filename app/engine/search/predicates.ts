import type { CalendarDay } from '../../query/language/dates.ts';
import type { FilterCondition } from '../../query/language/filter-values.ts';
import { quote } from '../../store/table.ts';

type Condition<K extends FilterCondition['kind']> = Extract<FilterCondition, { kind: K }>;

/** Conditions that only the store can answer. */
export type Recorded =
  | (Condition<'text'> & { readonly field: keyof typeof TEXT_COLUMNS })
  | (Condition<'number'> & { readonly field: keyof typeof NUMBER_COLUMNS })
  | (Condition<'record'> & { readonly record: keyof typeof RECORDED })
  | Condition<'date'>
  | Condition<'near'>
  | Condition<'type'>;

/** SQL of each field's text. */
const TEXT_COLUMNS = {
  camera: 'camera',
  lens: 'lens',
  title: 'title',
  description: 'description',
  keyword: "array_to_string(keywords, '\n')",
} as const;

const NUMBER_COLUMNS = {
  iso: 'iso',
  aperture: 'aperture',
  exposure: 'exposure_seconds',
  focal: 'focal_length',
} as const;

/** SQL of whether anything is recorded. */
const RECORDED = {
  date: "taken_at_source != 'file'",
  place: 'latitude IS NOT NULL',
  keyword: 'array_length(keywords) > 0',
  title: 'title IS NOT NULL',
  description: 'description IS NOT NULL',
  camera: 'camera IS NOT NULL',
} as const;

/** Of the earth, in kilometres: the mean radius of WGS 84, doubled. */
const DIAMETER = 12_742.0176;
/** More than rounding can make of a distance. */
const LITTLE_DEGREES = 0.001;
const DAY_MS = 86_400_000;

/**
 * A condition as an SQL predicate on the photos' columns; false or null where nothing is recorded. Texts are looked for
 * as they are: nothing in them means anything to SQL. No index helps with what is computed from columns, so before it comes
 * a wider range of one column itself.
 */
export const predicateOf = (condition: Recorded): string => {
  switch (condition.kind) {
    case 'text':
      return `strpos(lower(${TEXT_COLUMNS[condition.field]}), ${quote(condition.text)}) > 0`;
    case 'number': {
      const column = NUMBER_COLUMNS[condition.field];
      const { least, most } = condition;
      const sides = [
        least === null ? [] : `${column} ${least.included ? '>=' : '>'} ${sql(least.value)}`,
        most === null ? [] : `${column} ${most.included ? '<=' : '<'} ${sql(most.value)}`,
      ].flat();
      return sides.length > 0 ? sides.join(' AND ') : `${column} IS NOT NULL`;
    }
    case 'near': {
      const { latitude, longitude, kilometres } = condition;
      // Haversine: exact enough at any distance, and across the date line and the poles.
      const half = (column: string, degrees: number): string =>
        `power(sin(radians(${column} - ${sql(degrees)}) / 2), 2)`;
      const square = `${half('latitude', latitude)} + cos(radians(${sql(latitude)})) * cos(radians(latitude)) * ${half('longitude', longitude)}`;
      const farthest = ((kilometres / DIAMETER) * 360) / Math.PI + LITTLE_DEGREES;
      // Right everywhere, as no range of longitudes is.
      const band = `latitude >= ${sql(latitude - farthest)} AND latitude <= ${sql(latitude + farthest)}`;
      return `${band} AND ${String(DIAMETER)} * asin(sqrt(least(1.0, ${square}))) <= ${sql(kilometres)}`;
    }
    case 'record':
      return RECORDED[condition.record];
    case 'date': {
      // A day is that of the place, whose clock is known or taken for this computer's; either way.
      const between = (time: string, startOf: (day: CalendarDay) => number, slack = 0): string =>
        [
          condition.from === null ? [] : `${time} >= ${sql(startOf(condition.from) - slack)}`,
          condition.until === null ? [] : `${time} < ${sql(startOf(condition.until) + slack)}`,
        ]
          .flat()
          .join(' AND ');
      const inUtc = ({ year, month, day }: CalendarDay): number => Date.UTC(year, month - 1, day);
      const here = between('taken_at', ({ year, month, day }) => new Date(year, month - 1, day).getTime());
      const there = between('taken_at + taken_at_offset * 60000.0', inUtc);
      // No clock is a whole day away from UTC.
      const about = between('taken_at', inUtc, DAY_MS);
      return `${about} AND ((taken_at_offset IS NULL AND ${here}) OR (taken_at_offset IS NOT NULL AND ${there}))`;
    }
    case 'type':
      return `mime IN (${condition.mimes.map(quote).join(', ')})`;
  }
};

/** A number as SQL reads a float, whatever its size. */
const sql = (value: number): string => `CAST('${String(value)}' AS double)`;
