import { EMPTY_QUERY, type Query } from '../../app/query/language/ast.ts';

/** A query with another one on top, whose options win where it has any. */
export const merged = (query: Query, more: Query): Query => ({
  terms: [...query.terms, ...more.terms],
  filters: [...query.filters, ...more.filters],
  mode: more.mode === EMPTY_QUERY.mode ? query.mode : more.mode,
  tolerance: more.tolerance ?? query.tolerance,
  sort: more.sort.by === 'match' && !more.sort.reversed ? query.sort : more.sort,
});

/** Whether a query asks for nothing, whatever its options. */
export const isEmpty = ({ terms, filters }: Query): boolean => terms.length === 0 && filters.length === 0;
