import { timeOf } from './moment.ts';
import type { Moment } from './said.ts';

/** What stands between a day and its time, what between two parts of a time, and the milliseconds behind them. */
const TIME = String.raw`(?:[ T_-]|[ _-]at[ _-])?(?<time>\d\d[-_.:]?\d\d[-_.:]?\d\d)(?:[-_.]?(?<ms>\d{3})(?!\d))?(?<half>\s?[AP]M\b)?`;
const DAYS = [
  // One run of digits, as in IMG_20190817_143000 and BURST20190817143000123.
  String.raw`(?<!\d)(?<year>19[89]\d|20\d\d)(?<month>\d\d)(?<day>\d\d)`,
  // Parts with one sign between them, as in 2019-08-17 14.30.00; the end of a longer number is none.
  String.raw`(?<!\d|\d[-.])(?<year>19\d\d|20\d\d)(?<sign>[-_.])(?<month>\d\d)\k<sign>(?<day>\d\d)`,
].map((day) => new RegExp(String.raw`${day}(?:${TIME})?(?!\d)`, 'giu'));
/** Milliseconds since 1970, as WeChat and Facebook name what they save. */
const EPOCH = /^(?:mmexport|FB_IMG_|wx_camera_)(?<epoch>1\d{12})(?!\d)/u;
/** Names that programs make up hold any digits. */
const MADE_UP = /[\da-f]{8}-?(?:[\da-f]{4}-?){3}[\da-f]{12}/giu;
/** Pixel phones name pictures by the clock of Greenwich. */
const IN_UTC = 'PXL_';

/**
 * When a file was made, as far as its name says so; a name that has only the day means its first moment. Numbers that are
 * no day of the calendar, or part of longer numbers, are no dates.
 *
 * @param latest years after this one are none, such as the 2048 of a size
 */
export const momentIn = (name: string, latest = new Date().getFullYear() + 1): Moment | null => {
  const epoch = EPOCH.exec(name)?.groups?.epoch;
  const times = DAYS.flatMap((day) =>
    [...name.replaceAll(MADE_UP, '').matchAll(day)].map(({ groups = {} }) => read(groups, latest, name)),
  );
  const takenAt = epoch === undefined ? times.find((time) => time !== null) : Number(epoch);
  return takenAt === undefined ? null : { takenAt, takenAtOffset: null, takenAtSource: 'name' };
};

const read = (found: Readonly<Record<string, string | undefined>>, latest: number, name: string): number | null => {
  const [year, month, day] = [Number(found.year), Number(found.month), Number(found.day)];
  if (year > latest) return null;
  const [hours = 0, minutes = 0, seconds = 0] = (found.time?.match(/\d\d/gu) ?? []).map(Number);
  const half = found.half?.trim().toUpperCase();
  const hour = half === undefined ? hours : (hours % 12) + (half === 'PM' ? 12 : 0);
  const second = seconds + Number(found.ms ?? 0) / 1000;
  const offset = name.startsWith(IN_UTC) ? 0 : null;
  // Six digits that are no time of day are a counter.
  return timeOf([year, month, day, hour, minutes, second], offset) ?? timeOf([year, month, day, 0, 0, 0], offset);
};
