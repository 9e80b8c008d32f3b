// @ts-check
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { tsImport } from 'tsx/esm/api';

/** What the starter model finds by its looks. The last word is unknown to it and stands in no name. */
const queries = { 'red picture': 'red.jpg', 'snow picture': 'snow.jpg', 'night picture': 'night.jpg' };

/**
 * Indexes and searches photos with the packed command, on the packed Node.
 *
 * @param {object} packed
 * @param {string} packed.resources
 * @param {string} packed.node    the runtime
 * @param {string} packed.outside what lies beside the archive
 * @param {string} packed.scratch an empty folder
 * @throws {Error} when something is not found, or does not run
 */
export async function indexAndSearch({ resources, node, outside, scratch }) {
  const photos = join(scratch, 'photos');
  const names = await writePhotos(photos);
  const { PATH, SYSTEMROOT } = process.env;
  // A person's own data, and what a checkout sets, are out of reach.
  const env = { PATH, SYSTEMROOT, HOME: scratch, USERPROFILE: scratch, XDG_DATA_HOME: scratch, LOCALAPPDATA: scratch };
  const start = (/** @type {string} */ program, /** @type {string[]} */ args, shell = false) => {
    const options = { cwd: outside, env, shell, encoding: /** @type {const} */ ('utf8'), timeout: 120_000 };
    const { error, status, stdout, stderr } = spawnSync(program, args, options);
    if (status === 0) return stdout;
    throw new Error(`${args.join(' ')} ended with ${String(status)}: ${error?.message ?? stderr.trim()}`);
  };
  const runNode = (/** @type {string[]} */ ...args) => start(node, args);
  const command = join(resources, 'afterimage-cli');
  const ask = (/** @type {string[]} */ ...args) => {
    const all = [...args, '--library', join(scratch, 'library'), '--json'];
    // Windows runs such a file by its shell alone, which takes words apart.
    const isWindows = process.platform === 'win32';
    const quoted = isWindows ? all.map((argument) => `"${argument}"`) : all;
    return JSON.parse(start(isWindows ? `"${command}.cmd"` : command, quoted, isWindows));
  };

  const version = runNode('--version').trim();
  const report = ask('index', photos);
  if (report.indexed !== names.length || report.failed !== 0) throw new Error(`indexed ${JSON.stringify(report)}`);
  for (const [query, expected] of Object.entries(queries)) {
    const first = basename(ask('search', query).results[0].path);
    if (first !== expected) throw new Error(`“${query}” found ${first}, not ${expected}`);
  }
  // What no photo has needed.
  runNode('--input-type=module', '--eval', 'await import("@parcel/watcher"); await import("trash");');
  return `on its own Node ${version}, ${names.length} photos indexed and ${Object.keys(queries).length} found by their looks`;
}

/** Known pictures, and one each in the formats that WebAssembly decodes. @param {string} folder @returns {Promise<string[]>} */
async function writePhotos(folder) {
  const load = (/** @type {string} */ name) => tsImport(`../test/support/${name}.ts`, import.meta.url);
  /** @type {typeof import('../test/support/paintings.ts')} */
  const { paint, writePaintings } = await load('paintings');
  /** @type {typeof import('../test/support/jxl-file.ts')} */
  const { jxlFile } = await load('jxl-file');
  /** @type {typeof import('../test/support/heic-file.ts')} */
  const { heicFile } = await load('heic-file');
  const names = await writePaintings(folder);
  const foreign = {
    'violet.jxl': await jxlFile(paint(240, 160, () => [150, 60, 200])),
    'brown.heic': heicFile({ width: 256, height: 160, paint: () => [120, 70, 30] }),
  };
  for (const [name, bytes] of Object.entries(foreign)) writeFileSync(join(folder, name), bytes);
  return [...names, ...Object.keys(foreign)];
}
