import { problem, shown } from './problem.ts';

/** A day by the calendar, wherever the photo was taken: `month` and `day` count from 1. */
export interface CalendarDay {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** Days from the first of `from` to, not including, `until`. */
interface Period {
  readonly from: CalendarDay;
  readonly until: CalendarDay;
}

const DATE = /^(?<year>[12]\d{3})(?:-(?<month>\d{1,2})(?:-(?<day>\d{1,2}))?)?$/u;

/** The day that far along, counting months and days as they come. */
const dayOf = (year: number, month: number, day: number): CalendarDay => {
  const date = new Date(Date.UTC(year, month - 1, day));
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
};

const readPeriod = (text: string, at: number): Period => {
  const groups = DATE.exec(text)?.groups;
  const year = Number(groups?.year);
  const month = Number(groups?.month ?? 1);
  const day = Number(groups?.day ?? 1);
  const from = dayOf(year, month, day);
  if (from.year !== year || from.month !== month || from.day !== day) {
    const reason = groups === undefined ? 'is not written as 2024, 2024-05 or 2024-05-17' : 'is not in the calendar';
    throw problem(`The date \`${shown(text)}\` at ${at + 1} ${reason}.`, { at, length: text.length });
  }
  if (groups?.month === undefined) return { from, until: dayOf(year + 1, 1, 1) };
  return { from, until: groups.day === undefined ? dayOf(year, month + 1, 1) : dayOf(year, month, day + 1) };
};

/**
 * Reads the value of `after:`, `before:` or `on:`. `after:2024` begins with 2024, `before:2024` ends with 2023, and `on:`
 * holds all of its year, month or day, or all from the first to the second of `2023..2024-05`.
 *
 * @throws AfterimageError `query-syntax`
 */
export const readDates = (
  field: 'after' | 'before' | 'on',
  text: string,
  at: number,
): { readonly from: CalendarDay | null; readonly until: CalendarDay | null } => {
  if (field !== 'on') {
    const { from } = readPeriod(text, at);
    return field === 'after' ? { from, until: null } : { from: null, until: from };
  }
  const gap = text.indexOf('..');
  if (gap < 0) return readPeriod(text, at);
  const [first, last] = [text.slice(0, gap), text.slice(gap + 2)];
  if (first === '' && last === '') throw problem(`There is no date at ${at + 1}.`, { at, length: text.length });
  const from = first === '' ? null : readPeriod(first, at).from;
  const until = last === '' ? null : readPeriod(last, at + gap + 2).until;
  if (from !== null && until !== null && number(from) >= number(until)) {
    throw problem(`The dates \`${shown(text)}\` at ${at + 1} stand the wrong way round.`, { at, length: text.length });
  }
  return { from, until };
};

/** For comparing. */
const number = ({ year, month, day }: CalendarDay): number => (year * 100 + month) * 100 + day;
