// @ts-check
// What the scripts share. They are plain JavaScript: they run before any package is installed.
import { spawn } from 'node:child_process';
import { readFileSync, realpathSync } from 'node:fs';
import { constants } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout. */
export const root = fileURLToPath(new URL('..', import.meta.url));

/** Prints one line for people; standard output is left to the program's own answer. @param {string} line */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/** Something a person can mend: shown as it is, without a stack. */
export class Trouble extends Error {}

/** Prints what went wrong. @param {unknown} error */
export function explain(error) {
  say(error instanceof Trouble ? error.message : error instanceof Error ? String(error.stack) : String(error));
}

/** Prints what went wrong and leaves with 1. @param {unknown} error @returns {never} */
export function giveUp(error) {
  explain(error);
  process.exit(1);
}

/**
 * Runs a program to its end. What asks this process to stop is left to the program: a terminal interrupts both.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} [options] standard streams are inherited unless told otherwise
 * @returns {Promise<number>} its exit code; 128 and more when a signal ended it, 127 when it could not be started
 */
export function run(program, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: root, stdio: 'inherit', ...options });
    const wait = () => undefined;
    const stop = () => void child.kill();
    const done = (/** @type {number} */ code) => {
      process.off('SIGINT', wait).off('SIGTERM', stop);
      resolve(code);
    };
    process.on('SIGINT', wait).on('SIGTERM', stop);
    child.once('error', () => done(127));
    child.once('exit', (code, signal) => done(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
  });
}

/** Runs npm: the one that started this script where there is one. @type {(args: readonly string[], options?: import('node:child_process').SpawnOptions) => Promise<number>} */
export function npm(args, options) {
  const self = process.env.npm_execpath;
  return self !== undefined && basename(self) === 'npm-cli.js'
    ? run(process.execPath, [self, ...args], options)
    : run('npm', args, { shell: process.platform === 'win32', ...options });
}

/** Path of a package's command, to be run with Node. @param {string} name the package @param {string} [command] */
export function commandOf(name, command = name) {
  const folder = join(root, 'node_modules', name);
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return join(folder, typeof bin === 'string' ? bin : bin[command]);
}

/** Whether Node was started with this module, rather than another that imports it. @param {string} url its import.meta.url */
export function isMain(url) {
  return process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(url);
}

/**
 * Where the person stood: npm runs every script in the checkout.
 *
 * @param {string} script the script of package.json that starts this program; started otherwise, it is where it stands
 */
export function whereCalled(script) {
  const { npm_lifecycle_event: started, INIT_CWD: folder } = process.env;
  return started === script && folder !== undefined ? folder : process.cwd();
}

/** @typedef {{ readonly passed: number, readonly failed: number, readonly skipped: number }} Tally */

/** The line that closes a run. @param {Tally} tally */
export function tallyLine({ passed, failed }) {
  return `${passed} passed, ${failed} failed`;
}
