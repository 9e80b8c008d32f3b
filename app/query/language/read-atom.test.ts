import { describe, expect, it } from 'vitest';
import { queryError as errorOf } from '../../../test/support/query-error.ts';
import type { Atom } from './ast.ts';
import { parseQuery } from './parse.ts';

const atomsOf = (text: string): readonly Atom[] => parseQuery(text).terms.map(({ atom }) => atom);
const atomOf = (text: string): Atom | undefined => atomsOf(text)[0];

describe('photos, regions and pictures', () => {
  it('are named by id, file name, token or path', () => {
    const byName = (name: string): Atom => ({ kind: 'photo', photo: { by: 'name', name }, look: null });
    expect(atomsOf('photo:0123456789abcdef in snow')).toEqual([
      { kind: 'photo', photo: { by: 'id', id: '0123456789abcdef' }, look: null },
      { kind: 'words', words: 'in snow' },
    ]);
    expect(atomOf('photo:AB12')).toEqual({ kind: 'photo', photo: { by: 'id', id: 'ab12' }, look: null });
    expect(atomOf('photo:ab~0.3^2')).toEqual({ kind: 'photo', photo: { by: 'id', id: 'ab' }, look: 0.3 });
    expect(atomOf('photo:IMG_2041.JPG')).toEqual(byName('IMG_2041.JPG'));
    expect(atomOf('photo:"my boat"')).toEqual(byName('my boat'));
    expect(atomOf('image:aB-_9')).toEqual({ kind: 'picture', source: { by: 'token', value: 'aB-_9' } });
    expect(atomOf('image:"/a b.png"')).toEqual({ kind: 'picture', source: { by: 'path', value: '/a b.png' } });
    expect(atomOf('photo:"a b"#0,.25,0.5,0.75')).toEqual({
      kind: 'region',
      photo: { by: 'name', name: 'a b' },
      region: { x: 0, y: 0.25, w: 0.5, h: 0.75 },
    });
  });

  it.each([
    ['photo:xyz', 'xyz', 'neither an id'],
    ['photo:0123456789abcdef0', '0123456789abcdef0', 'neither an id'],
    ['photo:ab~2', '2', 'from 0 to 1'],
    ['photo:ab~NaN', 'NaN', 'from 0 to 1'],
    ['photo:ab#0,0,0,1', '0,0,0,1', 'has no size'],
    ['photo:ab#0.5,0,0.6,1', '0.5,0,0.6,1', 'outside of the photo'],
    ['photo:ab#-0.1,0,1,1', '-0.1', 'from 0 to 1'],
    ['photo:ab#0,0,Infinity,1', 'Infinity', 'from 0 to 1'],
    ['photo:ab#0,0,1', '0,0,1', 'needs four numbers'],
    ['photo:ab#0,0,1,1,1', ',1', 'Put a space'],
    ['image:/a.png', '/a.png', 'Put a path in quotes'],
    ['photo:"a"b', 'b', 'Put a space before `b` at 10.'],
    ['photo:""', '""', 'nothing between the quotes'],
    ['photo:', 'photo:', 'needs a value'],
  ])('%s is an error at %s', (text, part, message) => {
    const error = errorOf(text);
    expect(error.part).toBe(part);
    expect(error.message).toContain(message);
  });

  it('take a rounding at the edge of the photo for the edge', () => {
    expect(atomOf('photo:ab#0.9,0,0.1,1')).toMatchObject({ region: { x: 0.9, w: 0.1 } });
    expect(atomOf('photo:ab#0.6,0,0.4000001,1')).toMatchObject({ region: { x: 0.6, w: 0.4 } });
  });
});

describe('slides and sets', () => {
  it('slide between any two things', () => {
    const from: Atom = { kind: 'words', words: 'a summer day' };
    const photo: Atom = { kind: 'photo', photo: { by: 'id', id: 'ab' }, look: null };
    const set: Atom = { kind: 'set', like: true, ids: ['ab', 'cd'] };
    expect(atomOf('slide:(a summer  day, photo:ab)@0.25^2')).toEqual({ kind: 'slide', from, to: photo, at: 0.25 });
    expect(atomOf('slide:( "a summer day" ,slide:(like:ab,cd, photo:ab)@1 )@0')).toEqual({
      kind: 'slide',
      from,
      to: { kind: 'slide', from: set, to: photo, at: 1 },
      at: 0,
    });
    expect(atomOf('slide:(a summer day,photo:ab)')).toEqual({ kind: 'slide', from, to: photo, at: 0.5 });
  });

  it.each([
    ['slide:a', 'A parenthesis is missing at 7'],
    ['slide:(a', 'A comma is missing at 9'],
    ['slide:(a, b', 'A closing parenthesis is missing at 12'],
    ['slide:(, b)', 'Something is missing'],
    ['slide:(a, -b)', 'no sign in the slide at 11'],
    ['slide:(a^2, b)', 'no weight'],
    ['slide:(unlike:ab, b)', 'no `unlike:`'],
    ['slide:(camera:x, b)', 'no `camera:`'],
    ['slide:(phto:ab, b)', 'did you mean `photo:`?'],
    ['slide:(a, b)@2', 'from 0 to 1'],
    ['slide:(a, b)@NaN', 'from 0 to 1'],
  ])('%s is an error', (text, message) => {
    expect(errorOf(text).message).toContain(message);
  });

  it('stand inside each other only so deep', () => {
    const nested = (depth: number): string => (depth === 0 ? 'a' : `slide:(${nested(depth - 1)}, b)@0.5`);
    expect(atomsOf(nested(8))).toHaveLength(1);
    expect(errorOf(nested(9)).message).toContain('at most 8');
    expect(errorOf('slide:('.repeat(1100)).message).toContain('at most 8');
  });

  it('mark photos once each', () => {
    expect(atomsOf('like:ab,CD,ab unlike:ef')).toEqual([
      { kind: 'set', like: true, ids: ['ab', 'cd'] },
      { kind: 'set', like: false, ids: ['ef'] },
    ]);
    expect(errorOf('like: ab').message).toContain('needs a value');
    expect(errorOf('like:xyz').part).toBe('xyz');
    expect(errorOf('like:ab,').message).toContain('An id is missing at 9');
    expect(errorOf('like:ab, cd').message).toContain('Put a space before `,`');
  });
});
