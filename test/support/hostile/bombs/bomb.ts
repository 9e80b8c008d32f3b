import { writeFile } from 'node:fs/promises';

/** A file made to take time or memory, or to be taken for something that it is not. */
export interface Bomb {
  /** Of the file, with its extension; unique among all. */
  readonly name: string;
  /** Makes it at a path that ends with the name. */
  readonly write: (path: string) => Promise<unknown>;
  /**
   * What has to become of it: `told` is indexed, or named with a reason; `hidden` is nothing that is looked for, such as a file
   * that describes a photo.
   */
  readonly fate: 'told' | 'hidden';
}

/** A bomb of bytes that are not made before they are needed. */
export const bomb = (name: string, bytes: () => Uint8Array | Promise<Uint8Array>): Bomb => ({
  name,
  fate: 'told',
  write: async (path) => writeFile(path, await bytes()),
});

/** So many pieces, one behind the other. */
export const many = (count: number, piece: (index: number) => Uint8Array): Buffer =>
  Buffer.concat(Array.from({ length: count }, (_, index) => piece(index)));
