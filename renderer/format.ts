/** The interface speaks English; a date in another language inside an English sentence would read as a fault. */
const LOCALE = 'en';

const numbers = new Intl.NumberFormat(LOCALE);
const plurals = new Intl.PluralRules(LOCALE);
const percents = new Intl.NumberFormat(LOCALE, { style: 'percent' });
const dates = new Intl.DateTimeFormat(LOCALE, { dateStyle: 'full', timeStyle: 'short' });
const datesInUtc = new Intl.DateTimeFormat(LOCALE, { dateStyle: 'full', timeStyle: 'short', timeZone: 'UTC' });

export const formatNumber = (value: number): string => numbers.format(value);
export const formatPercent = (share: number): string => percents.format(share);
/** @param offset minutes that the clock to be read was ahead of UTC; null for this computer's own */
export const formatDate = (milliseconds: number, offset: number | null = null): string =>
  offset === null ? dates.format(milliseconds) : datesInUtc.format(milliseconds + offset * 60_000);

/** `UTC`, `UTC+9`, `UTC−3:30`. */
export const formatZone = (offset: number): string => {
  const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60];
  if (offset === 0) return 'UTC';
  return `UTC${offset < 0 ? '−' : '+'}${hours}${minutes === 0 ? '' : `:${String(minutes).padStart(2, '0')}`}`;
};

/** `1 photo`, `1,240 photos`. */
export const formatCount = (count: number, one: string, many = `${one}s`): string =>
  `${numbers.format(count)} ${plurals.select(count) === 'one' ? one : many}`;

const UNITS = ['bytes', 'KB', 'MB', 'GB', 'TB'] as const;

/** `812 bytes`, `2.4 MB`: decimal units, as file managers show them. */
export const formatBytes = (bytes: number): string => {
  const power = bytes < 1000 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  const digits = power === 0 || value >= 100 ? 0 : 1;
  return `${value.toLocaleString(LOCALE, { maximumFractionDigits: digits })} ${UNITS[power] ?? 'TB'}`;
};

/** Time left, in the words one would say: `a few seconds`, `about 3 minutes`, `about 2 hours`. */
export const formatTimeLeft = (seconds: number): string => {
  if (seconds < 10) return 'a few seconds';
  if (seconds < 50) return `about ${Math.round(seconds / 10) * 10} seconds`;
  if (seconds < 90) return 'about a minute';
  if (seconds < 50 * 60) return `about ${Math.round(seconds / 60)} minutes`;
  if (seconds < 90 * 60) return 'about an hour';
  return `about ${formatNumber(Math.round(seconds / 3600))} hours`;
};

/** How often something is done: `every 30 seconds`, `every 5 minutes`, `every hour`, `once a day`. */
export const formatEvery = (seconds: number): string => {
  const units = [
    [86_400, 'day'],
    [3600, 'hour'],
    [60, 'minute'],
    [1, 'second'],
  ] as const;
  const [size, name] = units.find(([unit]) => seconds >= unit) ?? [1, 'second'];
  const count = Math.max(1, Math.round(seconds / size));
  if (count > 1) return `every ${formatNumber(count)} ${name}s`;
  return name === 'day' ? 'once a day' : `every ${name}`;
};

/** `8 ms`, `1.2 s`. */
export const formatDuration = (milliseconds: number): string =>
  milliseconds < 1000
    ? `${Math.max(1, Math.round(milliseconds))} ms`
    : `${(milliseconds / 1000).toLocaleString(LOCALE, { maximumFractionDigits: 1 })} s`;

/** Length of a video as players show it: `0:07`, `12:34`, `1:02:03`. */
export const formatLength = (seconds: number): string => {
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const parts = hours > 0 ? [hours, String(minutes).padStart(2, '0')] : [minutes];
  return [...parts, String(whole % 60).padStart(2, '0')].join(':');
};

/** Where a video opens and how long it is: `0:06`, `0:04 of 0:06`. */
export const formatMoment = (at: number, seconds: number): string =>
  (at < 0.5 ? '' : `${formatLength(at)} of `) + formatLength(seconds);

const degrees = (value: number, positive: string, negative: string): string =>
  `${Math.abs(value).toFixed(5)}° ${value < 0 ? negative : positive}`;

/** `48.85837° N, 2.29448° E`. */
export const formatPlace = (latitude: number, longitude: number): string =>
  `${degrees(latitude, 'N', 'S')}, ${degrees(longitude, 'E', 'W')}`;

/** `4,032 × 3,024 · 12.2 megapixels`; small pictures without the second part. */
export const formatSize = (width: number, height: number): string => {
  const size = `${formatNumber(width)} × ${formatNumber(height)}`;
  const megapixels = (width * height) / 1e6;
  return megapixels < 1 ? size : `${size} · ${megapixels.toFixed(1)} megapixels`;
};

/** Last part of a path of any system. */
export const fileName = (path: string): string => path.split(/[/\\]/u).findLast((part) => part !== '') ?? path;

/** Everything before the last part. */
export const folderOf = (path: string): string => path.slice(0, Math.max(0, path.length - fileName(path).length - 1));
