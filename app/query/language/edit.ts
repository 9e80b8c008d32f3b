import { AfterimageError } from '../../contract/errors.ts';
import {
  EMPTY_QUERY,
  isAvoided,
  MAX_TERMS,
  MAX_WEIGHT,
  type Atom,
  type Filter,
  type Mode,
  type Query,
  type SortKey,
  type Term,
} from './ast.ts';
import { printAtom, printFilter } from './print.ts';

/** The lightest a term can be made: it still counts. */
export const MIN_WEIGHT = 0.05;

/** A wanted term of weight 1. */
export const termOf = (atom: Atom): Term => ({ atom, avoid: false, required: false, weight: 1 });

const changeTerm = (query: Query, index: number, change: (term: Term) => Term): Query => ({
  ...query,
  terms: query.terms.map((term, at) => (at === index ? change(term) : term)),
});

/**
 * Adds a term at the end; one for the same atom is replaced where it stands, so that nothing is wanted and avoided.
 *
 * @throws AfterimageError `query-syntax` when there are `MAX_TERMS` already
 */
export const addTerm = (query: Query, term: Term): Query => {
  const said = printAtom(term.atom);
  const index = query.terms.findIndex(({ atom }) => printAtom(atom) === said);
  if (index >= 0) return replaceTerm(query, index, term);
  if (query.terms.length < MAX_TERMS) return { ...query, terms: [...query.terms, term] };
  throw new AfterimageError('query-syntax', `A query takes at most ${MAX_TERMS} terms. Remove one first.`);
};

export const replaceTerm = (query: Query, index: number, term: Term): Query => changeTerm(query, index, () => term);

export const removeTerm = (query: Query, index: number): Query => ({
  ...query,
  terms: query.terms.filter((_, at) => at !== index),
});

/** Moves a term to where another stands; the others close up. */
export const moveTerm = (query: Query, from: number, to: number): Query => {
  const terms = [...query.terms];
  terms.splice(to, 0, ...terms.splice(from, 1));
  return { ...query, terms };
};

/** Sets a weight in steps of 0.05 within the limits; what is no number changes nothing. */
export const setWeight = (query: Query, index: number, weight: number): Query => {
  if (Number.isNaN(weight)) return query;
  const within = Math.min(Math.max(weight, MIN_WEIGHT), MAX_WEIGHT);
  return changeTerm(query, index, (term) => ({ ...term, weight: Math.round(within * 20) / 20 }));
};

/** Wanted becomes avoided and the other way round; liked photos become unliked ones. */
export const toggleAvoid = (query: Query, index: number): Query =>
  changeTerm(query, index, (term) =>
    term.atom.kind === 'set'
      ? { ...term, avoid: false, atom: { ...term.atom, like: isAvoided(term) } }
      : { ...term, avoid: !term.avoid },
  );

export const toggleRequired = (query: Query, index: number): Query =>
  changeTerm(query, index, (term) => ({ ...term, required: !term.required }));

export const setMode = (query: Query, mode: Mode): Query => ({ ...query, mode });

/** Sets the tolerance in thousandths within [0, 1]; null takes it away, what is no number changes nothing. */
export const setTolerance = (query: Query, tolerance: number | null): Query => {
  if (tolerance === null) return { ...query, tolerance };
  if (Number.isNaN(tolerance)) return query;
  return { ...query, tolerance: Math.round(Math.min(Math.max(tolerance, 0), 1) * 1000) / 1000 };
};

export const setSort = (query: Query, by: SortKey, reversed = false): Query => ({ ...query, sort: { by, reversed } });

/** Adds a filter, unless it is there. */
export const addFilter = (query: Query, filter: Filter): Query => {
  const said = printFilter(filter);
  const known = query.filters.some((other) => printFilter(other) === said);
  return known ? query : { ...query, filters: [...query.filters, filter] };
};

export const removeFilter = (query: Query, index: number): Query => ({
  ...query,
  filters: query.filters.filter((_, at) => at !== index),
});

/** Puts a photo among the marked ones on one side, taking it from the other; once more takes it away again. */
const mark = (query: Query, id: string, like: boolean): Query => {
  const home = query.terms.findIndex((term) => term.atom.kind === 'set' && isAvoided(term) !== like);
  const terms = query.terms.flatMap((term, index): Term[] => {
    const { atom } = term;
    if (atom.kind !== 'set') return [term];
    const others = atom.ids.filter((other) => other !== id);
    const ids = index === home && others.length === atom.ids.length ? [...others, id] : others;
    return ids.length === 0 ? [] : [{ ...term, atom: { ...atom, ids } }];
  });
  const changed = { ...query, terms };
  return home < 0 ? addTerm(changed, termOf({ kind: 'set', like, ids: [id] })) : changed;
};

/** Marks a photo as liked in the visible `like:` term, or takes the mark away. */
export const like = (query: Query, id: string): Query => mark(query, id, true);

/** Marks a photo as unliked in the visible `unlike:` term, or takes the mark away. */
export const unlike = (query: Query, id: string): Query => mark(query, id, false);

/** “This, but `but` instead of `instead`”: the photo − `instead` + `but`; what is left empty is left out. */
export const analogy = (photo: Atom, instead: string, but: string): Query => {
  const words = (text: string, avoid: boolean): Term[] =>
    text.trim() === '' ? [] : [{ ...termOf({ kind: 'words', words: text.trim() }), avoid }];
  return { ...EMPTY_QUERY, terms: [termOf(photo), ...words(instead, true), ...words(but, false)] };
};
