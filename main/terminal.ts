import { createInterface } from 'node:readline/promises';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { visible, visibleJson } from './visible.ts';

/**
 * The only module that writes to the terminal; lint forbids it to all others. Names, metadata, queries and messages of libraries
 * may hold anything: whatever a line holds is shown, and only the ends of lines are the program's own.
 */

const write = (stream: NodeJS.WriteStream, lines: readonly string[]): void => {
  stream.write(lines.map((line) => `${visible(line)}\n`).join(''));
};

/** Prints lines on standard output. A line break within one of them is written out as `\n`. */
export const print = (...lines: readonly string[]): void => {
  write(process.stdout, lines);
};

/** Prints a value for programs, on one line. */
export const printJson = (value: unknown): void => {
  process.stdout.write(`${visibleJson(value)}\n`);
};

/** Prints lines on standard error, as `print` does. */
export const printError = (...lines: readonly string[]): void => {
  write(process.stderr, lines);
};

/** Writes over the last line on standard error, where somebody watches. */
export const printOver = (text: string): void => {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${visible(text)}`);
};

/** Asks a question on standard error. @returns what was typed */
export const ask = async (question: string): Promise<string> => {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await lines.question(visible(question));
  } finally {
    lines.close();
  }
};

/** Columns of the terminal; undefined where the output goes elsewhere. */
export const terminalWidth = (): number | undefined => process.stdout.columns;

/** Characters of a line of another process that are printed at once. */
const LONGEST = 4096;

/** Prints what another process of the program says on its error stream, such as the notes of a native library. */
export const relayErrors = (stream: Readable): void => {
  // What it has to say is no reason for this process to stay.
  if (stream instanceof Socket) stream.unref();
  let rest = '';
  const say = (line: string): void => {
    if (line !== '') printError(line.replace(/\r$/u, ''));
  };
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const lines = `${rest}${text}`.split('\n');
    rest = lines.pop() ?? '';
    lines.forEach(say);
    if (rest.length <= LONGEST) return;
    say(rest);
    rest = '';
  });
  stream.on('end', () => {
    say(rest);
  });
  stream.on('error', () => undefined);
};

/** Ends the process when nobody reads its output any more: a reader that has seen enough, such as `head`, is no failure. */
export const endWithReader = (): void => {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
};
