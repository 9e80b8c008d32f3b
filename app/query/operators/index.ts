import type { Operator } from '../composition.ts';
import { auto } from './auto.ts';
import { gramVolume, reject } from './comparison.ts';
import { all, any } from './logic.ts';
import { mix } from './mix.ts';
import { together } from './together.ts';

/** The operators a person may choose, by mode. */
export const operators = { auto, mix, all, any, together } as const satisfies Readonly<Record<string, Operator>>;

/** Operators that are measured beside them. */
export const comparisons = { reject, gram: gramVolume } as const satisfies Readonly<Record<string, Operator>>;
