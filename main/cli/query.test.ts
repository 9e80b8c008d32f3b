import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { composeQuery, underlined } from './query.ts';

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
    await expect(compose('red camra:sony')).rejects.toMatchObject({
      kind: 'query-syntax',
      message: expect.stringMatching(/camera.*\n\n {2}red camra:sony\n {6}\^{6}$/su),
    });
  });
});

describe('underlined', () => {
  it('shows what is around the place in one line', () => {
    expect(underlined('a\tb\nc', 2, 1)).toBe('  a b c\n    ^');
    expect(underlined('😀 x', 3, 1)).toBe('  😀 x\n    ^');
    expect(underlined('ab', 2, 0)).toBe('  ab\n    ^');
    const [line, carets] = underlined('x'.repeat(8000), 4000, 2).split('\n');
    expect(line).toBe(`  …${'x'.repeat(122)}…`);
    expect(carets).toBe(`  ${' '.repeat(61)}^^`);
  });
});
