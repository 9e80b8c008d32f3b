import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AfterimageError } from '../../app/contract/index.ts';
import { composeQuery, markedQuery, underlined } from './query.ts';

const compose = (text: string, overrides = {}): Promise<string> =>
  composeQuery(text, overrides, (path) => Promise.resolve(path === resolve('a b.jpg') ? 'f00d' : 'beef'));

describe('composeQuery', () => {
  it('puts options of the command line in place of those in the query', async () => {
    expect(await compose('dog mode:any tolerance:0.2 sort:date')).toBe('dog mode:any tolerance:0.2 sort:date');
    expect(await compose('dog mode:any tolerance:0.2 sort:date', { mode: 'all', tolerance: 0.5, sort: 'name-' })).toBe(
      'dog mode:all tolerance:0.5 sort:name-',
    );
    expect(await compose('dog -cat^2 camera:sony', { sort: 'rating' })).toBe('dog -cat^2 camera:sony sort:rating');
    expect(await compose('   ')).toBe('');
  });

  it('sends the pictures that are named by path, wherever they stand', async () => {
    expect(await compose('image:"a b.jpg" -image:"c.png"')).toBe('image:f00d -image:beef');
    expect(await compose('slide:(image:"a b.jpg", snow)@0.25')).toBe('slide:(image:f00d, snow)@0.25');
    expect(await compose('image:cafe')).toBe('image:cafe');
  });

  it('marks the place of a mistake', async () => {
    const error = await compose('red camra:sony').catch((thrown: unknown) => thrown);
    if (!(error instanceof AfterimageError)) throw new TypeError('It was understood.');
    expect(error).toMatchObject({ kind: 'query-syntax', message: expect.stringContaining('camera') });
    expect(markedQuery(error)).toEqual(['', '  red camra:sony', '      ^^^^^^']);
    expect(markedQuery(new AfterimageError('not-found', 'Nothing.'))).toEqual([]);
  });
});

describe('underlined', () => {
  it('shows what is around the place in one line', () => {
    expect(underlined('a\tb\nc', 2, 1)).toEqual(['  a b c', '    ^']);
    expect(underlined('😀 x', 3, 1)).toEqual(['  😀 x', '    ^']);
    expect(underlined('ab', 2, 0)).toEqual(['  ab', '    ^']);
    // As it is printed.
    expect(underlined('\u202ex y', 3, 1)).toEqual(['  \u202ex y', '            ^']);
    const [line, carets] = underlined('x'.repeat(8000), 4000, 2);
    expect(line).toBe(`  …${'x'.repeat(122)}…`);
    expect(carets).toBe(`  ${' '.repeat(61)}^^`);
  });
});
