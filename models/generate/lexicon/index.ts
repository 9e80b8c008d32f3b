import { colourEntries } from './colours.ts';
import { lightEntries } from './light.ts';
import { natureEntries } from './nature.ts';
import { placeEntries } from './places.ts';
import { styleEntries } from './style.ts';
import { thingEntries } from './things.ts';
import { type Entries, type Weights } from './weights.ts';

/** One meaning and every way it is written, the headword first. */
export interface Lexeme {
  readonly forms: readonly string[];
  readonly weights: Weights;
}

/** British spellings in the lexicon that others write differently. */
const SPELLINGS = [
  ['grey', 'gray'],
  ['colour', 'color'],
  ['centre', 'center'],
  ['harbour', 'harbor'],
  ['theatre', 'theater'],
  ['vapour', 'vapor'],
  ['aluminium', 'aluminum'],
] as const;

/** Everything the starter model understands. */
export const LEXICON: readonly Lexeme[] = [
  colourEntries,
  lightEntries,
  natureEntries,
  placeEntries,
  styleEntries,
  thingEntries,
].flatMap(lexemes);

function lexemes(entries: Entries): Lexeme[] {
  return Object.entries(entries).map(([written, weights]) => ({
    forms: [...new Set(written.split('|').flatMap(inflected).flatMap(spelled))],
    weights,
  }));
}

function inflected(form: string): string[] {
  if (!form.endsWith('+')) return [form];
  const singular = form.slice(0, -1);
  return [singular, plural(singular)];
}

function plural(word: string): string {
  if (/(?:s|x|z|ch|sh)$/.test(word)) return `${word}es`;
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`;
  return `${word}s`;
}

function spelled(form: string): string[] {
  return [form, SPELLINGS.reduce((text, [british, other]) => text.replaceAll(british, other), form)];
}
