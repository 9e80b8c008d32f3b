import fc from 'fast-check';
import picomatch from 'picomatch';
import { describe, expect, it } from 'vitest';
import { compileGlob, GlobError } from './glob.ts';

const path = fc
  .array(fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'A', '.'), minLength: 1, maxLength: 4 }), {
    minLength: 1,
    maxLength: 4,
  })
  .map((parts) => parts.join('/'))
  // Steps to here and upwards are no names; picomatch treats them as a shell does.
  .filter((text) => !/(?:^|\/)\.{1,2}(?:\/|$)/u.test(text));

const part = fc
  .array(
    fc.constantFrom(
      'a',
      'b',
      'A',
      '*',
      '?',
      '[ab]',
      '[!a]',
      '[a-c]',
      '[^b-c]',
      '{a,b}',
      '{ab,c*}',
      '{a,b{c,A}}',
      '\\*',
      '.',
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((signs) => signs.join(''))
  .filter((text) => !/\*\*|^\.{1,2}$|^\*$|\.\./u.test(text));
const glob = fc
  .array(fc.oneof(part, fc.constant('**')), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.join('/'))
  .filter((text) => !text.includes('**/**'));

// Its fast paths read some patterns otherwise than its parser: there `*.*` wants something behind the dot.
const options = { dot: true, noextglob: true, strictBrackets: true, windows: false, fastpaths: false };

describe('compileGlob', () => {
  it.each([true, false])('matches what picomatch matches (ignoring case: %s)', (nocase) => {
    fc.assert(
      fc.property(glob, fc.array(path, { minLength: 1, maxLength: 30 }), (pattern, paths) => {
        const [ours, theirs] = [
          compileGlob(pattern, nocase),
          picomatch(pattern.replaceAll('[!', '[^'), { ...options, nocase }),
        ];
        for (const text of paths) expect([pattern, text, ours(text)]).toEqual([pattern, text, theirs(text)]);
      }),
      { numRuns: 3000 },
    );
  });

  it.each([
    ['[2019', 'half a class'],
    ['2019]', 'half a class'],
    ['[]', 'a class of “]” that does not end'],
    ['{a,b', 'half of braces'],
    ['{a,{b,c}', 'half of inner braces'],
    ['[a-', 'half a range'],
  ])('refuses %s: %s', (pattern) => {
    expect(() => compileGlob(pattern, false)).toThrow(GlobError);
  });

  it.each([
    ['[2019]', '[2019]', true],
    ['[]a]', ']', true],
    ['[z-a]', 'b', false],
    ['[a-]', '-', true],
    ['[!a]', '/', false],
    ['{a}', '{a}', true],
    ['{a..c}', 'b', true],
    ['{a..c}', 'd', false],
    ['a}', 'a}', true],
    ['a\\', 'a\\', true],
    ['\\[a', '[a', true],
    ['Caf?', 'Café', true],
    ['?', '📷', true],
    ['IMG*/**', 'IMG_1.jpg', false],
    ['raw/**', 'raw', true],
    ['{**/raw,x}/*.png', 'a/b/raw/c.png', true],
  ])('reads %s: %s is %s', (pattern, text, matches) => {
    expect(compileGlob(pattern, false)(text)).toBe(matches);
  });
});

/** Milliseconds of this process's CPU time. */
const cpuOf = (work: () => void): number => {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
};

describe('a glob that would keep a backtracking matcher busy for ever', () => {
  it.each([
    ['stars', `${'*a'.repeat(10)}b`, 'a'.repeat(80)],
    ['as many stars as a rule can have', `${'*a'.repeat(99)}b`, 'a'.repeat(255)],
    ['folders', `${'**/'.repeat(60)}x`, 'a/'.repeat(500)],
    ['braces', `${'{a,aa}'.repeat(30)}b`, 'a'.repeat(80)],
    ['braces in braces', `${'{a*,'.repeat(40)}b${'}'.repeat(40)}`, 'a'.repeat(255)],
    ['braces with stars', `${'{*,*a}'.repeat(30)}b`, 'a'.repeat(255)],
    ['classes', `${'[a-z]*'.repeat(30)}9`, 'a'.repeat(255)],
    ['brackets', '['.repeat(198) + ']', '['.repeat(255)],
  ])('%s', (_, pattern, text) => {
    let matches: boolean | null = null;
    const ms = cpuOf(() => {
      matches = compileGlob(pattern, true)(text);
    });
    expect(matches).toBe(pattern.startsWith('{a*,'));
    expect(ms).toBeLessThan(300);
  });
});
