import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/support/command-line.ts';
import { argumentsOf, lacksSandbox, openedBy, searchOf } from './launch.ts';

describe('searchOf', () => {
  it('reads the query of a link', () => {
    expect(searchOf('afterimage://search?q=red%20sunset')).toEqual({ kind: 'search', query: 'red sunset' });
    expect(searchOf('AFTERIMAGE://search/?q=a+b')).toEqual({ kind: 'search', query: 'a b' });
  });

  it('takes nothing else', () => {
    for (const link of [
      'afterimage://search',
      'afterimage://search?q=',
      'afterimage://open?path=/etc/passwd',
      'afterimage://search?q=%',
      `afterimage://search?q=${'a'.repeat(9000)}`,
      'http://127.0.0.1/?q=dog',
      'file:///etc/passwd',
      '/?q=dog',
    ])
      expect(searchOf(link), link.slice(0, 60)).toBeNull();
  });
});

describe('argumentsOf', () => {
  it('leaves out switches, wherever they stand, and the application itself', () => {
    expect(argumentsOf(['electron', '--inspect=0', '.', 'a', '--flag', 'b'], false)).toEqual(['a', 'b']);
    expect(argumentsOf(['Afterimage', '--flag', 'a'], true)).toEqual(['a']);
    expect(argumentsOf(['Afterimage'], true)).toEqual([]);
  });
});

it('lacksSandbox tells of a package that was started without', () => {
  expect(lacksSandbox(['Afterimage', '--no-sandbox', 'a'], true)).toBe(true);
  expect(lacksSandbox(['Afterimage', 'a'], true)).toBe(false);
  expect(lacksSandbox(['electron', '--no-sandbox', '.'], false)).toBe(false);
});

describe('openedBy', () => {
  let home = '';
  let remove: () => Promise<void>;
  beforeAll(async () => {
    [home, remove] = await temporaryFolder();
    await mkdir(join(home, 'Trip'));
    await writeFile(join(home, 'red.JPG'), '');
    await writeFile(join(home, 'letter.txt'), '');
  });
  afterAll(() => remove());

  it('tells folders, pictures and links apart, and refuses the rest', async () => {
    expect(await openedBy('Trip', home)).toEqual({ kind: 'folder', path: join(home, 'Trip') });
    expect(await openedBy(join(home, 'red.JPG'), '/')).toEqual({ kind: 'picture', path: join(home, 'red.JPG') });
    expect(await openedBy('afterimage://search?q=dog', home)).toEqual({ kind: 'search', query: 'dog' });
    for (const argument of ['letter.txt', 'gone', 'https://example.org/'])
      expect(await openedBy(argument, home)).toBeNull();
  });
});
