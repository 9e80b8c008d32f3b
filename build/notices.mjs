// @ts-check
// THIRD_PARTY_NOTICES: the licences of all that a package holds, read where it comes from.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, Trouble } from './tools.mjs';

/** @typedef {{ readonly title: string, readonly licence: string, readonly text: string }} Notice */

const licenceFile = /^(licen[cs]e|copying|notice)/iu;
const rule = `\n\n${'='.repeat(100)}\n\n`;

/**
 * Every package in a tree, from its package.json: `name@version`, sorted.
 *
 * @param {string} folder one that holds node_modules, at any depth
 */
export function packagesIn(folder) {
  const found = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => /(?:^|\/)node_modules\/(?:@[^/]+\/)?[^/]+\/package\.json$/u.test(path))
    .map((path) => JSON.parse(readFileSync(join(folder, path), 'utf8')))
    .map(({ name, version }) => `${name}@${version}`);
  return [...new Set(found)].sort();
}

/**
 * Packages whose code became part of our bundles, going by the source maps: `name@version`, sorted.
 *
 * @param {string} folder the built programs or interface, with their maps
 */
export function bundledIn(folder) {
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.map'))
    .flatMap((path) => /** @type {string[]} */ (JSON.parse(readFileSync(join(folder, path), 'utf8')).sources));
  const folders = sources.flatMap((source) => {
    const inner = /(node_modules\/.*)$/u.exec(source)?.[1];
    const folder = inner && /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/u.exec(inner)?.[0];
    return folder ? [folder] : [];
  });
  return [...new Set(folders)]
    .map((folder) => JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')))
    .map(({ name, version }) => `${name}@${version}`)
    .sort();
}

/**
 * The text of THIRD_PARTY_NOTICES.
 *
 * @param {readonly string[]} packages `name@version`; all of them are installed here
 * @param {string} nodeLicence the licence of the Node runtime in the package
 * @throws {Trouble} when a licence cannot be found
 */
export function thirdPartyNotices(packages, nodeLicence) {
  const installed = installedPackages();
  const notices = [...new Set(packages)].sort().map((name) => {
    const folder = installed.get(name);
    if (folder === undefined)
      throw new Trouble(`The package holds ${name}, which is not installed here: run \`npm ci\`.`);
    return packageNotice(name, folder);
  });
  /** @type {Notice[]} */
  const all = [
    {
      title: 'Electron',
      licence: 'MIT, with Chromium and Node.js under licences of their own',
      text: 'See LICENSE.electron.txt and LICENSES.chromium.html beside the program.',
    },
    { title: 'Node.js', licence: 'MIT, with parts under licences of their own', text: nodeLicence },
    ...notices,
    {
      title: 'The starter model',
      licence: 'Apache-2.0',
      text: 'Part of Afterimage; made by code, from no photos. Other models are downloaded under the licences that Afterimage shows.',
    },
  ];
  const head =
    'Afterimage contains the following software of others. It contains no fonts.\n\n' +
    'Libraries under the LGPL (libvips and parts of its bundle, libheif) are files of their own: put your own build in\n' +
    'their place to use it. Their sources are at https://github.com/lovell/sharp-libvips and\n' +
    'https://github.com/catdad-experiments/libheif-js.\n\n' +
    all.map(({ title, licence }) => `${title}: ${licence}`).join('\n');
  return [head, ...all.map(({ title, licence, text }) => `${title}\n${licence}\n\n${text.trim()}`)].join(rule) + '\n';
}

/** Folders of what is installed here, by `name@version`. @returns {Map<string, string>} */
function installedPackages() {
  /** @type {Record<string, { name?: string, version: string }>} */
  const locked = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const present = Object.keys(locked).filter((path) => path !== '' && existsSync(join(root, path)));
  return new Map(
    present.map((path) => {
      // Its own name, which for an alias is not that of its folder.
      const { name, version } = JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8'));
      return [`${name}@${version}`, join(root, path)];
    }),
  );
}

/** @param {string} title @param {string} folder @returns {Notice} */
function packageNotice(title, folder) {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const own = readdirSync(folder)
    .filter((file) => licenceFile.test(file))
    .sort()
    .map((file) => readFileSync(join(folder, file), 'utf8'));
  const licence = String(manifest.license ?? manifest.licence ?? 'see below');
  const texts = [...(own.length > 0 ? own : [standardText(title, manifest)]), ...bundledNotices(manifest, folder)];
  return { title, licence, text: texts.join('\n\n') };
}

/** What a package says of the libraries inside its binaries. @param {{ name: string, version: string }} manifest @param {string} folder */
function bundledNotices({ name, version }, folder) {
  const read = (/** @type {string[]} */ ...path) => readFileSync(join(...path), 'utf8');
  if (name === 'onnxruntime-node') {
    const file = join(root, 'build', 'licences', `onnxruntime-${version}.txt`);
    if (existsSync(file)) return [read(file)];
    throw new Trouble(
      `The notices of ONNX Runtime ${version} are missing: take ThirdPartyNotices.txt of that release (its npm package has none) ` +
        `and keep it as build/licences/onnxruntime-${version}.txt.`,
    );
  }
  if (name === '@lancedb/lancedb')
    return [plain(read(folder, 'RUST_THIRD_PARTY_LICENSES.html')), read(folder, 'NODEJS_THIRD_PARTY_LICENSES.md')];
  if (name.startsWith('@img/sharp-libvips-')) return [read(folder, 'README.md'), read(folder, 'versions.json')];
  return [];
}

/** The text of a licence that a package only names. @param {string} title @param {{ license?: string, author?: string | { name: string } }} manifest */
function standardText(title, { license, author }) {
  const holder = typeof author === 'string' ? author : author?.name;
  switch (license) {
    case 'MIT':
    case 'ISC':
      return readFileSync(join(root, 'build', 'licences', `${license}.txt`), 'utf8').replace(
        'HOLDER',
        holder ?? (title.startsWith('onnxruntime-') ? 'Microsoft Corporation' : `the authors of ${title}`),
      );
    case 'Apache-2.0':
      return readFileSync(join(root, 'LICENSE'), 'utf8');
    case 'LGPL-3.0-or-later':
      return readFileSync(join(root, 'node_modules/libheif-js/libheif-wasm/LICENSE'), 'utf8');
    default:
      throw new Trouble(
        `${title} has no licence file, and none is known for “${String(license)}”: add it to build/licences.`,
      );
  }
}

/** @param {string} html */
function plain(html) {
  const named = { lt: '<', gt: '>', quot: '"', '#39': "'", '#x27': "'", nbsp: ' ', copy: '©', amp: '&' };
  return Object.entries(named)
    .reduce(
      (text, [name, sign]) => text.replaceAll(`&${name};`, sign),
      html.replace(/<(style|script|head)\b.*?<\/\1>/gsu, '').replace(/<[^>]+>/gu, ''),
    )
    .replace(/\n\s*\n\s*\n+/gu, '\n\n');
}
