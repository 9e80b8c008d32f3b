import { PhotoFailure } from './photo-failure.ts';

/** Files that are no pictures. */
export const notAnImage = (cause?: unknown): PhotoFailure =>
  new PhotoFailure('not-an-image', 'This is not a picture, whatever the name of the file says.', { cause });

/** Pictures that are damaged, or whose data end early: half a picture is none. */
export const damaged = (cause?: unknown): PhotoFailure =>
  new PhotoFailure('truncated', 'The picture is damaged or ends early. Copy it again from where it came from.', {
    cause,
  });

/** Pictures that are whole, and of a kind that nothing here decodes. */
export const unsupported = (cause?: unknown): PhotoFailure =>
  new PhotoFailure(
    'unsupported',
    'Pictures of this kind cannot be read yet. JPEG, PNG, WebP, AVIF, HEIC, JPEG XL, GIF and TIFF can: save a copy as ' +
      'one of them.',
    { cause },
  );

/** @param limit how many pixels the decoder of such pictures has memory for */
export const tooLarge = (
  { width, height }: { readonly width: number; readonly height: number },
  limit: number,
  cause?: unknown,
): PhotoFailure =>
  new PhotoFailure(
    'too-large',
    `The picture has ${width} × ${height} pixels; up to ${Math.floor(limit / 1e6)} million can be shown. ` +
      'Save a smaller copy of it.',
    { cause },
  );

/** @param limit how long a side may be, in pixels */
export const tooLong = (
  { width, height }: { readonly width: number; readonly height: number },
  limit: number,
): PhotoFailure =>
  new PhotoFailure(
    'too-large',
    `The picture has ${width} × ${height} pixels; a side may have up to ${limit.toLocaleString('en')}. Cut it into pieces.`,
  );
