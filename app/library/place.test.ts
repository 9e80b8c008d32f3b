import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pathBelow, staysBelow } from './place.ts';

describe('a path of the tables', () => {
  it.each(['a.jpg', '2019/Rome/a.jpg', '..a/b..jpg', '...', ' ', '-', 'a\nb.jpg'])('is taken: %j', (relPath) => {
    expect(pathBelow('/photos', relPath)).toBe(join(resolve('/photos'), relPath));
  });

  it.each([
    '',
    '.',
    '..',
    '/etc/passwd',
    '../a',
    'a/../../b',
    'a/..',
    './a',
    'a//b',
    'a/',
    '//server/share/a',
    'a\0.jpg',
  ])('is not taken: %j', (relPath) => {
    expect(pathBelow('/photos', relPath)).toBeNull();
  });

  it.each(['C:/Windows/a', 'a\\..\\..\\b', '\\\\server\\share', 'a.jpg:stream', 'C:a'])(
    'is not taken on Windows, which reads it as another: %j',
    (relPath) => {
      expect(staysBelow(relPath, 'win32')).toBe(false);
    },
  );

  it('never leads out of its folder, whatever it is', () => {
    const part = fc.oneof(fc.constantFrom('..', '.', '', '/', '\\', 'a', 'C:'), fc.string());
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const path = pathBelow('/photos', parts.join('/'));
        expect(path === null || path.startsWith(join(resolve('/photos'), '/'))).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});
