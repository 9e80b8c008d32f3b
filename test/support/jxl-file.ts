import encoder from '@jsquash/jxl/codec/enc/jxl_enc.js';
import { defaultOptions } from '@jsquash/jxl/meta.js';
import type { Sharp } from 'sharp';
import { wasmLibrary, type Factory } from '../../app/media/wasm.ts';
import { box, number } from './boxes.ts';

interface Encoder {
  readonly encode: (pixels: Uint8Array, width: number, height: number, options: object) => Uint8Array | null;
}

const library = wasmLibrary<Encoder>(
  // Its own typings need a global namespace that they do not bring.
  () => Promise.resolve(encoder as Factory<Encoder>),
  '@jsquash/jxl/codec/enc/jxl_enc.wasm',
);

/** A picture as a bare JPEG XL codestream; without loss at a quality of 100. */
export const jxlFile = async (picture: Sharp, quality = 95): Promise<Buffer<ArrayBuffer>> => {
  const { data, info } = await picture.clone().ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  const { encode } = await library();
  const file = encode(data, info.width, info.height, {
    ...defaultOptions,
    effort: 3,
    quality,
    lossless: quality === 100,
  });
  if (file === null) throw new Error('The picture cannot be encoded.');
  return Buffer.from(file);
};

/** The same codestream in boxes, in one or in parts, as cameras and editors write it. */
export const jxlContainer = (codestream: Buffer, parts: 1 | 2): Buffer<ArrayBuffer> => {
  const half = Math.floor(codestream.length / 2);
  return Buffer.concat([
    box('JXL ', Buffer.from('0d0a870a', 'hex')),
    box('ftyp', Buffer.from('jxl \0\0\0\0jxl ', 'latin1')),
    ...(parts === 1
      ? [box('jxlc', codestream)]
      : [
          box('jxlp', number(4, 0), codestream.subarray(0, half)),
          box('jxlp', number(4, 0x80000001), codestream.subarray(half)),
        ]),
  ]);
};
