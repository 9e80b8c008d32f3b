import type { Moment, Source } from './said.ts';

/** Widest of the world’s clocks, in minutes from UTC, with some room. */
const WIDEST_OFFSET = 15 * 60;

const WRITTEN =
  /^(?<year>\d{4})(?:[-:/.](?<month>\d\d)(?:[-:/.](?<day>\d\d)(?:[T ]+(?<time>\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?))?)?)?\s*(?<zone>Z|[+-]\d\d:?\d\d)?$/u;

/** Minutes ahead of UTC of `+02:00`, `-0930` or `Z`; null for anything else. */
const offsetOf = (zone: string | null | undefined): number | null => {
  if (zone === 'Z') return 0;
  const { sign, hours, minutes } = /^(?<sign>[+-])(?<hours>\d\d):?(?<minutes>\d\d)$/u.exec(zone ?? '')?.groups ?? {};
  const offset = Number(hours) * 60 + Number(minutes);
  return offset <= WIDEST_OFFSET ? (sign === '-' && offset !== 0 ? -offset : offset) : null;
};

/** Parts of a date on somebody’s clock: year, month and day from 1, hours, minutes, seconds. */
export type Clock = readonly [
  year: number,
  month: number,
  day: number,
  hours: number,
  minutes: number,
  seconds: number,
];

/**
 * What a clock showed as a point in time.
 *
 * @param offset of the clock in minutes ahead of UTC; null takes it for this computer’s, as its owner’s watch showed it
 * @returns milliseconds since 1970; null for a date or a time that there is not
 */
export const timeOf = ([year, month, day, hours, minutes, seconds]: Clock, offset: number | null): number | null => {
  const utc = new Date(Date.UTC(year, month - 1, day));
  const isDay = utc.getUTCFullYear() === year && utc.getUTCMonth() === month - 1 && utc.getUTCDate() === day;
  if (!isDay || hours > 23 || minutes > 59 || seconds >= 61) return null;
  return offset === null
    ? new Date(year, month - 1, day, hours, minutes, 0).getTime() + Math.round(seconds * 1000)
    : utc.getTime() + ((hours * 60 + minutes - offset) * 60 + seconds) * 1000;
};

/**
 * Reads a date and time as EXIF (`2021:06:05 12:34:56`), XMP or IPTC write it, be it only a year.
 *
 * @param zone of the clock, where the text itself has none
 */
export const readMoment = (text: string | null, source: Source, zone?: string | null): Moment | null => {
  const { year, month = '01', day = '01', time = '00:00', zone: own } = WRITTEN.exec(text?.trim() ?? '')?.groups ?? {};
  const [hours = 0, minutes = 0, seconds = 0] = time.replace(',', '.').split(':').map(Number);
  const takenAtOffset = offsetOf(own ?? zone?.trim());
  // No camera is older, and cameras without a date write zeros.
  if (!(Number(year) > 1800)) return null;
  const takenAt = timeOf([Number(year), Number(month), Number(day), hours, minutes, seconds], takenAtOffset);
  return takenAt === null ? null : { takenAt: Math.round(takenAt), takenAtOffset, takenAtSource: source };
};
