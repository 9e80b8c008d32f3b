import { Header } from 'tar';
import { crc32, deflateRawSync } from 'node:zlib';

/** One thing to be packed; what is left out is as it should be. */
export interface ToPack {
  readonly path: string;
  readonly content?: Buffer;
  readonly kind?: 'file' | 'folder' | 'link';
  /** Tell lies about it. */
  readonly crc?: number;
  readonly size?: number;
  readonly isEncrypted?: boolean;
  readonly isStored?: boolean;
}

const MODES = { file: 0o100644, folder: 0o040755, link: 0o120777 };

/** A .zip of these things, byte for byte by APPNOTE.TXT: also such as no program would make. */
export const zipOf = (things: readonly ToPack[]): Buffer => {
  const bodies: Buffer[] = [];
  const list: Buffer[] = [];
  let offset = 0;
  for (const { path, content = Buffer.alloc(0), kind = 'file', crc, size, isEncrypted, isStored } of things) {
    const name = Buffer.from(path);
    const packed = isStored === true ? content : deflateRawSync(content);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE((isEncrypted === true ? 1 : 0) | 0x800, 2);
    common.writeUInt16LE(isStored === true ? 0 : 8, 4);
    common.writeUInt32LE(crc ?? crc32(content), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(size ?? content.length, 18);
    common.writeUInt16LE(name.length, 22);
    const body = Buffer.concat([Buffer.from('PK\x03\x04'), common, name, packed]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE((MODES[kind] << 16) >>> 0, 6);
    rest.writeUInt32LE(offset, 10);
    // Made on a system with modes.
    list.push(Buffer.from('PK\x01\x02\x14\x03', 'latin1'), common, rest, name);
    bodies.push(body);
    offset += body.length;
  }
  const directory = Buffer.concat(list);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06');
  end.writeUInt16LE(things.length, 8);
  end.writeUInt16LE(things.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...bodies, directory, end]);
};

const TYPES = { file: 'File', folder: 'Directory', link: 'SymbolicLink' } as const;

/** A .tar of these things. */
export const tarOf = (things: readonly ToPack[]): Buffer => {
  const blocks = things.flatMap(({ path, content = Buffer.alloc(0), kind = 'file', size }) => {
    const head = Buffer.alloc(512);
    const type = TYPES[kind];
    const linkpath = kind === 'link' ? content.toString() : '';
    const body = kind === 'link' ? Buffer.alloc(0) : content;
    new Header({ path, type, linkpath, size: size ?? body.length, mode: 0o644 }).encode(head, 0);
    return [head, body, Buffer.alloc((512 - (body.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
};
