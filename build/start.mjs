// @ts-check
// `npm start [-- <folder>…]`: the desktop window where Electron runs, otherwise the same application in the browser.
import { constants } from 'node:os';
import { resolve } from 'node:path';
import { electronBinary } from './electron.mjs';
import { setup } from './setup.mjs';
import { giveUp, root, run, say, Trouble, whereCalled } from './tools.mjs';

/** A window that fails sooner than this never opened. */
const openedAfterMs = 10_000;

/** Whether a program ended because it was asked to. @param {number} code */
const wasStopped = (code) =>
  [constants.signals.SIGINT, constants.signals.SIGTERM].some((signal) => code === 128 + signal);

await setup().catch(giveUp);
const given = process.argv.slice(2);
const folders = given
  .filter((argument) => !argument.startsWith('-'))
  .map((folder) => resolve(whereCalled('start'), folder));
/** Options such as --plain-address are for the browser's host. */
const options = given.filter((argument) => argument.startsWith('-'));

try {
  const electron = await electronBinary();
  const started = Date.now();
  // On Linux the engine runs on plain Node: this one.
  const env = { ...process.env, AFTERIMAGE_NODE: process.execPath };
  const code = await run(electron, [root, ...folders], { env });
  if (code === 0 || wasStopped(code) || Date.now() - started > openedAfterMs) process.exit(code);
  throw new Trouble(`the desktop window did not open (Electron ended with code ${code})`);
} catch (error) {
  if (!(error instanceof Trouble)) giveUp(error);
  say(`Afterimage opens in your browser: ${error.message}.`);
}

process.argv.splice(2, Infinity, ...options, ...folders);
await import(new URL('../dist/main/web.js', import.meta.url).href);
