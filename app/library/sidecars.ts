import { isRaw } from '../media/formats.ts';

/** What Google Takeout puts behind the name of a photo, before it cuts the whole at so many characters. */
const SUPPLEMENT = '.supplemental-metadata';
const CUT = 46;
/** Google Photos names what it edited so, in the language of the account; the data are the original's. */
const EDITED =
  /-(?:edited|effects|smile|mix|bearbeitet|bewerkt|modifié|modificato|editad[oa]|ha editado|editat|edytowane|redigerad|rediger(?:et|t)|muokattu|upravené|编辑|編集済み)$/u;
/** Describes an album. */
const ALBUM = 'metadata.json';

/** Names that a disk or a person may write differently. */
const plain = (name: string): string => name.normalize('NFC').toLowerCase();

const split = (name: string): { readonly stem: string; readonly extension: string } => {
  const dot = name.lastIndexOf('.');
  return dot > 0 ? { stem: name.slice(0, dot), extension: name.slice(dot) } : { stem: name, extension: '' };
};

const isSidecar = (name: string): boolean => /\.(?:xmp|json)$/iu.test(name);

/** Names, without `.json`, that Takeout may give to the data of a photo with this title; the surest first. */
const takeoutNames = (title: string, number: string): string[] => {
  const whole = title + SUPPLEMENT;
  const cuts = Array.from({ length: SUPPLEMENT.length }, (_, less) => whole.slice(0, whole.length - less));
  return [title, ...cuts, ...(title.length > CUT ? [title.slice(0, CUT)] : []), split(title).stem].map(
    (name) => name + number,
  );
};

/** The same for a file as it lies in the folder: `a-edited(1).jpg` is the edited `a.jpg`, the second of that name. */
const takeoutNamesOf = (photo: string): string[] => {
  const { stem, extension } = split(photo);
  const { bare = stem, number = '' } = /^(?<bare>.+)(?<number>\(\d+\))$/u.exec(stem)?.groups ?? {};
  return [
    ...takeoutNames(photo, ''),
    ...(number === '' ? [] : takeoutNames(bare + extension, number)),
    ...(EDITED.test(bare) ? takeoutNames(bare.replace(EDITED, '') + extension, number) : []),
  ];
};

/**
 * Which files of a folder describe which others: XMP as Lightroom (`a.xmp`) and darktable (`a.jpg.xmp`) write it, and the
 * JSON of Google Takeout under all the names it comes with. Capitals and the writing of accents make no difference.
 *
 * @param names of everything in one folder
 * @returns by the name of the file that is described; the most telling first: its own XMP, that of its stem (which is all
 * files' of the stem), JSON
 */
export const sidecarsIn = (names: readonly string[]): Map<string, readonly string[]> => {
  const sidecars = new Map<string, string>();
  for (const name of names) if (isSidecar(name) && plain(name) !== ALBUM) sidecars.set(plain(name), name);
  const found = new Map<string, readonly string[]>();
  if (sidecars.size === 0) return found;
  const isTakeout = [...sidecars.keys()].some((name) => name.endsWith('.json'));
  for (const name of names) {
    if (isSidecar(name)) continue;
    const photo = plain(name);
    const own = sidecars.get(`${photo}.xmp`);
    const stems = sidecars.get(`${split(photo).stem}.xmp`);
    const json = isTakeout
      ? takeoutNamesOf(photo)
          .map((candidate) => sidecars.get(`${candidate}.json`))
          .find((known) => known !== undefined)
      : undefined;
    const all = [own, stems, json].filter((known) => known !== undefined);
    if (all.length > 0) found.set(name, all);
  }
  return found;
};

/**
 * The XMP file that holds the person’s words about a photo: the one that is there, be it its own or that of its stem, else a
 * new one. New ones are named as most programs look for them: Lightroom and Capture One read `a.xmp` and only for raw files;
 * digiKam, darktable and Immich read `a.jpg.xmp`, and `a.xmp` of raw files, too.
 *
 * @param names of everything in its folder
 */
export const sidecarNameFor = (photo: string, names: readonly string[]): string => {
  const existing = sidecarsIn([photo, ...names.filter((name) => /\.xmp$/iu.test(name))]).get(photo)?.[0];
  return existing ?? `${isRaw(photo) ? split(photo).stem : photo}.xmp`;
};
