/** One thing in an archive, as the archive describes it. */
export interface Packed {
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'other';
  readonly bytes: number;
}

/** Told of everything in an archive, in its order; `open` gives a file's bytes, which are as many as announced or fail. */
export type Take = (packed: Packed, open: () => Promise<AsyncIterable<Buffer>>) => Promise<void>;

/** An archive that cannot be used. The message is a clause about it. */
export class BadArchive extends Error {
  override readonly name = 'BadArchive';
}
