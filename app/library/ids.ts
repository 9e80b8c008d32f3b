import { createHash } from 'node:crypto';

const ID_LENGTH = 16;

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, ID_LENGTH);

/** Key of a path: the same for the composed and the decomposed form of a name. */
export const fileIdOf = (rootId: string, relPath: string): string => digest(`${rootId}\0${relPath.normalize('NFC')}`);

/** Key of a path whose composed form is taken by another file of the same folder. */
export const exactFileIdOf = (rootId: string, relPath: string): string => digest(`${rootId}\0exact\0${relPath}`);

/** Key of what a path showed once: the path itself is free for another picture meanwhile. */
export const goneFileIdOf = (rootId: string, relPath: string, photoId: string): string =>
  digest(`${rootId}\0gone\0${relPath}\0${photoId}`);

/**
 * Id of a photo, taken from the bytes it was first seen with, so that work repeated after a crash lands on the same id.
 *
 * @param isTaken whether another picture has the id (one that was edited since and kept it)
 */
export const photoIdOf = (contentHash: string, isTaken: (id: string) => boolean): string => {
  let id = contentHash.slice(0, ID_LENGTH);
  for (let round = 1; isTaken(id); round++) id = digest(`${contentHash}\0${String(round)}`);
  return id;
};
