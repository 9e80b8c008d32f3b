import { box } from './boxes.ts';

/** Values of a tag: whole numbers, text, or bytes. */
type Tags = Readonly<Record<number, readonly number[] | string | Uint8Array>>;

/** Writes a TIFF piece by piece; what is written first can be pointed to by what comes later. */
class TiffWriter {
  readonly #isLittle: boolean;
  #bytes: Buffer<ArrayBuffer>;

  /** @param start everything before the directories: the pointer to the main one is set at the end */
  constructor(start: Buffer) {
    this.#isLittle = start.toString('latin1', 0, 2) === 'II';
    this.#bytes = Buffer.from(start);
  }

  /** @returns where the bytes lie */
  put(bytes: Uint8Array): number {
    const at = this.#bytes.length;
    this.#bytes = Buffer.concat([this.#bytes, bytes, Buffer.alloc(bytes.length % 2)]);
    return at;
  }

  /** @returns where the directory lies */
  directory(tags: Tags, next = 0): number {
    const entries = Object.entries(tags).map(([tag, value]) => {
      const [type, count, bytes] =
        typeof value === 'string'
          ? ([2, value.length + 1, Buffer.from(`${value}\0`)] as const)
          : value instanceof Uint8Array
            ? ([7, value.length, value] as const)
            : ([4, value.length, Buffer.concat(value.map((each) => this.#number(each, 4)))] as const);
      const place = bytes.length <= 4 ? Buffer.concat([bytes], 4) : this.#number(this.put(bytes), 4);
      return Buffer.concat([this.#number(Number(tag), 2), this.#number(type, 2), this.#number(count, 4), place]);
    });
    return this.put(Buffer.concat([this.#number(entries.length, 2), ...entries, this.#number(next, 4)]));
  }

  /** @param main where the main directory lies */
  end(main: number): Buffer<ArrayBuffer> {
    this.#number(main, 4).copy(this.#bytes, 4);
    return this.#bytes;
  }

  #number(value: number, size: number): Buffer {
    const bytes = Buffer.alloc(size);
    if (this.#isLittle) bytes.writeUIntLE(value, 0, size);
    else bytes.writeUIntBE(value, 0, size);
    return bytes;
  }
}

const II = Buffer.from('II*\0\0\0\0\0', 'latin1');
const MM = Buffer.from('MM\0*\0\0\0\0', 'latin1');

const [COMPRESSION, PHOTOMETRIC, MAKE, MODEL, STRIPS, ORIENTATION, STRIP_BYTES] = [259, 262, 271, 272, 273, 274, 279];
const [SUB_DIRECTORIES, JPEG_START, JPEG_BYTES, EXIF, MAKER_NOTE, DNG_VERSION] = [330, 513, 514, 34665, 37500, 50706];
const FILTERS = 32803;
const LINEAR = 34892;

interface Previews {
  /** JPEGs as the sensor lies. */
  readonly large: Buffer;
  readonly small: Buffer;
  /** How the camera was held, as Exif counts. */
  readonly orientation: number;
}

/** What a sensor saw: without meaning, and with bytes in it that begin like a JPEG. */
const sensor = (): Buffer =>
  Buffer.concat([
    // Lossless JPEG (SOF3), 12 bits, 6000 × 4000: larger than any preview, and no picture that can be shown.
    Buffer.from('ffd8ffc4000400aaffc300110c0fa017700401110002110003110004110000ffda000a', 'hex'),
    Buffer.from(Array.from({ length: 6000 }, (_, index) => (index * 2654435761) >>> 24)),
    Buffer.from('ffd8ffe0ffffffd8ffd8ffdb0001ffd8ff', 'hex'),
    Buffer.from(Array.from({ length: 6000 }, (_, index) => (index * 40503) & 255)),
  ]);

/** One file of every raw format, as its makers build them: where they put the preview, and how they say which way is up. */
export const rawFiles = ({ large, small, orientation }: Previews): ReadonlyMap<string, Buffer<ArrayBuffer>> =>
  new Map([
    ['cr2', cr2({ large, small, orientation })],
    ['nef', nef({ large, small, orientation })],
    ['arw', arw({ large, small, orientation })],
    ['dng', dng({ large, small, orientation })],
    ['orf', orf({ large, small, orientation })],
    ['rw2', rw2({ large, small, orientation })],
    ['cr3', cr3({ large, small, orientation })],
  ]);

const cr2 = ({ large, small, orientation }: Previews): Buffer<ArrayBuffer> => {
  const file = new TiffWriter(Buffer.concat([II, Buffer.from('CR\x02\0\0\0\0\0', 'latin1')]));
  const [preview, thumbnail, data] = [file.put(large), file.put(small), file.put(sensor())];
  const raw = file.directory({ [COMPRESSION]: [6], [STRIPS]: [data] });
  const second = file.directory({ [JPEG_START]: [thumbnail], [JPEG_BYTES]: [small.length] }, raw);
  return file.end(
    file.directory(
      {
        [COMPRESSION]: [6],
        [MAKE]: 'Canon',
        [MODEL]: 'Canon EOS 5D',
        [STRIPS]: [preview],
        [ORIENTATION]: [orientation],
        [STRIP_BYTES]: [large.length],
      },
      second,
    ),
  );
};

const nef = ({ large, small, orientation }: Previews): Buffer<ArrayBuffer> => {
  const file = new TiffWriter(MM);
  const [preview, thumbnail, data] = [file.put(large), file.put(small), file.put(sensor())];
  const full = file.directory({ [COMPRESSION]: [6], [JPEG_START]: [preview], [JPEG_BYTES]: [large.length] });
  const raw = file.directory({ [COMPRESSION]: [34713], [PHOTOMETRIC]: [FILTERS], [STRIPS]: [data] });
  return file.end(
    file.directory({
      [COMPRESSION]: [1],
      [PHOTOMETRIC]: [2],
      [MAKE]: 'NIKON CORPORATION',
      [STRIPS]: [thumbnail],
      [ORIENTATION]: [orientation],
      [SUB_DIRECTORIES]: [full, raw],
    }),
  );
};

const arw = ({ large, small, orientation }: Previews): Buffer<ArrayBuffer> => {
  const file = new TiffWriter(II);
  const [preview, thumbnail, data] = [file.put(large), file.put(small), file.put(sensor())];
  const raw = file.directory({ [COMPRESSION]: [32767], [PHOTOMETRIC]: [FILTERS], [STRIPS]: [data] });
  const second = file.directory({ [JPEG_START]: [thumbnail], [JPEG_BYTES]: [small.length] });
  return file.end(
    file.directory(
      {
        [COMPRESSION]: [6],
        [MAKE]: 'SONY',
        [ORIENTATION]: [orientation],
        [SUB_DIRECTORIES]: [raw],
        [JPEG_START]: [preview],
        [JPEG_BYTES]: [large.length],
      },
      second,
    ),
  );
};

/** Compressed with loss, as phones and converters write it: the sensor's data are a JPEG like the preview, and larger. */
const dng = ({ large, small, orientation }: Previews): Buffer<ArrayBuffer> => {
  const file = new TiffWriter(II);
  const lossy = Buffer.from(large);
  const frame = lossy.indexOf(Buffer.from('ffc0', 'hex'));
  lossy.writeUInt16BE(5000, frame + 5);
  const [preview, thumbnail, data] = [file.put(large), file.put(small), file.put(lossy)];
  const raw = file.directory({ [COMPRESSION]: [34892], [PHOTOMETRIC]: [LINEAR], [STRIPS]: [data] });
  const full = file.directory({ [COMPRESSION]: [7], [PHOTOMETRIC]: [6], [STRIPS]: [preview] });
  return file.end(
    file.directory({
      [COMPRESSION]: [7],
      [PHOTOMETRIC]: [6],
      [MAKE]: 'Google',
      [STRIPS]: [thumbnail],
      [ORIENTATION]: [orientation],
      [SUB_DIRECTORIES]: [raw, full],
      [DNG_VERSION]: Buffer.from([1, 4, 0, 0]),
    }),
  );
};

const orf = ({ large, orientation }: Previews): Buffer<ArrayBuffer> => {
  const file = new TiffWriter(Buffer.from('IIRO\0\0\0\0', 'latin1'));
  const data = file.put(sensor());
  // The maker's own notes hold the preview, at places counted from where the notes begin.
  const exif = file.directory({ [MAKER_NOTE]: Buffer.concat([Buffer.from('OLYMPUS\0II\x03\0', 'latin1'), large]) });
  return file.end(
    file.directory({
      [MAKE]: 'OLYMPUS CORPORATION',
      [STRIPS]: [data],
      [ORIENTATION]: [orientation],
      [EXIF]: [exif],
    }),
  );
};

const rw2 = ({ large, orientation }: Previews): Buffer<ArrayBuffer> => {
  const file = new TiffWriter(Buffer.from('IIU\0\0\0\0\0', 'latin1'));
  const jpegFromRaw = 0x2e;
  const main = file.directory({
    [jpegFromRaw]: large,
    [MAKE]: 'Panasonic',
    [STRIPS]: [0xffffffff],
    [ORIENTATION]: [orientation],
  });
  file.put(sensor());
  return file.end(main);
};

const cr3 = ({ large, small, orientation }: Previews): Buffer<ArrayBuffer> => {
  const tags = new TiffWriter(II);
  const main = tags.directory({ [MAKE]: 'Canon', [ORIENTATION]: [orientation] });
  const canon = Buffer.from('85c0b687820f11e08111f4ce462b6a48', 'hex');
  return Buffer.concat([
    box('ftyp', Buffer.from('crx \0\0\0\x01crx isom', 'latin1')),
    box('moov', box('uuid', canon, box('CMT1', tags.end(main)), box('THMB', Buffer.alloc(16), small))),
    box('mdat', large, sensor()),
  ]);
};

/** @param preview a JPEG that says itself which way is up */
export const rafFile = (preview: Buffer): Buffer<ArrayBuffer> => {
  const header = Buffer.alloc(160);
  header.write('FUJIFILMCCD-RAW 0201FF393101X-T2', 'latin1');
  header.writeUInt32BE(header.length, 84);
  header.writeUInt32BE(preview.length, 88);
  return Buffer.concat([header, preview, sensor()]);
};
