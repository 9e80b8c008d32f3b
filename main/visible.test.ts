import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyText, isObeyed, obeyedIn } from '../test/support/any-text.ts';
import { visible, visibleJson } from './visible.ts';

describe('visible', () => {
  it.each([
    ['plain text, ünï€, 日本語, العربية', 'plain text, ünï€, 日本語, العربية'],
    // Joiners and variation selectors are parts of words and pictures.
    ['👩‍👩‍👧 ❤️ می‌خواهم', '👩‍👩‍👧 ❤️ می‌خواهم'],
    ['C:\\photos\\new', 'C:\\photos\\new'],
    ['\x1b[31mred\x07', '\\x1b[31mred\\x07'],
    ['a\tb\r\nc\0', 'a\\tb\\r\\nc\\x00'],
    ['\x7f\x85\x9b', '\\x7f\\x85\\x9b'],
    ['photo\u202egpj.exe\u2066\u200f\u061c', 'photo\\u{202e}gpj.exe\\u{2066}\\u{200f}\\u{061c}'],
    ['\u2028\u2029', '\\u{2028}\\u{2029}'],
    ['\ud83d and \ude00', '\\u{d83d} and \\u{de00}'],
  ])('writes %j as %j', (text, expected) => {
    expect(visible(text)).toBe(expected);
    expect(visible(expected)).toBe(expected);
  });

  it('writes out each character that a terminal obeys, and no other', () => {
    for (let point = 0; point <= 0x10ffff; point++) {
      const character = String.fromCodePoint(point);
      if ((visible(character) !== character) !== isObeyed(point)) expect.fail(`U+${point.toString(16)}`);
    }
  });

  it('leaves nothing of any text that a terminal obeys', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(obeyedIn(visible(text))).toEqual([]);
      }),
    );
  });
});

describe('visibleJson', () => {
  it('keeps every value, and has nothing that a terminal obeys', () => {
    const values = fc.oneof(anyText, fc.dictionary(anyText, anyText, { noNullPrototype: true }), fc.jsonValue());
    fc.assert(
      fc.property(values, (value) => {
        const json = visibleJson(value);
        expect(obeyedIn(json)).toEqual([]);
        expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});
