import { FIELDS, type Field } from './ast.ts';
import { problem, shown } from './problem.ts';
import type { Scanner } from './scanner.ts';
import { nearest } from './suggest.ts';

const ATOM_NAMES = ['photo', 'image', 'slide', 'like', 'unlike'] as const;
export type AtomName = (typeof ATOM_NAMES)[number];
const OPTIONS = ['mode', 'tolerance', 'sort'] as const;
export type Option = (typeof OPTIONS)[number];
/** Every word that means something in front of a colon. */
const NAMES = [...FIELDS, ...ATOM_NAMES, ...OPTIONS];

const among =
  <T extends string>(list: readonly T[]) =>
  (name: string): name is T =>
    (list as readonly string[]).includes(name); // Widening a list of literals asks it about any string.
export const isField: (name: string) => name is Field = among(FIELDS);
export const isAtomName: (name: string) => name is AtomName = among(ATOM_NAMES);
export const isKnown: (name: string) => name is (typeof NAMES)[number] = among(NAMES);

/** What other programs call our fields. */
const ALIASES = new Map([
  ['album', 'in'],
  ['caption', 'description'],
  ['date', 'on'],
  ['file', 'name'],
  ['filename', 'name'],
  ['folder', 'in'],
  ['format', 'type'],
  ['path', 'in'],
  ['since', 'after'],
  ['stars', 'rating'],
  ['until', 'before'],
  ['year', 'on'],
]);

const NAME = /(?<name>[a-z]+):(?<value>\S?)/y;

/**
 * The name in front of a colon here: those that we know, and any other that has a value right behind it. An address such as
 * `https://…` is words.
 */
export const nameAt = (scan: Scanner): string | null => {
  const { name = '', value = '' } = scan.peek(NAME)?.groups ?? {};
  if (isKnown(name)) return name;
  return value === '' || scan.text.startsWith('//', scan.at + name.length + 1) ? null : name;
};

/**
 * Takes a name that stands here, with its colon.
 *
 * @throws AfterimageError `query-syntax` when we do not know it, or it has nothing behind it
 */
export const takeName = (scan: Scanner, name: string): (typeof NAMES)[number] => {
  if (!isKnown(name)) throw unknownField(scan, name);
  const start = scan.at;
  scan.at += name.length + 1;
  if (!scan.atBreak) return name;
  throw problem(
    `\`${name}:\` at ${start + 1} needs a value right behind it, without a space. Put it in quotes if it is meant as words.`,
    scan.since(start),
  );
};

const unknownField = (scan: Scanner, name: string): Error => {
  const { at } = scan;
  const said = `Unknown field \`${shown(name)}:\` at ${at + 1}`;
  const span = { at, length: name.length + 1 };
  const meant = ALIASES.get(name) ?? nearest(name, NAMES);
  if (meant !== null) return problem(`${said}, did you mean \`${meant}:\`?`, span, `${meant}:`);
  const piece = scan.take(/[^\s"]+/y) ?? '';
  return problem(`${said}. If it is meant as words, put them in quotes: "${shown(piece)}".`, span);
};
