import { isPhoneName, kindOf, nameParts } from '../media/formats.ts';

/** A file that belongs to another of the same shot: its raw data, or its moving part. */
export interface Companion {
  /** Name of the file that stands for the shot. */
  readonly lead: string;
  readonly kind: 'raw' | 'live';
}

/** What cameras write beside raw data and moving parts, the likelier original first. Exports and edits lead nothing. */
const LEADS = ['heic', 'heif', 'hif', 'jpg', 'jpeg', 'jpe'];

/** Pixel phones: `PXL_1.RAW-01.COVER.jpg` and `PXL_1.RAW-02.ORIGINAL.dng` are one shot. */
const PIXEL_PART = /\.raw-\d+(?:\.mp)?\.(?:cover|original)$/u;

interface Named {
  readonly name: string;
  /** Equal for all files of one shot. */
  readonly stem: string;
  readonly extension: string;
}

const named = (name: string): Named => {
  const { stem, extension } = nameParts(name);
  // The moving part of `PXL_1.MP.jpg` is `PXL_1.MP`: there, the whole name is the stem.
  const shot = extension === 'mp' ? `${stem}.mp` : stem;
  return { name, stem: shot.replace(PIXEL_PART, ''), extension };
};

/** The sign of how two names lie, by code units: the same on every computer. */
const order = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

const byRank = (one: Named, other: Named): number =>
  LEADS.indexOf(one.extension) - LEADS.indexOf(other.extension) || order(one.name, other.name);

/** Whether a video of the lead's stem is its moving part, and not a film beside its poster. */
const isLive = (lead: Named, extension: string): boolean =>
  extension === 'mov' ||
  extension === 'mp' ||
  (extension === 'mp4' && (!lead.extension.startsWith('jp') || isPhoneName(lead.name)));

/**
 * Which files of a folder belong to which others: raw data to the JPEG or HEIC of the same name, the moving part of a live
 * photo to its picture. Case and the writing of accents make no difference. A raw file without such a picture, and a video
 * without one, stand for themselves; of several pictures the first leads, HEIC before JPEG, then by name.
 *
 * @param names of everything in one folder
 */
export const companionsIn = (names: readonly string[]): Map<string, Companion> => {
  const leads = new Map<string, Named>();
  const candidates = names.map(named).filter(({ extension }) => LEADS.includes(extension));
  for (const lead of candidates.sort(byRank)) if (!leads.has(lead.stem)) leads.set(lead.stem, lead);

  const companions = new Map<string, Companion>();
  for (const name of names) {
    const kind = kindOf(name);
    if (kind !== 'raw' && kind !== 'video') continue;
    const { stem, extension } = named(name);
    const lead = leads.get(stem) ?? (extension === 'mp' ? leads.get(nameParts(name).stem) : undefined);
    if (lead === undefined) continue;
    if (kind === 'raw') companions.set(name, { lead: lead.name, kind: 'raw' });
    else if (isLive(lead, extension)) companions.set(name, { lead: lead.name, kind: 'live' });
  }
  return companions;
};
