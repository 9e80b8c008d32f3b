/** Bytes of an ISO base media file, as HEIF, CR3 and MP4 are made of: boxes in boxes. */

/** Big-endian numbers of so many bytes each. */
export const number = (size: number, ...values: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(size * values.length);
  for (const [index, value] of values.entries()) bytes.writeUIntBE(value, index * size, size);
  return bytes;
};

export const box = (type: string, ...content: readonly Uint8Array[]): Buffer<ArrayBuffer> => {
  const body = Buffer.concat(content);
  return Buffer.concat([number(4, 8 + body.length), Buffer.from(type, 'latin1'), body]);
};

/** A box with a version and 24 flags. */
export const fullBox = (type: string, version: number, flags: number, ...content: readonly Uint8Array[]): Buffer =>
  box(type, number(1, version), number(3, flags), ...content);
