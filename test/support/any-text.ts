import fc from 'fast-check';

/** Whether a terminal obeys a character or reads others differently because of it; by number, and not taken from the source. */
export const isObeyed = (point: number): boolean =>
  point < 0x20 ||
  (point >= 0x7f && point <= 0x9f) ||
  [0x61c, 0x200e, 0x200f, 0x2028, 0x2029].includes(point) ||
  (point >= 0x202a && point <= 0x202e) ||
  (point >= 0x2066 && point <= 0x206f) ||
  (point >= 0xfff9 && point <= 0xfffb) ||
  (point >= 0xd800 && point <= 0xdfff);

/** Those in a text. */
export const obeyedIn = (text: string): string[] =>
  Array.from(text).filter((character) => isObeyed(character.codePointAt(0) ?? 0));

/** Any text, also one that no file name could be, with many of the characters that matter. */
export const anyText: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.nat(0xffff).map((unit) => String.fromCharCode(unit)),
      fc.constantFrom('\x1b]0;title\x07', '\x9b2J', 'a\r\nb', '\u202egpj.exe', '\ud800', '👩‍👩‍👧', 'עברית'),
    ),
  )
  .map((parts) => parts.join(''));
