import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { finished, startAt, temporaryFolder, type Outcome } from '../support/command-line.ts';
import { writePaintings } from '../support/paintings.ts';
import { startWeb, type RunningWeb } from '../support/web.ts';
import { sampleOf } from '../support/hostile/whole.ts';

/** Sets the title, clears the screen by a C1 control, forges a line, turns the reading around, joins what follows. */
const EVIL = '\u001b]0;owned\u0007\u009b2J\nforged: line\r\u202egpj.exe\u2066\u200f\u061c';
/** Windows has no such names. */
const NAME = process.platform === 'win32' ? '\u009b2J\u202egpj.exe\u2066' : EVIL;

let home = '';
let remove: () => Promise<void>;
let web: RunningWeb;
let library = '';
let photos = '';

/** What a terminal would obey, line ends of our own aside. */
const OBEYED = /[^\P{Cc}\n]|[\p{Bidi_Control}\p{Zl}\p{Zp}\p{Cs}]/u;

const afterimage = (...args: readonly string[]): Promise<Outcome> => finished(startAt(home, ...args));

beforeAll(async () => {
  [home, remove] = await temporaryFolder();
  photos = join(home, `photos ${NAME}`);
  library = join(home, `library ${NAME}`);
  const paintings = await writePaintings(photos);
  await rename(join(photos, paintings[0] ?? ''), join(photos, `${NAME}.jpg`));
  await writeFile(join(photos, `broken ${NAME}.jpg`), 'no picture');
  await mkdir(join(home, `empty ${NAME}`));
  const indexed = await afterimage('index', photos, '--library', library);
  expect(indexed.code).toBe(0);
  expect(indexed.stdout).toContain('1 failed');
  expect(indexed.stdout + indexed.stderr).not.toMatch(OBEYED);
  // Its engine answers the commands: each has one less to start.
  web = await startWeb(library, { home });
});
afterAll(async () => {
  await web.stop();
  await remove();
});

describe.concurrent('whatever names, queries and arguments hold, the terminal is shown it', () => {
  it.each(
    sampleOf<readonly [what: string, given: readonly string[]]>(
      [
        ['search red', ['search', 'red']],
        ['a mistaken search', ['search', `camra:"${EVIL}" ${EVIL}`]],
        ['status', ['status']],
        ['doctor', ['doctor']],
        ['roots list', ['roots', 'list']],
        ['a search for it', ['search', EVIL]],
        ['similar', ['similar', EVIL]],
        ['duplicates', ['duplicates', '--likeness', 'similar']],
        ['roots add, of nothing', ['roots', 'add', `/nowhere/${EVIL}`]],
        ['roots remove, of nothing', ['roots', 'remove', EVIL]],
        ['searches save', ['searches', 'save', EVIL, 'red']],
        ['searches list', ['searches', 'list']],
        ['searches remove, of nothing', ['searches', 'remove', `x${EVIL}`]],
        ['settings', ['settings', '--exclude', EVIL]],
        ['models use, of nothing', ['models', 'use', EVIL]],
        ['models add, of nothing', ['models', 'add', EVIL]],
        ['models add, of a folder that is none', ['models', 'add', 'empty']],
        ['library list', ['library', 'list']],
        ['library size', ['library', 'size']],
        ['library export', ['library', 'export', 'exported']],
        ['library import, of nothing', ['library', 'import', EVIL]],
        ['eval, of nothing', ['eval', EVIL]],
      ],
      4,
    ),
  )('%s', async (_what, given) => {
    const args = given.map((arg) =>
      arg === 'empty' ? join(home, `empty ${NAME}`) : arg === 'exported' ? join(home, `${NAME}.json`) : arg,
    );
    const outcomes = await Promise.all(
      [[], ['--json']].map((more) => afterimage(...args, '--library', library, ...more)),
    );
    for (const { stdout, stderr } of outcomes) expect(stdout + stderr).not.toMatch(OBEYED);
    for (const { stdout, stderr } of outcomes) expect(stdout + stderr).not.toMatch(/^forged/mu);
    // Some commands have nothing to say to programs.
    const json = outcomes[1]?.stdout ?? '';
    if (json !== '') expect(() => JSON.parse(json) as unknown).not.toThrow();
  });

  it.each(
    sampleOf<readonly [what: string, args: readonly string[]]>(
      [
        ['a command that is none', [EVIL]],
        ['a command that is nearly one', [`serch${EVIL}`]],
        ['an option that is none', ['search', 'red', `--${EVIL}`]],
        ['a number that is none', ['search', 'red', '--limit', EVIL]],
        ['a choice that is none', ['search', 'red', '--mode', EVIL]],
      ],
      2,
    ),
  )('%s', async (_what, args) => {
    const { code, stdout, stderr } = await afterimage(...args);
    expect(code).toBe(2);
    expect(stdout + stderr).not.toMatch(OBEYED);
    expect(stdout + stderr).not.toMatch(/^forged/mu);
  });

  it('a mistyped command is told what was meant, on a line of its own', async () => {
    expect((await afterimage('serch')).stderr).toContain('\n(Did you mean search?)\n');
  });

  it('names are the same to programs', async () => {
    const { stdout } = await afterimage('search', 'red', '--json', '--library', library);
    const { results } = JSON.parse(stdout) as { readonly results: readonly { readonly path: string }[] };
    expect(results.map(({ path }) => path)).toContain(join(photos, `${NAME}.jpg`));
    const shown = await afterimage('search', 'red', '--library', library);
    expect(shown.stdout).toContain('\\x9b2J');
    expect(shown.stdout).toContain('\\u{202e}gpj.exe\\u{2066}');
  });
});
