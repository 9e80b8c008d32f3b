import { z } from 'zod';
import { lineOf, placeOf, type Said } from './said.ts';

const geo = z.object({ latitude: z.number(), longitude: z.number() }).optional().catch(undefined);
/** Seconds since 1970, in digits. */
const seconds = z.object({ timestamp: z.string().regex(/^-?\d{1,11}$/u) });

const takeoutSchema = z.object({
  photoTakenTime: seconds.optional().catch(undefined),
  description: z.string().optional().catch(undefined),
  geoData: geo,
  geoDataExif: geo,
  people: z
    .array(z.object({ name: z.string() }))
    .optional()
    .catch(undefined),
});

/**
 * What Google Photos knows of a photo. Its title is the name of the file and its times are the instant alone: neither the
 * person’s words nor a zone. Other JSON says nothing.
 */
export const readTakeout = (text: string): Said => {
  const parsed = takeoutSchema.safeParse(jsonOf(text));
  if (!parsed.success) return {};
  const { photoTakenTime, description, geoData, geoDataExif, people } = parsed.data;
  const takenAt = Number(photoTakenTime?.timestamp ?? 0) * 1000;
  return {
    moment: takenAt === 0 ? null : { takenAt, takenAtOffset: null, takenAtSource: 'takeout' },
    // The first is what the person set, the second what the file held.
    place: placeOf(geoData?.latitude, geoData?.longitude) ?? placeOf(geoDataExif?.latitude, geoDataExif?.longitude),
    description: lineOf(description ?? ''),
    keywords: people?.flatMap(({ name }) => lineOf(name) ?? []) ?? null,
  };
};

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text.replace(/^\uFEFF/u, ''));
  } catch {
    return null;
  }
};
