import type { Region } from '../../contract/schemas.ts';

/** How the terms of a query are combined; QUERY.md calls them the operators. */
export const MODES = ['auto', 'mix', 'all', 'any', 'together'] as const;
export type Mode = (typeof MODES)[number];

export const SORT_KEYS = [
  'match',
  'date',
  'added',
  'name',
  'size',
  'rating',
  'title',
  'camera',
  'lens',
  'iso',
  'aperture',
  'exposure',
  'focal',
  'resolution',
  'duration',
] as const;
export type SortKey = (typeof SORT_KEYS)[number];

/** Fields a filter may ask for. */
export const FIELDS = [
  'in',
  'after',
  'before',
  'on',
  'camera',
  'lens',
  'iso',
  'aperture',
  'exposure',
  'focal',
  'type',
  'rating',
  'keyword',
  'tag',
  'name',
  'title',
  'description',
  'width',
  'height',
  'duration',
  'is',
  'has',
  'near',
] as const;
export type Field = (typeof FIELDS)[number];

/** What `is:` may ask. */
export const TRAITS = [
  'favourite',
  'landscape',
  'portrait',
  'panorama',
  'offline',
  'duplicate',
  'video',
  'raw',
  'live',
  'hidden',
] as const;
export type Trait = (typeof TRAITS)[number];

/** What `has:` may ask: whether anything is recorded of it. A date is one that the file or its name holds. */
export const RECORDS = ['date', 'place', 'rating', 'keyword', 'title', 'description', 'camera'] as const;
export type RecordKind = (typeof RECORDS)[number];

/** A photo of the library, by its id (or a unique prefix of it) or by the name of one of its files. */
export type PhotoReference =
  { readonly by: 'id'; readonly id: string } | { readonly by: 'name'; readonly name: string };

export type Atom =
  | { readonly kind: 'words'; readonly words: string }
  /** `look`: 0 by content alone, 1 by look alone; null compares in the whole space. */
  | { readonly kind: 'photo'; readonly photo: PhotoReference; readonly look: number | null }
  | { readonly kind: 'region'; readonly photo: PhotoReference; readonly region: Region }
  /** A picture from outside: a token the engine gave, or a path, which only the command line may write. */
  | { readonly kind: 'picture'; readonly source: { readonly by: 'token' | 'path'; readonly value: string } }
  /** Between two atoms: `at` 0 is the first, 1 the second. */
  | { readonly kind: 'slide'; readonly from: Atom; readonly to: Atom; readonly at: number }
  /** Ids of photos marked in the results; the mean of their vectors. `unlike` is avoided whatever its sign. */
  | { readonly kind: 'set'; readonly like: boolean; readonly ids: readonly string[] };

export interface Term {
  readonly atom: Atom;
  readonly avoid: boolean;
  /** The photo has to match this term, see `tolerance`. */
  readonly required: boolean;
  /** In (0, 4]. */
  readonly weight: number;
}

/** A condition on what is recorded of a photo. `value` is as written, without quotes; `language/filter-values.ts` reads it. */
export interface Filter {
  readonly field: Field;
  readonly not: boolean;
  readonly value: string;
}

export interface Query {
  readonly terms: readonly Term[];
  readonly filters: readonly Filter[];
  readonly mode: Mode;
  /** ε in [0, 1]: photos stay whose probability is at least 1 − ε for every required term, or every wanted one when none is. */
  readonly tolerance: number | null;
  readonly sort: { readonly by: SortKey; readonly reversed: boolean };
}

export const EMPTY_QUERY: Query = {
  terms: [],
  filters: [],
  mode: 'auto',
  tolerance: null,
  sort: { by: 'match', reversed: false },
};

export const MAX_WEIGHT = 4;
/** More terms than anybody composes, few enough to answer at once. */
export const MAX_TERMS = 24;

/** Whether a term counts against a photo. */
export const isAvoided = ({ avoid, atom }: Term): boolean => avoid || (atom.kind === 'set' && !atom.like);
