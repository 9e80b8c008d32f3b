export type RefusalReason =
  'missing' | 'link' | 'not-a-file' | 'not-a-folder' | 'outside' | 'elsewhere' | 'too-large' | 'not-json';

const WHAT: Readonly<Record<RefusalReason, string>> = {
  missing: 'is not there',
  link: 'is a link. Afterimage does not write or delete through links, and does not read what they point at here. Replace the link with the file or folder itself',
  'not-a-file': 'is not a regular file but a folder, pipe, socket or device. Move it away',
  'not-a-folder': 'is not a folder. Move it away',
  outside: 'lies outside of the folder that may be changed here',
  elsewhere: 'says that parts of it lie in other folders or on other computers, which no file of Afterimage does',
  'too-large': 'is too large',
  'not-json': 'is not the kind of JSON that belongs here',
};

/** A path that is not what it has to be. Nothing was read, written or deleted. `message` is written for the person. */
export class FileRefused extends Error {
  override readonly name = 'FileRefused';
  readonly path: string;
  readonly reason: RefusalReason;

  constructor(path: string, reason: RefusalReason, detail?: string, options?: { readonly cause?: unknown }) {
    super(`${path} ${WHAT[reason]}${detail === undefined ? '' : `: ${detail}`}.`, options);
    this.path = path;
    this.reason = reason;
  }
}
