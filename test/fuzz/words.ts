/** What any JSON is made of, and what upsets readers of it. */
export const JSON_WORDS = [
  '{',
  '}',
  '[',
  ']',
  '"',
  ':',
  ',',
  'null',
  'true',
  '1e999',
  '-1',
  '2147483647',
  '0.5',
  '"__proto__"',
  '\\u0000',
  '\\ud800',
];
