import assert from 'node:assert/strict';
import { AfterimageError, MOST_EXCLUSIONS, type ErrorKind } from '../../app/contract/index.ts';
import { compileExclusions } from '../../app/library/exclusions.ts';
import { FIELDS, MODES, SORT_KEYS } from '../../app/query/language/ast.ts';
import { parseQuery } from '../../app/query/language/parse.ts';
import { printQuery } from '../../app/query/language/print.ts';
import type { Target } from './target.ts';

/** Whether an error is one of ours, of these kinds. */
export const isOfKind =
  (...kinds: readonly ErrorKind[]) =>
  (error: unknown): boolean =>
    error instanceof AfterimageError && kinds.includes(error.kind);

/** No system takes longer ones. */
const LONGEST_PATH = 4096;
const LONGEST_NAME = 255;

const texts = (...list: readonly string[]): Promise<Buffer[]> => Promise.resolve(list.map((text) => Buffer.from(text)));

export const textTargets: readonly Target[] = [
  {
    name: 'query',
    watched: ['/app/query/language/'],
    seeds: () =>
      texts(
        'two dogs -red car +snow^2 !"a sunset" mode:all tolerance:20%',
        'photo:0123456789abcdef~0.3 photo:"a b.jpg"#0.1,0.2,0.5,0.5 image:token like:abc,def unlike:123',
        'slide:(summer, slide:("deep snow", photo:ab)@0.2)@0.5 sort:date-',
        'in:holiday -camera:"Canon EOS" iso:100..400 rating:>=3 on:2023..2024-05 near:48.2,16.4,5km is:raw has:place duration:1m..',
      ),
    dictionary: [
      ...FIELDS.map((field) => `${field}:`),
      ...MODES,
      ...SORT_KEYS,
      ...[
        'photo:',
        'image:',
        'slide:(',
        'like:',
        'unlike:',
        'mode:',
        'tolerance:',
        'sort:',
        ')@',
        '..',
        '>=',
        '^',
        '#',
        '~',
        '!',
        '+',
        '-',
      ],
      ...[
        '"',
        '\\',
        '\\"',
        ' ',
        '\n',
        '1e999',
        '-0',
        '0.1,0.1,0.1,0.1',
        '\xe2\x80\x9c',
        '\xe2\x80\x9e',
        '\xe2\x88\x92',
        '\xf0\x9f\x98\x80',
        '\xe2\x80\xa8',
      ],
    ],
    run: (input) => {
      const query = parseQuery(input.toString());
      assert.deepEqual(parseQuery(printQuery(query)), query, 'What is printed reads as something else.');
    },
    isDeclared: isOfKind('query-syntax'),
    tested: 2500,
  },
  {
    name: 'excludes',
    watched: ['/app/library/exclusions', '/app/library/glob'],
    seeds: () =>
      texts(
        '*.png\nTrash/\n/2019/raw\n2019/raw/a.png',
        '{a,b}[!c-e]?*/**/x\n**/cache\n*a*a*a*b\naaaaaaaaaaaaaaaaaaaa/b/c',
        'Photos (1)\nme+you\nPhotos (1)/a.jpg',
      ),
    dictionary: [
      '*',
      '**',
      '**/',
      '?',
      '[',
      ']',
      '[!',
      '[a-z]',
      '{',
      '}',
      ',',
      '{a,b}',
      '\\',
      '/',
      '!',
      '(',
      ')',
      '@(',
      '+(',
      '\n',
      '..',
      '[[:alpha:]]',
      '{1..9}',
      'a'.repeat(40),
    ],
    run: (input) => {
      // The last line is a path, the others are rules.
      const lines = input.toString().split('\n');
      const names = (lines.pop() ?? '').slice(0, LONGEST_PATH).split('/');
      const path = names.map((name) => name.slice(0, LONGEST_NAME)).join('/');
      const isExcluded = compileExclusions(lines.slice(0, MOST_EXCLUSIONS));
      isExcluded(path, false);
      isExcluded(path, true);
    },
    isDeclared: isOfKind('invalid-request'),
    tested: 1250,
  },
];
