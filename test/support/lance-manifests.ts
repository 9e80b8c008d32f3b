import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import protobuf from 'protobufjs/minimal.js';

/** `base_paths` of the message `Manifest` and the fields of its `BasePath`. */
const BASE_PATHS = { id: 18, wire: 2 };
const tag = (id: number, wire: number): number => (id << 3) | wire;

/** Makes every version of a Lance table say that parts of it lie at another path or address. */
export const addBasePath = async (table: string, place: string): Promise<void> => {
  const versions = join(table, '_versions');
  const basePath = new protobuf.Writer()
    .uint32(tag(1, 0))
    .uint32(1)
    .uint32(tag(3, 0))
    .bool(true)
    .uint32(tag(4, 2))
    .string(place)
    .finish();
  const added = new protobuf.Writer().uint32(tag(BASE_PATHS.id, BASE_PATHS.wire)).bytes(basePath).finish();
  for (const name of (await readdir(versions)).filter((each) => each.endsWith('.manifest'))) {
    const file = await readFile(join(versions, name));
    const position = Number(file.readBigUInt64LE(file.length - 16));
    const length = file.readUInt32LE(position);
    const message = Buffer.concat([file.subarray(position + 4, position + 4 + length), added]);
    const head = Buffer.alloc(4);
    head.writeUInt32LE(message.length);
    await writeFile(
      join(versions, name),
      Buffer.concat([file.subarray(0, position), head, message, file.subarray(file.length - 16)]),
    );
  }
};
