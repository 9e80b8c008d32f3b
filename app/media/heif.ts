import { damaged, unsupported } from './failures.ts';
import { HEIF_BYTES_PER_PIXEL, MOST_PICTURE_BYTES, type TakeMemory } from './memory-need.ts';
import type { Bitmap } from './plain-tiff.ts';
import { wasmLibrary } from './wasm.ts';

const MAX_PIXELS = MOST_PICTURE_BYTES / HEIF_BYTES_PER_PIXEL;

/** What is used of libheif's C interface; pointers and sizes are numbers. Its own typings know the functions as well. */
interface Libheif {
  readonly HEAPU8: Uint8Array;
  readonly HEAPU32: Uint32Array;
  readonly _malloc: (size: number) => number;
  readonly _heif_context_alloc: () => number;
  readonly _heif_context_set_maximum_image_size_limit: (context: number, edge: number) => void;
  readonly _heif_context_read_from_memory: (
    error: number,
    context: number,
    bytes: number,
    length: number,
    options: number,
  ) => void;
  readonly _heif_context_get_primary_image_handle: (error: number, context: number, handle: number) => void;
  readonly _heif_image_handle_get_width: (handle: number) => number;
  readonly _heif_image_handle_get_height: (handle: number) => number;
  readonly _heif_image_handle_has_alpha_channel: (handle: number) => number;
  readonly _heif_image_handle_get_raw_color_profile_size: (handle: number) => number;
  readonly _heif_image_handle_get_raw_color_profile: (error: number, handle: number, profile: number) => void;
  readonly _heif_decode_image: (
    error: number,
    handle: number,
    image: number,
    space: number,
    chroma: number,
    options: number,
  ) => void;
  readonly _heif_image_get_width: (image: number, channel: number) => number;
  readonly _heif_image_get_height: (image: number, channel: number) => number;
  readonly _heif_image_get_plane_readonly: (image: number, channel: number, stride: number) => number;
}

/** Errors of heif.h: kinds of file, features and codecs that it knows of and cannot do. */
const UNSUPPORTED = new Set([3, 4, 11]);
/** Colour space, layout with all channels side by side, and the chroma for so many of them, as heif.h counts. */
const RGB = 1;
const INTERLEAVED = 10;
const CHROMA = { 3: 10, 4: 11 };

const libheif = wasmLibrary<Libheif>(
  async () => (await import('libheif-js/libheif-wasm/libheif.js')).default,
  'libheif-js/libheif-wasm/libheif.wasm',
);

/**
 * Decodes the primary picture of a HEIC or HEIF file, upright.
 *
 * @throws PhotoFailure `truncated`, `unsupported` or `too-large`
 */
export const decodeHeif = async (bytes: Uint8Array, takeMemory: TakeMemory): Promise<Bitmap> => {
  const library = await libheif();
  const [error, result] = [library._malloc(12), library._malloc(4)];
  const check = (): number => {
    const code = library.HEAPU32[error / 4] ?? 0;
    if (code === 0) return library.HEAPU32[result / 4] ?? 0;
    const reason = new Error(`libheif: error ${code}.${String(library.HEAPU32[error / 4 + 1])}`);
    throw UNSUPPORTED.has(code) ? unsupported(reason) : damaged(reason);
  };
  const context = library._heif_context_alloc();
  // What a file says of its size and what is in it are two things: this is for the second.
  library._heif_context_set_maximum_image_size_limit(context, Math.ceil(Math.sqrt(MAX_PIXELS)));
  const file = library._malloc(bytes.length);
  library.HEAPU8.set(bytes, file);
  library._heif_context_read_from_memory(error, context, file, bytes.length, 0);
  check();
  library._heif_context_get_primary_image_handle(error, context, result);
  const handle = check();
  const claimed = {
    width: library._heif_image_handle_get_width(handle),
    height: library._heif_image_handle_get_height(handle),
  };
  // The library has a copy of the file, too.
  await takeMemory(bytes.length + claimed.width * claimed.height * HEIF_BYTES_PER_PIXEL);

  const channels = library._heif_image_handle_has_alpha_channel(handle) === 0 ? 3 : 4;
  library._heif_decode_image(error, handle, result, RGB, CHROMA[channels], 0);
  const image = check();
  const plane = library._heif_image_get_plane_readonly(image, INTERLEAVED, result);
  const stride = library.HEAPU32[result / 4] ?? 0;
  const width = library._heif_image_get_width(image, INTERLEAVED);
  const height = library._heif_image_get_height(image, INTERLEAVED);
  const data = new Uint8Array(width * height * channels);
  for (let row = 0; row < height; row++) {
    const start = plane + row * stride;
    data.set(library.HEAPU8.subarray(start, start + width * channels), row * width * channels);
  }

  const size = library._heif_image_handle_get_raw_color_profile_size(handle);
  if (size === 0) return { data, width, height, channels };
  const place = library._malloc(size);
  library._heif_image_handle_get_raw_color_profile(error, handle, place);
  check();
  return { data, width, height, channels, profile: library.HEAPU8.slice(place, place + size) };
};
