import {
  AfterimageError,
  toAfterimageError,
  userDataSchema,
  type Check,
  type ImportReport,
  type Output,
  type UserData,
} from '../../app/contract/index.ts';
import { formatCount } from '../format.ts';
import type { Engine } from './engine.svelte.ts';
import type { Toasts } from './toasts.svelte.ts';

/** A host takes messages of a megabyte; paths may be long. */
const PIECE_CHARACTERS = 400_000;

/** An export in pieces that fit into one call each; the searches come with the first. */
export const piecesOf = (data: UserData, limit = PIECE_CHARACTERS): readonly UserData[] => {
  const pieces: UserData[] = [{ ...data, photos: [] }];
  let room = limit;
  for (const photo of data.photos) {
    const size = JSON.stringify(photo).length;
    if (size > room) {
      pieces.push({ ...data, searches: [], photos: [] });
      room = limit;
    }
    pieces.at(-1)?.photos.push(photo);
    room -= size;
  }
  return pieces;
};

const readExport = async (file: Blob): Promise<UserData> => {
  const text = await file.text();
  try {
    return userDataSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new AfterimageError(
      'invalid-request',
      'This file is no export of favourites, ratings and searches by Afterimage, or was written by a newer version.',
      { cause: error },
    );
  }
};

/** How the library fares: its size, its health, and what only the person knows going out and in. */
export class Upkeep {
  size = $state.raw<Output<'library.size'> | null>(null);
  checks = $state.raw<readonly Check[]>([]);
  /** Why the health is not known. */
  problem = $state<string | null>(null);
  busy = $state<'check' | 'repair' | 'import' | null>(null);

  readonly #engine: Engine;
  readonly #toasts: Toasts;

  constructor(engine: Engine, toasts: Toasts) {
    this.#engine = engine;
    this.#toasts = toasts;
  }

  async measure(): Promise<void> {
    // A size that cannot be had is left out.
    this.size = await this.#engine.call('library.size', {}).catch(() => null);
  }

  /** Looks at everything a search depends on; with `repair`, mends what can be mended. */
  async check(repair = false): Promise<void> {
    this.busy = repair ? 'repair' : 'check';
    try {
      this.checks = (await this.#engine.call('doctor', { repair })).checks;
      this.problem = null;
    } catch (error) {
      this.problem = toAfterimageError(error).message;
    }
    this.busy = null;
  }

  /** Favourites, ratings, hidden photos and saved searches as a file; undefined when that failed. */
  async export(): Promise<Blob | undefined> {
    const data = await this.#toasts.attempt(this.#engine.call('library.export', {}));
    return data === undefined ? undefined : new Blob([JSON.stringify(data, null, 2)], { type: 'application/json' });
  }

  async import(file: Blob): Promise<void> {
    this.busy = 'import';
    await this.#toasts.attempt(this.#import(file));
    this.busy = null;
  }

  async #import(file: Blob): Promise<void> {
    const pieces = piecesOf(await readExport(file));
    const of = Math.random().toString(36).slice(2);
    let done: ImportReport = { photos: 0, unknown: 0, searches: 0, refused: [] };
    // Nothing is taken over before the last piece has come.
    for (const [index, piece] of pieces.entries())
      done = await this.#engine.call('library.import', { ...piece, part: { of, isLast: index === pieces.length - 1 } });
    const taken = `${formatCount(done.photos, 'photo')} and ${formatCount(done.searches, 'saved search', 'saved searches')}`;
    const unknown = `${formatCount(done.unknown, 'photo')} of the file ${done.unknown === 1 ? 'is' : 'are'} not in this library.`;
    const refused = `${formatCount(done.refused.length, 'search', 'searches')} could not be read and ${done.refused.length === 1 ? 'was' : 'were'} left out: ${done.refused.map(({ name }) => name).join(', ')}.`;
    const said = [
      `Took over ${taken}.`,
      ...(done.unknown === 0 ? [] : [unknown]),
      ...(done.refused.length === 0 ? [] : [refused]),
    ];
    this.#toasts.say(said.join(' '));
  }
}
