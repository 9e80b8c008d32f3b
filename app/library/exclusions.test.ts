import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkExclusions, compileExclusions, usableExclusions } from './exclusions.ts';

/** What of these is left out; folders end with a slash. */
const leftOut = (rules: readonly string[], paths: readonly string[], platform: NodeJS.Platform = 'linux'): string[] => {
  const isExcluded = compileExclusions(rules, platform);
  return paths.filter((path) => isExcluded(path.replace(/\/$/u, ''), path.endsWith('/')));
};

describe('compileExclusions', () => {
  it('leaves out what systems, servers and programs keep for themselves, and what is hidden', () => {
    const own = [
      ...[
        '@eaDir/',
        '2019/@eaDir/a.jpg',
        '#recycle/',
        '.@__thumb/',
        '$RECYCLE.BIN/',
        'System Volume Information/x.jpg',
      ],
      ...['lost+found/', '__MACOSX/a.jpg', '.thumbnails/', '.Trash-1000/', '.dtrash/a.jpg', '.stversions/', '._a.jpg'],
      ...['web/node_modules/x/logo.png', 'Catalog Previews.lrdata/', '.picasaoriginals/', '.picasa.ini'],
      ...['Photos Library.photoslibrary/resources/derivatives/a.jpeg', 'Photos Library.photoslibrary/database/'],
    ];
    expect(leftOut([], own)).toEqual(own);
    const photos = [
      ...[
        'a.jpg',
        '2019/',
        '2019/Rome/a.jpg',
        'lost+found.jpg',
        'node_modules.png',
        'Originals/a.jpg',
        'Recycle/a.jpg',
      ],
      ...['Photos Library.photoslibrary/', 'Photos Library.photoslibrary/originals/0/a.heic'],
    ];
    expect(leftOut([], photos)).toEqual([]);
  });

  it('sees the stub of a cloud service although it is hidden', () => {
    expect(leftOut([], ['2019/.boat.jpg.icloud', '2019/.boat.jpg', '.x.icloud/'])).toEqual([
      '2019/.boat.jpg',
      '.x.icloud/',
    ]);
  });

  it('reads rules as .gitignore does', () => {
    const paths = [
      'Trash',
      'Trash/',
      'a/Trash/',
      'a/Trash/b.jpg',
      'Trashed/',
      '2019/raw/',
      '2019/raw/x/a.jpg',
      'a/2019/raw/',
    ];
    expect(leftOut(['Trash'], paths)).toEqual(['Trash', 'Trash/', 'a/Trash/', 'a/Trash/b.jpg']);
    expect(leftOut(['Trash/'], paths)).toEqual(['Trash/', 'a/Trash/', 'a/Trash/b.jpg']);
    expect(leftOut(['/Trash'], paths)).toEqual(['Trash', 'Trash/']);
    expect(leftOut(['2019/raw'], paths)).toEqual(['2019/raw/', '2019/raw/x/a.jpg']);
    expect(leftOut(['**/raw/**'], paths)).toEqual(['2019/raw/', '2019/raw/x/a.jpg', 'a/2019/raw/']);
    expect(
      leftOut(['*.png', 'IMG_??.jpg'], ['a.png', 'x/b.png', 'x/b.png.jpg', 'IMG_01.jpg', 'x/IMG_012.jpg']),
    ).toEqual([...['a.png', 'x/b.png', 'IMG_01.jpg']]);
    expect(leftOut(['[!a].jpg'], ['a.jpg', 'b.jpg'])).toEqual(['b.jpg']);
    expect(leftOut(['20{18,19}', '[ab].jpg'], ['2018/a.jpg', '2017/a.jpg', '2017/c.jpg', '2019/'])).toEqual([
      ...['2018/a.jpg', '2017/a.jpg', '2019/'],
    ]);
  });

  it('compares names in NFC, and without regard to case where the system does so', () => {
    expect(leftOut(['Caf\u00E9'], ['Cafe\u0301/a.jpg'])).toEqual(['Cafe\u0301/a.jpg']);
    expect(leftOut(['Cafe\u0301'], ['Caf\u00E9/a.jpg'])).toEqual(['Caf\u00E9/a.jpg']);
    expect(leftOut(['trash', '*.PNG'], ['Trash/', 'a.png'], 'linux')).toEqual([]);
    expect(leftOut(['trash', '*.PNG'], ['Trash/', 'a.png'], 'win32')).toEqual(['Trash/', 'a.png']);
    expect(leftOut(['trash', '*.PNG'], ['Trash/', 'a.png'], 'darwin')).toEqual(['Trash/', 'a.png']);
    expect(leftOut(['2019\\raw'], ['2019/raw/'], 'win32')).toEqual(['2019/raw/']);
  });

  it('takes any plain name for itself alone', () => {
    const name = fc
      .string({ unit: 'grapheme', minLength: 2, maxLength: 20 })
      .map((text) => text.normalize('NFC'))
      .filter(
        (text) => /^[^*?[\]{}\\/!~.\s\0][^*?[\]{}\\/\0]*[^*?[\]{}\\/\s\0]$/u.test(text) && !/^[a-z]:/iu.test(text),
      );
    fc.assert(
      fc.property(name, name, (rule, other) => {
        expect(leftOut([rule], [`x/${rule}`, `${rule}/y.jpg`])).toHaveLength(2);
        if (other !== rule) expect(leftOut([rule], [`q${other}`])).toHaveLength(`q${other}` === rule ? 1 : 0);
      }),
    );
  });

  it('answers the same in any order of questions', () => {
    const segment = fc.constantFrom('a', 'b', 'Trash', 'raw', '.x', '@eaDir', 'c.png');
    const path = fc.array(segment, { minLength: 1, maxLength: 5 }).map((parts) => parts.join('/'));
    const rules = ['Trash', 'a/raw', '*.png'];
    const asked = compileExclusions(rules, 'linux');
    fc.assert(
      fc.property(path, fc.boolean(), (relPath, isFolder) => {
        expect(asked(relPath, isFolder)).toBe(compileExclusions(rules, 'linux')(relPath, isFolder));
      }),
    );
  });
});

