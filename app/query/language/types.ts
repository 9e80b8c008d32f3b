/** Media types by the word for them that `type:` takes. */
const TYPES: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    jpeg: ['image/jpeg'],
    png: ['image/png'],
    webp: ['image/webp'],
    avif: ['image/avif'],
    gif: ['image/gif'],
    tiff: ['image/tiff'],
    heic: ['image/heic', 'image/heif'],
    jxl: ['image/jxl'],
    cr2: ['image/x-canon-cr2'],
    cr3: ['image/x-canon-cr3'],
    crw: ['image/x-canon-crw'],
    nef: ['image/x-nikon-nef'],
    arw: ['image/x-sony-arw'],
    dng: ['image/x-adobe-dng'],
    raf: ['image/x-fuji-raf'],
    orf: ['image/x-olympus-orf'],
    rw2: ['image/x-panasonic-rw2'],
    pef: ['image/x-pentax-pef'],
    srw: ['image/x-samsung-srw'],
    '3fr': ['image/x-hasselblad-3fr'],
    x3f: ['image/x-sigma-x3f'],
    mrw: ['image/x-minolta-mrw'],
    mp4: ['video/mp4'],
    mov: ['video/quicktime'],
    webm: ['video/webm'],
    mkv: ['video/x-matroska'],
    avi: ['video/x-msvideo'],
    mts: ['video/mp2t'],
    mpg: ['video/mpeg'],
    wmv: ['video/x-ms-wmv'],
    '3gp': ['video/3gpp'],
  }),
);

/** Other endings of the same files. */
const ALIASES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    jpg: 'jpeg',
    tif: 'tiff',
    heif: 'heic',
    nrw: 'nef',
    srf: 'arw',
    sr2: 'arw',
    rwl: 'rw2',
    fff: '3fr',
    m4v: 'mp4',
    m2ts: 'mts',
    mpeg: 'mpg',
  }),
);

/** What `type:` is usually asked. */
export const USUAL_TYPES: readonly string[] = [
  'jpeg',
  'png',
  'webp',
  'avif',
  'gif',
  'tiff',
  'heic',
  'jxl',
  'dng',
  'mp4',
  'mov',
];

/** Media types of a kind of file, written with or without its dot; null for one that is unknown. */
export const mimesOf = (type: string): readonly string[] | null => {
  const word = type.toLowerCase().replace(/^\./u, '');
  return TYPES.get(ALIASES.get(word) ?? word) ?? null;
};

/** The word that `type:` takes for a media type; null for one that it has no word for. */
export const typeOf = (mime: string): string | null =>
  [...TYPES].find(([, mimes]) => mimes.includes(mime))?.[0] ?? null;
