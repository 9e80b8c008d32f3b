import { type Attribute } from '../attributes.ts';

/** A meaning: which attributes lie above the usual, or below it, and how much each matters. */
export type Weights = Readonly<Partial<Record<Attribute, number>>>;

/** Meanings by how they are written; `|` separates ways of writing the same, `+` after one adds its regular plural. */
export type Entries = Readonly<Record<string, Weights>>;