describe('checkExclusions', () => {
  it.each([
    ['[2019', 'brackets'],
    ['{a,b', 'brackets'],
    ['!keep', '“!”'],
    ['../x', 'no path inside'],
    ['C:\\Photos\\x', 'no path inside'],
    ['~/Pictures', 'no path inside'],
    ['*', 'everything'],
    ['**', 'everything'],
    ['**/*', 'everything'],
    ['/', 'says nothing'],
  ])('refuses %s', (rule, why) => {
    expect(() => {
      checkExclusions(['fine', rule]);
    }).toThrow(expect.objectContaining({ kind: 'invalid-request', message: expect.stringContaining(`“${rule}”`) }));
    expect(() => compileExclusions([rule])).toThrow(why);
  });

  it('lets every sensible rule pass', () => {
    expect(() => {
      checkExclusions(['Trash', 'Photos (1)', '*.png', '2019/raw/', '**/x/**', 'a+b', '…and more']);
    }).not.toThrow();
  });
});

describe('bounds', () => {
  it('refuses rules that are too long, and too many of them', () => {
    expect(() => {
      checkExclusions(['a'.repeat(201)]);
    }).toThrow('longer than 200');
    expect(() => {
      checkExclusions(Array.from({ length: 201 }, (_, index) => `a${String(index)}`));
    }).toThrow('201 rules');
  });

  it('looks at each part of a deep path once, however many folders it leads through', () => {
    const deep = 'a/'.repeat(50_000);
    const isExcluded = compileExclusions(['*b*/x', 'c*a*/', '**/d/e']);
    expect(isExcluded(`${deep}x`, false)).toBe(false);
    expect(isExcluded(`${deep}d/e/${deep}x`, false)).toBe(true);
    expect(isExcluded(`b/x/${deep}x`, false)).toBe(true);
    expect(isExcluded(`${deep}cba/${deep}x`, false)).toBe(true);
    expect(isExcluded(`${deep}.hidden/${deep}x`, false)).toBe(true);
  });

  it('takes the rules of a folder beside as many for all folders', () => {
    const rules = Array.from({ length: 400 }, (_, index) => `a${String(index)}`);
    expect(compileExclusions(rules)('x/a399/y', false)).toBe(true);
  });

  it('keeps the rules of a file that can be used, and says of the others what is wrong', () => {
    const { usable, problems } = usableExclusions(['Trash', '[2019', 'b'.repeat(5000), '*', '*.png']);
    expect(usable).toEqual(['Trash', '*.png']);
    expect(problems).toEqual([
      expect.stringContaining('“[2019” has half a pair of brackets'),
      expect.stringContaining('is longer than 200 characters'),
      expect.stringContaining('“*” would leave out everything'),
    ]);
    expect(usableExclusions(Array.from({ length: 500 }, () => 'x')).problems).toEqual([
      expect.stringContaining('300 rules are more than'),
    ]);
  });
});

it('holds all rules together to a length, as each of them costs time for every file', () => {
  const rules = Array.from({ length: 40 }, (_, index) => `*a${String(index)}`.padEnd(150, 'a'));
  expect(() => checkExclusions(rules)).toThrow(/6000 characters together, and at most 4000/u);
  expect(() => checkExclusions(rules.slice(0, 26))).not.toThrow();
  const { usable, problems } = usableExclusions(rules);
  expect([usable.length, problems.length]).toEqual([26, 14]);
  expect(problems[0]).toContain('4000 characters together');
});
