import type { Region } from '../../contract/schemas.ts';
import type { Atom, PhotoReference } from './ast.ts';
import { isAtomName, nameAt, takeName, type AtomName } from './names.ts';
import { problem, shown } from './problem.ts';
import type { Scanner } from './scanner.ts';
import { readSentence, SIGNS } from './sentence.ts';

/** How many slides may stand inside each other: more than anybody can picture. */
const MAX_DEPTH = 8;

const ID = /[0-9a-f]{1,16}(?![^\s~#^,)])/iy;
/** A name with a dot needs no quotes where it holds nothing that means something here. */
const PLAIN_NAME = /[^\s~#^,()"“”„]*\.[^\s~#^,()"“”„]*/y;
const TOKEN = /[\w-]{1,128}(?![^\s^,)])/y;
const PIECE = /[^\s,)]*/y;
const WORD_IN_SLIDE = /[^\s,)]+/y;
const FIGURE = /[^\s,)~^#]*/y;

/** Whether the name of a file may be written without quotes. */
export const isPlainName = (name: string): boolean => {
  PLAIN_NAME.lastIndex = 0;
  return PLAIN_NAME.exec(name)?.[0].length === name.length;
};

const readPhoto = (scan: Scanner): PhotoReference => {
  if (scan.atQuote) return { by: 'name', name: scan.quoted() };
  const id = scan.take(ID);
  if (id !== null) return { by: 'id', id: id.toLowerCase() };
  const name = scan.take(PLAIN_NAME);
  if (name !== null) return { by: 'name', name };
  const start = scan.at;
  const piece = scan.take(PIECE) ?? '';
  throw problem(
    `The photo \`${shown(piece)}\` at ${start + 1} is neither an id, which has up to 16 of the digits 0-9 and a-f, nor the name of a file. Put a name in quotes: photo:"…".`,
    scan.since(start),
  );
};

/** @throws AfterimageError when it has no size, or reaches out of the photo */
const readRegion = (scan: Scanner): Region => {
  const start = scan.at;
  const figures = ['x', 'y', 'width', 'height'].map((what, index) => {
    if (index > 0 && scan.take(/,/y) === null) {
      throw problem(
        `The part of a photo at ${start + 1} needs four numbers, x,y,width,height, as fractions of the photo.`,
        scan.since(start),
      );
    }
    return scan.number(FIGURE, { what: `${what} of the part`, least: 0, most: 1 });
  });
  const [x = 0, y = 0, w = 0, h = 0] = figures;
  if (w === 0 || h === 0) {
    throw problem(`The part of the photo at ${start + 1} has no size. Draw it larger.`, scan.since(start));
  }
  // What a pointer measures may miss the edge by a rounding.
  if (x + w > 1 + 1e-6 || y + h > 1 + 1e-6) {
    throw problem(`The part of the photo at ${start + 1} reaches outside of the photo.`, scan.since(start));
  }
  return { x, y, w: x + w > 1 ? 1 - x : w, h: y + h > 1 ? 1 - y : h };
};

const readPhotoOrPart = (scan: Scanner): Atom => {
  const photo = readPhoto(scan);
  if (scan.take(/#/y) !== null) return { kind: 'region', photo, region: readRegion(scan) };
  const look = scan.take(/~/y) === null ? null : scan.number(FIGURE, { what: 'look', least: 0, most: 1 });
  return { kind: 'photo', photo, look };
};

const readPicture = (scan: Scanner): Atom => {
  if (scan.atQuote) return { kind: 'picture', source: { by: 'path', value: scan.quoted() } };
  const value = scan.take(TOKEN);
  if (value !== null) return { kind: 'picture', source: { by: 'token', value } };
  const start = scan.at;
  const piece = scan.take(PIECE) ?? '';
  throw problem(
    `The picture \`${shown(piece)}\` at ${start + 1} is no token of a dropped picture. Put a path in quotes: image:"…".`,
    scan.since(start),
  );
};

const readSet = (scan: Scanner, like: boolean): Atom => {
  const ids = new Set<string>();
  do {
    const id = scan.take(ID);
    if (id === null) {
      const start = scan.at;
      const piece = scan.take(PIECE) ?? '';
      throw problem(
        `An id is missing at ${start + 1}: \`${like ? 'like' : 'unlike'}:\` takes ids of photos, up to 16 of the digits 0-9 and a-f each, with commas and no spaces between them.`,
        { at: start, length: piece.length },
      );
    }
    ids.add(id.toLowerCase());
  } while (scan.take(/,(?!\s)/y) !== null);
  return { kind: 'set', like, ids: [...ids] };
};

/** One end of a slide. */
const readEnd = (scan: Scanner, depth: number): Atom => {
  scan.skipSpace();
  const start = scan.at;
  const refuse = (what: string): Error =>
    problem(`${what} in the slide at ${start + 1}.`, { at: start, length: scan.at - start || Number(!scan.ended) });
  if (scan.atQuote) return { kind: 'words', words: scan.quoted() };
  if (scan.take(SIGNS) !== null) throw refuse('There can be no sign');
  const name = nameAt(scan);
  if (name === null) {
    const { words, weight } = readSentence(scan, WORD_IN_SLIDE);
    if (words === '') throw refuse('Something is missing');
    if (weight !== null) throw refuse('There can be no weight');
    return { kind: 'words', words };
  }
  const known = takeName(scan, name);
  if (known === 'unlike') throw refuse('There can be no `unlike:`, which is avoided,');
  if (!isAtomName(known)) throw refuse(`There can be no \`${known}:\``);
  return readAtom(scan, known, depth + 1);
};

const readSlide = (scan: Scanner, depth: number): Atom => {
  const expect = (mark: RegExp, what: string): void => {
    scan.skipSpace();
    if (scan.take(mark) !== null) return;
    throw problem(`${what} is missing at ${scan.at + 1}. A slide is written slide:(summer, winter)@0.5.`, {
      at: scan.at,
      length: scan.ended ? 0 : 1,
    });
  };
  if (depth > MAX_DEPTH) {
    throw problem(`The slides at ${scan.at + 1} are too deep: at most ${MAX_DEPTH} may stand inside each other.`, {
      at: scan.at,
      length: 1,
    });
  }
  expect(/\(/y, 'A parenthesis');
  const from = readEnd(scan, depth);
  expect(/,/y, 'A comma');
  const to = readEnd(scan, depth);
  expect(/\)/y, 'A closing parenthesis');
  const at = scan.take(/@/y) === null ? 0.5 : scan.number(FIGURE, { what: 'place in the slide', least: 0, most: 1 });
  return { kind: 'slide', from, to, at };
};

/**
 * Reads what stands behind `photo:`, `image:`, `slide:`, `like:` or `unlike:`.
 *
 * @param depth of the slides around it, counting itself if it is one
 * @throws AfterimageError `query-syntax`
 */
export const readAtom = (scan: Scanner, name: AtomName, depth = 1): Atom => {
  switch (name) {
    case 'photo':
      return readPhotoOrPart(scan);
    case 'image':
      return readPicture(scan);
    case 'slide':
      return readSlide(scan, depth);
    case 'like':
    case 'unlike':
      return readSet(scan, name === 'like');
  }
};
