import { isAvoided, type Atom, type Filter, type Query, type Term } from '../app/query/language/ast.ts';
import { printFilter } from '../app/query/language/print.ts';
import { formatCount } from './format.ts';

/** An atom in a few words of plain English, as it is named on chips and read out. */
export const nameOfAtom = (atom: Atom): string => {
  switch (atom.kind) {
    case 'words':
      return `“${atom.words}”`;
    case 'photo':
      return atom.photo.by === 'name' ? `photo “${atom.photo.name}”` : 'photo';
    case 'region':
      return 'part of a photo';
    case 'picture':
      return 'picture';
    case 'slide':
      return `between ${nameOfAtom(atom.from)} and ${nameOfAtom(atom.to)}`;
    case 'set':
      return formatCount(atom.ids.length, atom.like ? 'liked photo' : 'unliked photo');
  }
};

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** `1`, `1.5`, `0.25`. */
export const formatWeight = (weight: number): string => String(Math.round(weight * 100) / 100);

/** A term in words: `avoid “people”, required, weight 1.5`. */
export const describeTerm = (term: Term): string => {
  const name = nameOfAtom(term.atom);
  const marks = [
    ...(term.required ? ['required'] : []),
    ...(term.weight === 1 ? [] : [`weight ${formatWeight(term.weight)}`]),
  ];
  const avoided = isAvoided(term) && term.atom.kind !== 'set';
  return [avoided ? `avoid ${name}` : name, ...marks].join(', ');
};

/** A query as a title: what a saved search is called until it is given another name. */
export const titleOf = ({ terms, filters }: Pick<Query, 'terms' | 'filters'>): string => {
  const part = (term: Term): string => {
    const name = term.atom.kind === 'words' ? term.atom.words : nameOfAtom(term.atom);
    return isAvoided(term) && term.atom.kind !== 'set' ? `without ${name}` : name;
  };
  return capital([...terms.map(part), ...filters.map(printFilter)].join(', '));
};

/** What a filter shows, without its sign: `camera: sony`. */
export const nameOfFilter = ({ field, value }: Filter): string => `${field}: ${value}`;
