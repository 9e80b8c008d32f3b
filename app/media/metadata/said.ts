import type { Metadata } from '../../contract/index.ts';

/** A point in time, and the clock that it was read from. */
export type Moment = Pick<Metadata, 'takenAtSource' | 'takenAtOffset'> & { readonly takenAt: number };
export type Source = Metadata['takenAtSource'];

type Recorded = Omit<Metadata, 'takenAt' | 'takenAtSource' | 'takenAtOffset' | 'exposure' | 'latitude' | 'longitude'>;

/** What one source (a file's EXIF, a sidecar, …) says of a photo. Keywords that are empty are said to be none. */
export interface Said extends Partial<{ readonly [K in keyof Recorded]: Recorded[K] | null }> {
  readonly moment?: Moment | null;
  readonly place?: Place | null;
}

/** In degrees, north and east positive. */
export interface Place {
  readonly latitude: number;
  readonly longitude: number;
}

/** A place on earth; null for anything else, and for the zeros that a receiver without a fix writes. */
export const placeOf = (latitude: unknown, longitude: unknown): Place | null => {
  const place = { latitude: Number(latitude ?? NaN), longitude: Number(longitude ?? NaN) };
  const isPlace = Math.abs(place.latitude) <= 90 && Math.abs(place.longitude) <= 180;
  return isPlace && (place.latitude !== 0 || place.longitude !== 0) ? place : null;
};

/** Stars from 0 to 5; null for what is none, such as the −1 of rejected photos. */
export const starsOf = (value: unknown): number | null => {
  const stars = Math.round(Number(value ?? NaN));
  return stars >= 0 && stars <= 5 ? Math.abs(stars) : null;
};

/** Stars from the percents that Windows writes: 1, 25, 50, 75, 99. */
export const starsOfPercent = (value: unknown): number | null => {
  const percent = Number(value ?? NaN);
  return percent > 0 && percent <= 100 ? Math.round(percent / 25) + 1 : starsOf(percent);
};

/** A number above zero; lenses that a camera does not know are written down as 0/0. */
export const positive = (number: number): number | null => (Number.isFinite(number) && number > 0 ? number : null);

/** As one line, without signs that end lines or steer devices; null when nothing is left. */
export const lineOf = (text: string): string | null => text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim() || null;

/** The maker's name where the model does not hold it: Canon, Canon EOS 5D; NIKON CORPORATION, NIKON D90. */
export const cameraOf = (make: string | null, model: string | null): string | null => {
  if (make === null || model === null) return model ?? make;
  const name = make.split(' ', 1).join().toLowerCase();
  return model.toLowerCase().startsWith(name) ? model : `${make} ${model}`;
};
