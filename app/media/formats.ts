/** What a file is, as its name says. A sidecar describes another file; everything else is of no use here. */
export type FileKind = 'picture' | 'raw' | 'video' | 'sidecar';

const EXTENSIONS: Readonly<Record<FileKind, string>> = {
  picture: 'jpg jpeg jpe jfif png webp avif gif tif tiff heic heif hif jxl',
  raw: 'cr2 cr3 crw nef nrw arw srf sr2 dng raf orf rw2 rwl pef srw 3fr fff iiq x3f erf mrw gpr',
  video: 'mp4 mov m4v avi mkv webm 3gp mts m2ts mpg mpeg wmv',
  sidecar: 'xmp json aae',
};

// `Object.keys` forgets the type of the keys.
const KINDS: ReadonlyMap<string, FileKind> = new Map(
  (Object.keys(EXTENSIONS) as FileKind[]).flatMap((kind) =>
    EXTENSIONS[kind].split(' ').map((extension) => [extension, kind] as const),
  ),
);

/** Names that phones give to what they take: `IMG_1234`, `PXL_20210101_120000123`, `MVIMG_20190817_143000`. */
const PHONE = /^(?:img_e?|pxl_|mvimg_)\d/iu;

/** Whether a phone gave the file its name. */
export const isPhoneName = (name: string): boolean => PHONE.test(name);

/** A name in the parts that matter here, whatever its case and however its accents are written. */
export const nameParts = (name: string): { readonly stem: string; readonly extension: string } => {
  const plain = name.normalize('NFC').toLowerCase();
  const dot = plain.lastIndexOf('.');
  return dot < 1 ? { stem: plain, extension: '' } : { stem: plain.slice(0, dot), extension: plain.slice(dot + 1) };
};

/** @returns null for files that no photo is in, nor anything about one */
export const kindOf = (name: string): FileKind | null => {
  const { extension } = nameParts(name);
  // Pixel phones call the moving part of `PXL_….MP.jpg` `PXL_….MP`; other files of that extension are no videos.
  if (extension === 'mp') return isPhoneName(name) ? 'video' : null;
  return KINDS.get(extension) ?? null;
};

/**
 * Whether a file name, or a media type, is that of a camera's raw data. None has a registered type, so all that we give are
 * `image/x-…`, which no other picture has.
 */
export const isRaw = (nameOrMime: string): boolean => nameOrMime.startsWith('image/x-') || kindOf(nameOrMime) === 'raw';
