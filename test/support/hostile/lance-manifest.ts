import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Reader, Writer } from 'protobufjs';

/** Numbers of fields in Lance's table.proto. */
const [FRAGMENTS, FILES, PATH, BASE_ID, BASE_PATHS] = [2, 2, 1, 7, 18];
const tagOf = (field: number, wireType: 0 | 2): number => (field << 3) | wireType;

/** The newest manifest of a table. Versions count down in the names of files, so the newest comes first. */
export const newestManifest = async (table: string): Promise<string> => {
  const [first = ''] = (await readdir(join(table, '_versions'))).sort();
  return join(table, '_versions', first);
};

/**
 * Lets the files of a table lie below another folder or address, as shallow copies of tables do.
 *
 * @see https://lance.org/format/table/ for `base_paths`
 */
export const moveBase = (table: string, base: string): Promise<void> =>
  changeManifest(table, (message) => {
    const place = new Writer().uint32(tagOf(1, 0)).uint32(1).uint32(tagOf(4, 2)).string(base).finish();
    const based = rewrite(message, [FRAGMENTS, FILES], (file) =>
      Buffer.concat([file, new Writer().uint32(tagOf(BASE_ID, 0)).uint32(1).finish()]),
    );
    return Buffer.concat([based, new Writer().uint32(tagOf(BASE_PATHS, 2)).bytes(place).finish()]);
  });

/** Gives the files of a table other paths, which are told from its folder `data` on. */
export const moveFiles = (table: string, path: string): Promise<void> =>
  changeManifest(table, (message) =>
    // Of a field that stands twice, the last one counts.
    rewrite(message, [FRAGMENTS, FILES], (file) =>
      Buffer.concat([file, new Writer().uint32(tagOf(PATH, 2)).string(path).finish()]),
    ),
  );

/** Changes the messages at the end of a path of fields; everything else stays byte for byte. */
const rewrite = (
  message: Uint8Array,
  [field, ...below]: readonly number[],
  change: (message: Uint8Array) => Uint8Array,
): Uint8Array => {
  if (field === undefined) return change(message);
  const reader = Reader.create(message);
  const parts: Uint8Array[] = [];
  while (reader.pos < reader.len) {
    const start = reader.pos;
    const tag = reader.uint32();
    if (tag === tagOf(field, 2))
      parts.push(
        new Writer()
          .uint32(tag)
          .bytes(rewrite(reader.bytes(), below, change))
          .finish(),
      );
    else {
      reader.skipType(tag & 7);
      parts.push(message.subarray(start, reader.pos));
    }
  }
  return Buffer.concat(parts);
};

/** In front of the message stands its length; the file ends with the message's place, the version and `LANC`. */
const changeManifest = async (table: string, change: (message: Uint8Array) => Uint8Array): Promise<void> => {
  const path = await newestManifest(table);
  const bytes = await readFile(path);
  const place = Number(bytes.readBigUInt64LE(bytes.length - 16));
  const end = place + 4 + bytes.readUInt32LE(place);
  const message = change(bytes.subarray(place + 4, end));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(message.length);
  await writeFile(path, Buffer.concat([bytes.subarray(0, place), length, message, bytes.subarray(end)]));
};
