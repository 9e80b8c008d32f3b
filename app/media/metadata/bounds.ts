import type { Metadata } from '../../contract/index.ts';

/** What is kept of the texts of a file, in characters: more than anybody writes, and less than makes the library slow. */
const MOST = { title: 1000, description: 10_000, keyword: 200, keywords: 1000, device: 200 } as const;

/** The metadata with texts that are too long cut off, and keywords that are too many left out. */
export const bounded = (metadata: Metadata): Metadata => ({
  ...metadata,
  title: cut(metadata.title, MOST.title),
  description: cut(metadata.description, MOST.description),
  camera: cut(metadata.camera, MOST.device),
  lens: cut(metadata.lens, MOST.device),
  keywords: [...new Set(metadata.keywords.slice(0, MOST.keywords).map((word) => cut(word, MOST.keyword) ?? ''))],
});

/** Whole characters only: half of one is no text. */
const cut = (text: string | null, most: number): string | null =>
  text === null || text.length <= most ? text : text.slice(0, most).replace(/[\uD800-\uDBFF]$/u, '').trimEnd();
