/**
 * Characters that a terminal obeys or that change how others are read: controls (C0, DEL, C1), bidirectional and deprecated
 * formatting controls, interlinear annotation, line and paragraph separators, and halves of surrogate pairs.
 */
const HIDDEN = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\u206A-\u206F\uFFF9-\uFFFB]/gu;

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

const hex = (character: string, digits: number): string => character.charCodeAt(0).toString(16).padStart(digits, '0');

/** A text for one line of a terminal: what would be obeyed or not seen is written out, as in `\x1b`, `\n` and `\u{202e}`. */
export const visible = (text: string): string =>
  text.replaceAll(
    HIDDEN,
    (character) => SHORT[character] ?? (character < '\u0100' ? `\\x${hex(character, 2)}` : `\\u{${hex(character, 4)}}`),
  );

/** JSON of the same value, on one line, in which nothing is left that a terminal obeys. */
export const visibleJson = (value: unknown): string =>
  JSON.stringify(value).replaceAll(HIDDEN, (character) => `\\u${hex(character, 4)}`);
