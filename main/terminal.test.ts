import { spawn } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { finished } from '../test/support/command-line.ts';
import { anyText, obeyedIn } from '../test/support/any-text.ts';

/** Runs a script that imports this module as `terminal` in a process of its own, with texts on its standard input. */
const run = async (script: string, texts: readonly string[]): Promise<{ stdout: string; stderr: string }> => {
  const source = `
    import * as terminal from ${JSON.stringify(new URL('terminal.ts', import.meta.url).href)};
    import { text } from 'node:stream/consumers';
    import { Readable } from 'node:stream';
    const texts = JSON.parse(await text(process.stdin));
    ${script}`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', source], {
    cwd: import.meta.dirname,
  });
  child.stdin.end(JSON.stringify(texts));
  const { code, stdout, stderr } = await finished(child);
  expect([code, code === 0 ? '' : stderr]).toEqual([0, '']);
  return { stdout, stderr };
};

const texts = fc.sample(anyText, { numRuns: 500, seed: 12 });

/** Nothing is left that is obeyed but the ends of so many lines. */
const expectLines = (output: string, count: number): void => {
  const lines = output.split('\n');
  expect(lines.pop()).toBe('');
  expect(lines.flatMap(obeyedIn)).toEqual([]);
  expect(lines).toHaveLength(count);
};

describe('the terminal', () => {
  it('gets one line for each that is printed, whatever it holds', async () => {
    const { stdout, stderr } = await run('terminal.print(...texts); terminal.printError(...texts);', texts);
    for (const output of [stdout, stderr]) expectLines(output, texts.length);
  });

  it('gets JSON of the same values', async () => {
    const { stdout } = await run('for (const text of texts) terminal.printJson([text]);', texts);
    expectLines(stdout, texts.length);
    const values = stdout.trimEnd().split('\n');
    expect(values.map((line): unknown => JSON.parse(line))).toEqual(texts.map((text) => [text]));
  });

  it('gets what other processes say with nothing in it that is obeyed, in lines that end some time', async () => {
    const said = ['\x1b[31mred\r\n', 'half a ', 'line\n', 'x'.repeat(10_000), 'no end \u202e'];
    const { stderr } = await run('terminal.relayErrors(Readable.from(texts, { objectMode: false }));', said);
    expectLines(stderr, 4);
    expect(stderr.split('\n').slice(0, 2)).toEqual(['\\x1b[31mred', 'half a line']);
    expect(stderr).toMatch(/no end \\u\{202e\}\n$/u);
    const { stderr: anything } = await run('terminal.relayErrors(Readable.from(texts));', texts);
    expect(anything.split('\n').flatMap(obeyedIn)).toEqual([]);
  });

  it('gets no line to be written over where nobody watches', async () => {
    expect((await run('terminal.printOver(texts[0]);', ['half'])).stderr).toBe('');
  });
});
