import { readMoment } from './moment.ts';
import { cameraOf, lineOf, placeOf, starsOf, type Moment, type Place, type Said } from './said.ts';

type Tags = Readonly<Record<string, string>>;

const APPLE = 'com.apple.quicktime.';
const ANDROID = 'com.android.';

/** What the container of a video says, as QuickTime, MP4, Matroska and AVI write it; names of tags in lower case. */
export const saidByVideo = (tags: Tags): Said => {
  const text = (...names: readonly string[]): string | null => {
    for (const name of names) {
      const line = lineOf(tags[name] ?? '');
      if (line !== null) return line;
    }
    return null;
  };
  const make = text(`${APPLE}make`, `${ANDROID}manufacturer`, 'make');
  const keywords = text(`${APPLE}keywords`, 'keywords');
  return {
    moment: momentOf(text(`${APPLE}creationdate`, 'date'), text('creation_time')),
    place: placeIn(text(`${APPLE}location.iso6709`, 'location', 'location-eng')),
    camera: cameraOf(make, text(`${APPLE}model`, `${ANDROID}model`, 'model')),
    title: text(`${APPLE}title`, 'title'),
    description: text(`${APPLE}description`, 'description'),
    rating: starsOf(tags[`${APPLE}rating.user`]),
    ...(keywords === null ? {} : { keywords: keywords.split(/[,;]/u).flatMap((word) => lineOf(word) ?? []) }),
  };
};

/** @param local what the owner's clock showed, with its zone; @param universal the same moment in UTC, without one */
const momentOf = (local: string | null, universal: string | null): Moment | null => {
  const onTheClock = readMoment(local, 'video');
  // A year alone is that of a film, not of a recording.
  if (onTheClock !== null && /^\d{4}-\d\d-\d\d/u.test(local ?? '')) return onTheClock;
  const written = readMoment(universal, 'video', 'Z');
  // Cameras without a clock write zeros, which count from 1904 or from 1970.
  return written === null || written.takenAt <= 0 ? null : { ...written, takenAtOffset: null };
};

/** Degrees as ISO 6709 has them: `+48.1374+011.5755+519.000/`. */
const placeIn = (written: string | null): Place | null => {
  const { latitude, longitude } =
    /^(?<latitude>[+-]\d\d(?:\.\d+)?)(?<longitude>[+-]\d{3}(?:\.\d+)?)(?:[+-]|\/|$)/u.exec(written ?? '')?.groups ?? {};
  return placeOf(latitude, longitude);
};
