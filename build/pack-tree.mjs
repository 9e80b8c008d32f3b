// @ts-check
// What can be said of the files of a packed application without running them.
import { createHash } from 'node:crypto';
import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A file or folder as an archive lists it.
 *
 * @typedef {object} Entry
 * @property {Record<string, Entry>} [files]
 * @property {boolean} [unpacked]
 * @property {string} offset
 * @property {number} size
 * @property {{ readonly hash: string }} integrity
 */

/** Files of a folder, with slashes. @param {string} folder */
export function filesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
    .sort();
}

/**
 * What an archive itself holds, leaving out the files beside it.
 *
 * @param {string} path of app.asar
 * @returns {Map<string, Buffer>} contents by path
 * @throws {Error} when a content is not the one of the checksum that Electron compares it with
 * @see https://github.com/electron/asar#format
 */
export function archived(path) {
  const bytes = readFileSync(path);
  const start = 8 + bytes.readUInt32LE(4);
  /** @type {Map<string, Buffer>} */
  const contents = new Map();
  const walk = (/** @type {Entry} */ node, /** @type {string} */ at) => {
    for (const [name, child] of Object.entries(node.files ?? {})) {
      const place = at === '' ? name : `${at}/${name}`;
      if (child.files !== undefined) walk(child, place);
      else if (child.unpacked !== true) {
        const offset = start + Number(child.offset);
        const content = bytes.subarray(offset, offset + child.size);
        if (createHash('sha256').update(content).digest('hex') !== child.integrity.hash)
          throw new Error(`${place} is not what the archive says`);
        contents.set(place, content);
      }
    }
  };
  walk(JSON.parse(bytes.toString('utf8', 16, 16 + bytes.readUInt32LE(12))), '');
  return contents;
}

/**
 * The kind of machine that a program or library runs on, as `platform-arch`, from its first bytes.
 *
 * @param {string} path
 * @returns {string | null} null for what is no native code
 */
export function machineOf(path) {
  const head = Buffer.alloc(4096);
  const file = openSync(path, 'r');
  readSync(file, head);
  closeSync(file);
  const arch = (/** @type {number} */ code, /** @type {Record<number, string>} */ names) =>
    names[code] ?? `0x${code.toString(16)}`;
  if (head.readUInt32BE(0) === 0x7f454c46) return `linux-${arch(head.readUInt16LE(18), { 62: 'x64', 183: 'arm64' })}`;
  if (head.readUInt32LE(0) === 0xfeedfacf)
    return `darwin-${arch(head.readUInt32LE(4), { 0x01000007: 'x64', 0x0100000c: 'arm64' })}`;
  if (head.readUInt32BE(0) === 0xcafebabe) return 'darwin-universal';
  const portable = head.toString('latin1', 0, 2) === 'MZ' ? head.readUInt32LE(0x3c) : head.length;
  if (portable < head.length - 6 && head.toString('latin1', portable, portable + 4) === 'PE\0\0')
    return `win32-${arch(head.readUInt16LE(portable + 4), { 0x8664: 'x64', 0xaa64: 'arm64' })}`;
  return null;
}

/**
 * Sizes of what lies in a folder of resources, by part: a package, the runtime, the archive, our own files.
 *
 * @param {string} resources
 * @returns {[string, number][]} in bytes, largest first
 */
export function sizesOf(resources) {
  /** @type {Map<string, number>} */
  const sizes = new Map();
  for (const path of filesIn(resources)) {
    const name = /node_modules\/((?:@[^/]+\/)?[^/]+)/u.exec(path)?.[1];
    const part =
      name ??
      (path.startsWith('node/') ? 'Node runtime' : path.startsWith('app.asar.unpacked/') ? 'engine, models' : path);
    sizes.set(part, (sizes.get(part) ?? 0) + statSync(join(resources, path)).size);
  }
  return [...sizes].sort(([, a], [, b]) => b - a);
}
