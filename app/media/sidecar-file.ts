import { lstat } from 'node:fs/promises';
import { replaceFile } from '../base/disk.ts';
import { errnoOf } from '../base/errno.ts';
import { FileRefused } from '../base/file-refused.ts';
import { readTextBounded } from '../base/read.ts';
import { HIERARCHIES, levelsOf } from './metadata/said-by-xmp.ts';
import { lineOf } from './metadata/said.ts';
import { XmpPacket } from './metadata/xmp-packet.ts';
import { NAMESPACES, RDF } from './metadata/xmp.ts';
import { PhotoFailure } from './photo-failure.ts';
import { MOST_SIDECAR_BYTES } from './read-sidecars.ts';

/** What the person says of a photo. */
export interface Words {
  /** Stars from 0 to 5; null leaves those that are there. */
  readonly rating: number | null;
  readonly keywords: readonly string[];
}

/** Of a file that was not there: as everything else that the person makes. */
const NEW_MODE = 0o666;

const EMPTY = `<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="${RDF}">
  <rdf:Description rdf:about="" xmlns:xmp="${NAMESPACES.xmp}" xmlns:dc="${NAMESPACES.dc}">
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>`;

/**
 * Writes stars and keywords to an XMP file, where other programs find them; all else in the file stays. The file is forced
 * to disk before it replaces the one before.
 *
 * @throws PhotoFailure when the file that is there is damaged, a link or no file at all, which leaves it untouched, or cannot be
 * written
 */
export const writeSidecar = async (path: string, words: Words): Promise<void> => {
  try {
    const before = await lstat(path).catch(() => null);
    await replaceFile(path, sidecarText(await textOf(path), words), { mode: (before?.mode ?? NEW_MODE) & 0o777 });
  } catch (error) {
    throw error instanceof PhotoFailure ? error : writeFailure(path, error);
  }
};

const textOf = async (path: string): Promise<string | null> => {
  try {
    return await readTextBounded(path, { maxBytes: MOST_SIDECAR_BYTES, links: 'refuse' });
  } catch (error) {
    if (error instanceof FileRefused && error.reason === 'missing') return null;
    throw error;
  }
};

const writeFailure = (path: string, error: unknown): PhotoFailure => {
  if (error instanceof FileRefused && error.reason !== 'missing')
    return new PhotoFailure('unreadable', `The XMP file was left as it is: ${error.message}`, { cause: error });
  const code = errnoOf(error) ?? errnoOf(error instanceof Error ? error.cause : null);
  return code === 'ENOSPC' || code === 'EDQUOT'
    ? new PhotoFailure('disk-full', `${path} cannot be written: the disk is full. Free some space and try again.`, {
        cause: error,
      })
    : new PhotoFailure(
        'unreadable',
        `${path} cannot be written (${code ?? String(error)}). Check that your account may write in this folder.`,
        { cause: error },
      );
};

/** The percents of Windows for none to five stars. */
const PERCENTS = ['0', '1', '25', '50', '75', '99'] as const;
/** Signs that no XML can hold. */
const NOT_IN_XML = /[\p{Surrogate}\uFFFE\uFFFF]/gu;

/**
 * The text of an XMP file with the person’s words.
 *
 * @param existing text of the file as it is; null makes a new one
 * @throws PhotoFailure `unreadable` when that is no XMP that can be edited without losing something
 */
export const sidecarText = (existing: string | null, { rating, keywords }: Words): string => {
  const packet = packetOf(existing ?? EMPTY);
  const words = [...new Set(keywords.flatMap((word) => lineOf(word.replaceAll(NOT_IN_XML, '\uFFFD')) ?? []))];
  if (rating !== null) {
    packet.setText('xmp:Rating', String(rating));
    // Windows looks at this one, and is not to see another.
    if (packet.has('MicrosoftPhoto:Rating')) packet.setText('MicrosoftPhoto:Rating', PERCENTS[rating] ?? '0');
  }
  for (const { property, separator } of HIERARCHIES)
    packet.keepItems(property, (path) => levelsOf(path, separator).every((level) => words.includes(level)));
  if (words.length > 0 || packet.has('dc:subject')) packet.setList('dc:subject', words);
  return packet.text;
};

const packetOf = (text: string): XmpPacket => {
  try {
    return new XmpPacket(text);
  } catch (error) {
    throw new PhotoFailure(
      'unreadable',
      'The XMP file beside this photo is damaged and was left as it is. Mend it in the program that wrote it, or move it away, and try again.',
      { cause: error },
    );
  }
};
