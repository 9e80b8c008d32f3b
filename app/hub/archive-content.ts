import { BadArchive, type Packed } from './packed.ts';

/** The layouts have a dozen files; some exports keep each tensor in one of its own. */
const MOST_FILES = 10_000;
/** Bytes in all: several times the largest model of the catalogue. */
const MOST_BYTES = 16e9;
/** What an archive holds may be so many times its own size: weights are hardly compressible, settings are. */
const MOST_RATIO = 50;
/** Below this nobody needs to compare. */
const ALWAYS_BYTES = 64e6;
const MOST_DEPTH = 16;
const MOST_PATH = 1000;
const MOST_NAME = 200;

/** Names that Windows keeps for devices, whatever their ending. */
const DEVICE = /^(?:con|prn|aux|nul|com[\d¹²³]|lpt[\d¹²³])(?:\.|$)/iu;
/** Signs that are no part of a name on some system. */
// eslint-disable-next-line no-control-regex -- control signs are what is looked for
const NO_NAME = /[\u0000-\u001f<>:"|?*\\]|[. ]$/u;

/** Relative, without steps upwards, and made of names that every system takes. */
const isPlain = (path: string): boolean => {
  const steps = path.replace(/\/$/u, '').split('/');
  return (
    path !== '' &&
    !path.startsWith('/') &&
    path.length <= MOST_PATH &&
    steps.length <= MOST_DEPTH &&
    steps.every((step) => step === '.' || (step.length <= MOST_NAME && !NO_NAME.test(step) && !DEVICE.test(step)))
  );
};

/** As names are compared by systems that keep capital and small letters, or accents, no longer apart. */
const keyOf = (path: string): string =>
  path
    .split('/')
    .filter((step) => step !== '.' && step !== '')
    .join('/')
    .normalize('NFC')
    .toLowerCase();

/** What an archive is found to hold, entry by entry, and whether that may be unpacked. */
export class ArchiveContent {
  readonly #most: number;
  readonly #files = new Set<string>();
  readonly #folders = new Set<string>();
  /** Paths of the files named `config.json`, in which a model says what it is. */
  readonly #configs: string[] = [];
  #bytes = 0;

  /** @param archiveBytes size of the archive itself */
  constructor(archiveBytes: number) {
    this.#most = Math.min(MOST_BYTES, Math.max(ALWAYS_BYTES, MOST_RATIO * archiveBytes));
  }

  /** Bytes of all files so far, as the archive announces them. */
  get bytes(): number {
    return this.#bytes;
  }

  get isEmpty(): boolean {
    return this.#files.size + this.#folders.size === 0;
  }

  /** Whether a model lies in it: at its top, or in a folder there. */
  get hasModel(): boolean {
    return this.#configs.some((path) => path.split('/').length <= 2);
  }

  /** @throws BadArchive */
  add({ path, kind, bytes }: Packed): void {
    if (kind === 'other') throw new BadArchive(`“${path}” in it is a link or a device, and a model needs none`);
    if (!isPlain(path))
      throw new BadArchive(
        `“${shown(path)}” in it leads out of the folder it is unpacked to, or is no name on every system`,
      );
    const key = keyOf(path);
    const steps = key.split('/');
    const folders = steps.slice(0, kind === 'folder' ? undefined : -1).map((_, at) => steps.slice(0, at + 1).join('/'));
    const isTaken = kind === 'file' && (this.#files.has(key) || this.#folders.has(key));
    if (isTaken || folders.some((folder) => this.#files.has(folder)))
      throw new BadArchive(`“${path}” is in it twice, or only its capital letters differ from another name`);
    for (const folder of folders) this.#folders.add(folder);
    if (kind === 'file') this.#files.add(key);
    if (this.#files.size + this.#folders.size > MOST_FILES)
      throw new BadArchive(`it holds more than ${String(MOST_FILES)} files`);
    if (kind === 'file' && steps.at(-1) === 'config.json') this.#configs.push(key);
    this.#bytes += bytes;
    if (!(bytes >= 0 && this.#bytes <= this.#most))
      throw new BadArchive(
        `it would take more than ${(this.#most / 1e6).toFixed(0)} MB, which no model does in an archive of this size`,
      );
  }
}

const shown = (path: string): string => (path.length > MOST_NAME ? `${path.slice(0, MOST_NAME)}…` : path);
