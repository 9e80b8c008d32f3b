import type { Field } from './ast.ts';
import { problem, shown } from './problem.ts';
import { decimal } from './scanner.ts';

export type Measure = Extract<
  Field,
  'iso' | 'aperture' | 'exposure' | 'focal' | 'rating' | 'width' | 'height' | 'duration'
>;

/** One end of a range. */
export interface Bound {
  readonly value: number;
  /** Whether the value itself is in the range. */
  readonly included: boolean;
}

interface Unit {
  /** How numbers of this kind are written, for the error. */
  readonly example: string;
  readonly read: (text: string) => number | null;
  /** How far a recorded number may lie from the one that is asked for: cameras and people round. */
  readonly slack: (value: number) => number;
  readonly most?: number;
}

const exactly = (): number => 0;
/** Well under a third of a stop, in which cameras set aperture and time. */
const nearly = (value: number): number => 0.02 * value;

/** Reads a number with what may stand around it. */
const around = (prefix: RegExp, suffix: RegExp) => (text: string) =>
  decimal(text.replace(prefix, '').replace(suffix, ''));

const NOTHING = /^/u;
const pixels: Unit = { example: '1920', read: around(NOTHING, /\s*px$/iu), slack: exactly };

/** Seconds, as a number or a fraction. */
const readTime = (text: string): number | null => {
  const [above = '', below = '1', ...more] = text.replace(/\s*s$/iu, '').split('/');
  const [numerator, denominator] = [decimal(above), decimal(below)];
  return more.length > 0 || numerator === null || denominator === null ? null : numerator / denominator;
};

/** Seconds, from `90`, `90s`, `1.5min`, `2h` or `1:30`. */
const readDuration = (text: string): number | null => {
  const clock = /^(?:(?<hours>\d+):)?(?<minutes>\d+):(?<seconds>\d\d)$/u.exec(text)?.groups;
  if (clock !== undefined) {
    return Number(clock.hours ?? 0) * 3600 + Number(clock.minutes) * 60 + Number(clock.seconds);
  }
  const [, figure = '', unit = ''] = /^(.*?)\s*(s|min|m|h|)$/iu.exec(text) ?? [];
  const value = decimal(figure);
  return value === null ? null : value * (unit === '' || /s/iu.test(unit) ? 1 : /h/iu.test(unit) ? 3600 : 60);
};

const UNITS: Readonly<Record<Measure, Unit>> = {
  iso: { example: '400', read: decimal, slack: exactly },
  aperture: { example: 'f/2.8', read: around(/^f\/?/iu, NOTHING), slack: nearly },
  exposure: { example: '1/250 or 2s', read: readTime, slack: nearly },
  focal: { example: '35mm', read: around(NOTHING, /\s*mm$/iu), slack: () => 0.5 },
  rating: { example: '4', read: decimal, slack: exactly, most: 5 },
  width: pixels,
  height: pixels,
  duration: { example: '90s or 1:30', read: readDuration, slack: () => 0.5 },
};

/**
 * Reads a number or a range: `400`, `>=400`, `<400`, `100..400`, `100..`. Ends of `..` are in the range. A single number
 * also takes in what a camera may have recorded for it.
 *
 * @returns bounds in pixels, seconds, millimetres or the bare number; null where a side is open
 * @throws AfterimageError `query-syntax`
 */
export const readRange = (
  field: Measure,
  text: string,
  at: number,
): { readonly least: Bound | null; readonly most: Bound | null } => {
  const { example, read, slack, most: limit = Number.MAX_VALUE } = UNITS[field];
  const span = { at, length: text.length };
  const fail = (): Error =>
    problem(
      `The ${field} \`${shown(text)}\` at ${at + 1} does not work: write ${limit === 5 ? 'a number from 0 to 5' : `a number such as ${example}`}, or a range with >, >=, <, <= or .. between two.`,
      span,
    );
  const valueOf = (part: string): number => {
    const value = read(part.trim());
    if (value === null || !(value >= 0 && value <= limit)) throw fail();
    return value;
  };
  const compared = /^(?<sign>>=|<=|[<>=≥≤])(?<rest>.*)$/su.exec(text)?.groups;
  const sign = compared?.sign ?? '=';
  const rest = compared?.rest ?? text;
  if (compared === undefined && text.includes('..')) {
    const [first = '', last = '', ...more] = text.split('..');
    if (more.length > 0 || (first === '' && last === '')) throw fail();
    const least = first === '' ? null : { value: valueOf(first), included: true };
    const most = last === '' ? null : { value: valueOf(last), included: true };
    if (least !== null && most !== null && least.value > most.value) {
      throw problem(`The range \`${shown(text)}\` at ${at + 1} stands the wrong way round.`, span);
    }
    return { least, most };
  }
  const value = valueOf(rest);
  if (sign === '=') {
    const within = slack(value);
    return { least: { value: value - within, included: true }, most: { value: value + within, included: true } };
  }
  const bound = { value, included: !/^[<>]$/u.test(sign) };
  return /[>≥]/u.test(sign) ? { least: bound, most: null } : { least: null, most: bound };
};
