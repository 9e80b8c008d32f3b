/** Interleaved 8-bit pixels, `[height × width × channels]`, upright; in sRGB unless a profile says otherwise. */
export interface Bitmap {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** Red, green and blue; with a fourth, how opaque a pixel is. */
  readonly channels: 3 | 4;
  /** ICC colour profile. */
  readonly profile?: Uint8Array | undefined;
}

/** The types of TIFF that are needed, with the bytes that a value takes. */
const SHORT = { code: 3, size: 2 };
const LONG = { code: 4, size: 4 };
const UNDEFINED = { code: 7, size: 1 };
type Tag = readonly [tag: number, type: typeof SHORT, values: ArrayLike<number>];

/** libvips refuses strips of tens of megabytes. */
const STRIP_BYTES = 2 ** 20;

/**
 * Pixels as a TIFF without compression: a file like any other for libvips, with its colour profile and its transparency.
 *
 * @see TIFF 6.0, section 2
 */
export const plainTiff = (bitmap: Bitmap): Buffer<ArrayBuffer> => {
  const { data } = bitmap;
  const start = directory(tags(bitmap, 0)).length;
  return Buffer.concat([directory(tags(bitmap, start)), data]);
};

const tags = ({ width, height, channels, profile }: Bitmap, start: number): Tag[] => {
  const row = width * channels;
  const rows = Math.max(1, Math.floor(STRIP_BYTES / row));
  const firstRows = Array.from({ length: Math.ceil(height / rows) }, (_, strip) => strip * rows);
  return [
    [256, LONG, [width]],
    [257, LONG, [height]],
    [258, SHORT, Array<number>(channels).fill(8)],
    [259, SHORT, [1]],
    [262, SHORT, [2]],
    [273, LONG, firstRows.map((first) => start + first * row)],
    [277, SHORT, [channels]],
    [278, LONG, [rows]],
    [279, LONG, firstRows.map((first) => Math.min(rows, height - first) * row)],
    ...(channels === 4 ? ([[338, SHORT, [2]]] as const) : []),
    ...(profile === undefined ? [] : ([[34675, UNDEFINED, profile]] as const)),
  ];
};

/** The header of the file, its one directory, and the values that do not fit into that. */
const directory = (entries: readonly Tag[]): Buffer => {
  const table = Buffer.alloc(8 + 2 + 12 * entries.length + 4);
  table.write('II*\0', 'latin1');
  table.writeUInt32LE(8, 4);
  table.writeUInt16LE(entries.length, 8);
  const outside: Buffer[] = [];
  let end = table.length;
  for (const [index, [tag, { code, size }, values]] of entries.entries()) {
    const at = 10 + 12 * index;
    table.writeUInt16LE(tag, at);
    table.writeUInt16LE(code, at + 2);
    table.writeUInt32LE(values.length, at + 4);
    const bytes = Buffer.alloc(Math.max(4, values.length * size));
    for (let value = 0; value < values.length; value++) bytes.writeUIntLE(values[value] ?? 0, value * size, size);
    if (bytes.length === 4) bytes.copy(table, at + 8);
    else {
      table.writeUInt32LE(end, at + 8);
      outside.push(bytes);
      end += bytes.length;
    }
  }
  return Buffer.concat([table, ...outside]);
};
