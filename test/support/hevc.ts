import { number } from './boxes.ts';

/** 8-bit RGB of the pixel at a place. */
export type Paint = (x: number, y: number) => readonly [red: number, green: number, blue: number];

/** Side of the blocks that a picture is made of. */
const BLOCK = 32;

/**
 * Encodes a picture as HEVC without any compression: every block is a coding unit of raw samples (PCM) in a slice of its
 * own, so that each begins with fresh contexts and the arithmetic coder writes the same few bits every time. Full-range
 * BT.601, 4:2:0; colours change per block of two pixels at best.
 *
 * @param width  pixels, a multiple of 32; `height` too
 * @see ITU-T H.265, 7.3 for the syntax, 9.3.4 for the arithmetic coder
 */
export const encodeHevc = (
  width: number,
  height: number,
  paint: Paint,
): { parameterSets: Buffer[]; slices: Buffer[] } => {
  const columns = width / BLOCK;
  const blocks = columns * (height / BLOCK);
  return {
    parameterSets: [videoParameters(), sequenceParameters(width, height), pictureParameters()],
    slices: Array.from({ length: blocks }, (_, block) => {
      const [left, top] = [(block % columns) * BLOCK, Math.floor(block / columns) * BLOCK];
      return slice(
        block,
        blocks,
        samples((x, y) => paint(left + x, top + y)),
      );
    }),
  };
};

/** What `profile_tier_level` says, and `hvcC` repeats: Main, level 3.1, one progressive frame. */
export const PROFILE = Buffer.from('01600000009000000000005d', 'hex');

const videoParameters = (): Buffer => unit(32, `0000 1 1 000000 000 1 ${'1'.repeat(16)} P 1 e0 e0 e0 000000 e0 0 0`);

const sequenceParameters = (width: number, height: number): Buffer =>
  unit(
    33,
    `0000 000 1 P e0 e1 e${width} e${height} 0 e0 e0 e0 1 e0 e0 e0 ` +
      // Coding blocks of 32 only; transforms of 4 to 32. No scaling lists, asymmetric partitions or adaptive offsets.
      'e2 e0 e0 e3 e0 e0 0 0 0 ' +
      // PCM of 8 bits in blocks of 32, left as it is. No other pictures, no usability information, no extension.
      '1 0111 0111 e2 e0 1 e0 0 0 0 0 0',
  );

// Deblocking is controlled, and off; whatever else can be left out is.
const pictureParameters = (): Buffer =>
  unit(34, 'e0 e0 0 0 000 0 0 e0 e0 e0 0 0 0 e0 e0 0 0 0 0 0 0 0 1 0 1 0 0 e0 0 0');

/** `part_mode` 2N×2N in its first context, then `pcm_flag` and the flush of the coder. */
const PCM_BLOCK = '100001101';
/** `end_of_slice_segment_flag` of a fresh coder, and its flush, whose last bit ends the unit. */
const LAST_BLOCK = '111111101';

const slice = (block: number, blocks: number, pcm: Uint8Array): Buffer => {
  const place = block === 0 ? '1 0 e0' : `0 0 e0 ${fixed(Math.ceil(Math.log2(blocks)), block)}`;
  const header = packed(syntax(`${place} e2 e0 1`));
  return unitOf(20, Buffer.concat([header, packed(PCM_BLOCK), pcm, packed(LAST_BLOCK)]));
};

/** Luma, then both chroma planes at half the size: full-range BT.601. */
const samples = (paint: Paint): Uint8Array => {
  const plane = (step: number, red: number, green: number, blue: number, middle: number): number[] => {
    const side = BLOCK / step;
    return Array.from({ length: side * side }, (_, index) => {
      const [r, g, b] = paint((index % side) * step, Math.floor(index / side) * step);
      return Math.min(255, Math.max(0, Math.round(red * r + green * g + blue * b + middle)));
    });
  };
  return Uint8Array.from([
    ...plane(1, 0.299, 0.587, 0.114, 0),
    ...plane(2, -0.168736, -0.331264, 0.5, 128),
    ...plane(2, 0.5, -0.418688, -0.081312, 128),
  ]);
};

/**
 * Bits are written as strings of digits: slow, and easy to hold against the standard. `e5` is 5 as `ue(v)`, which for 0 is
 * `se(v)` as well; `P` is the profile.
 */
const syntax = (elements: string): string =>
  elements
    .replaceAll('P', () => [...PROFILE].map((byte) => fixed(8, byte)).join(''))
    .replaceAll(/e(\d+)/gu, (_, value: string) => exponential(Number(value)))
    .replaceAll(' ', '');

const fixed = (count: number, value: number): string => value.toString(2).padStart(count, '0');

const exponential = (value: number): string => {
  const digits = (value + 1).toString(2);
  return '0'.repeat(digits.length - 1) + digits;
};

/** Filled up with zeros to whole bytes. */
const packed = (digits: string): Buffer =>
  Buffer.from((digits.match(/.{1,8}/gu) ?? []).map((byte) => Number.parseInt(byte.padEnd(8, '0'), 2)));

const unit = (type: number, elements: string): Buffer => unitOf(type, packed(`${syntax(elements)}1`));

/** A network unit, in which three bytes never look like a start code. */
const unitOf = (type: number, payload: Uint8Array): Buffer => {
  const escaped: number[] = [];
  let zeros = 0;
  for (const byte of payload) {
    if (zeros >= 2 && byte <= 3) {
      escaped.push(3);
      zeros = 0;
    }
    escaped.push(byte);
    zeros = byte === 0 ? zeros + 1 : 0;
  }
  return Buffer.concat([number(1, type << 1, 1), Buffer.from(escaped)]);
};
