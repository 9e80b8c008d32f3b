import { box, fullBox, number } from './boxes.ts';

const UNITY = [0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x4000_0000];
const nothing = (bytes: number): Buffer => Buffer.alloc(bytes);

interface Movie {
  /** What the file says of all frames; each has a size of its own in its PNG. */
  readonly width: number;
  readonly height: number;
  /** Milliseconds that each frame is shown. */
  readonly frameMs: number;
}

/**
 * A QuickTime video whose frames are PNG pictures, every one of them a key frame. Frames that are the same buffer are stored
 * once, so a short file may have very many.
 */
export const pngMovie = (frames: readonly Buffer[], { width, height, frameMs }: Movie): Buffer => {
  const stored = [...new Set(frames)];
  const start = box('ftyp', Buffer.from('qt  \0\0\x02\0qt  ', 'latin1'));
  const offsets = new Map<Buffer, number>();
  let at = start.length + 8;
  for (const frame of stored) {
    offsets.set(frame, at);
    at += frame.length;
  }
  const duration = frames.length * frameMs;
  const entry = box(
    'png ',
    nothing(6),
    number(2, 1),
    nothing(16),
    number(2, width, height),
    number(4, 0x48_0000, 0x48_0000, 0),
    number(2, 1),
    nothing(32),
    number(2, 24, 0xffff),
  );
  const table = box(
    'stbl',
    fullBox('stsd', 0, 0, number(4, 1), entry),
    fullBox('stts', 0, 0, number(4, 1, frames.length, frameMs)),
    fullBox('stsc', 0, 0, number(4, 1, 1, 1, 1)),
    fullBox('stsz', 0, 0, number(4, 0, frames.length, ...frames.map(({ length }) => length))),
    fullBox('stco', 0, 0, number(4, frames.length, ...frames.map((frame) => offsets.get(frame) ?? 0))),
  );
  const media = box(
    'mdia',
    fullBox('mdhd', 0, 0, number(4, 0, 0, 1000, duration), nothing(4)),
    fullBox('hdlr', 0, 0, Buffer.from('mhlrvide'), nothing(13)),
    box(
      'minf',
      fullBox('vmhd', 0, 1, nothing(8)),
      box('dinf', fullBox('dref', 0, 0, number(4, 1), fullBox('url ', 0, 1))),
      table,
    ),
  );
  const track = box(
    'trak',
    fullBox('tkhd', 0, 3, number(4, 0, 0, 1, 0, duration), nothing(16), number(4, ...UNITY, width << 16, height << 16)),
    media,
  );
  const header = fullBox(
    'mvhd',
    0,
    0,
    number(4, 0, 0, 1000, duration, 0x1_0000, 0x100_0000),
    nothing(8),
    number(4, ...UNITY),
    nothing(24),
    number(4, 2),
  );
  return Buffer.concat([start, box('mdat', ...stored), box('moov', header, track)]);
};
