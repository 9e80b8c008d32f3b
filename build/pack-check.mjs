// @ts-check
// `npm run pack:check`: packs the application for this machine and proves on the packed files that it is whole.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { getCurrentFuseWire } from '@electron/fuses';
import { FuseState } from '@electron/fuses/dist/constants.js';
import { bundledIn, packagesIn } from './notices.mjs';
import { indexAndSearch } from './pack-engine.mjs';
import { electronDistribution } from './pack-stand-in.mjs';
import { archived, filesIn, machineOf, sizesOf } from './pack-tree.mjs';
import { pack } from './pack.mjs';
import { giveUp, isMain, root, say, tallyLine, Trouble } from './tools.mjs';

const budget = 360e6;
const scriptBudget = 250e3;
/** What is larger has to be explained in docs/packaging.md. */
const explained = 5e6;

/**
 * The fuses in the order of the wire, a second time: a slip in electron-builder.yml is not to pass for a decision, nor is
 * what a new Electron adds. The last is as Electron sets it.
 *
 * @type {Readonly<Record<string, boolean>>}
 */
const fuses = {
  RunAsNode: false,
  EnableCookieEncryption: true,
  EnableNodeOptionsEnvironmentVariable: false,
  EnableNodeCliInspectArguments: process.env.AFTERIMAGE_AUTOMATION !== undefined,
  EnableEmbeddedAsarIntegrityValidation: true,
  OnlyLoadAppFromAsar: true,
  LoadBrowserProcessSpecificV8Snapshot: false,
  GrantFileProtocolExtraPrivileges: false,
  WasmTrapHandlers: true,
};

/** Files of native code and of WebAssembly that the engine loads; each exactly once. */
const needed = [
  /onnxruntime-node\/bin\/.*onnxruntime_binding\.node$/u,
  /onnxruntime-node\/bin\/.*(?:libonnxruntime\.(?:so\.1|1\.dylib)|onnxruntime\.dll)$/u,
  /@lancedb\/lancedb-[^/]+\/lancedb\.[^/]+\.node$/u,
  /@img\/sharp-[^/]+\/.*sharp-[^/]+\.node$/u,
  /@img\/sharp-[^/]+\/.*libvips-(?:cpp|42)[^/]*$/u,
  /@parcel\/watcher-[^/]+\/watcher\.node$/u,
  /libheif-wasm\/libheif\.wasm$/u,
  /jxl\/codec\/dec\/jxl_dec\.wasm$/u,
];

/**
 * @typedef {object} Packed
 * @property {string} program    Electron's binary, or on macOS the application
 * @property {string} resources
 * @property {string} outside    what lies beside the archive
 * @property {string} node       the runtime
 * @property {string} scratch    an empty folder
 */

/** Each returns what it found; it throws where that is wrong. @type {Record<string, (packed: Packed) => string | Promise<string>>} */
const checks = {
  archive({ resources, outside }) {
    const inside = archived(join(resources, 'app.asar'));
    const main = [...inside.keys()].filter((path) => path.startsWith('dist/main/'));
    const strange = [...inside.keys()].filter(
      (path) => !/^(?:dist\/renderer\/|dist\/main\/|package\.json$)/u.test(path),
    );
    same(main, ['dist/main/desktop.js', 'dist/main/preload.cjs'], 'programs in the archive');
    same(strange, [], 'other files in the archive');
    if (!inside.has('dist/renderer/index.html')) throw new Error('the interface is not in the archive');
    same(
      filesIn(outside).filter((path) => inside.has(path)),
      [],
      'files both in the archive and beside it',
    );
    for (const path of main) same(foreign(String(inside.get(path))), [], `what ${path} loads from outside`);
    return `${inside.size} files, which load nothing from outside`;
  },
  'native modules'({ resources }) {
    const files = filesIn(resources);
    for (const pattern of needed) {
      const found = files.filter((path) => pattern.test(path));
      if (found.length !== 1) throw new Error(`${pattern.source}: ${found.length} files, not one`);
    }
    const machine = `${process.platform}-${process.arch}`;
    const native = files.flatMap((path) => {
      const kind = machineOf(join(resources, path));
      return kind === null ? [] : [`${path} is for ${kind}`];
    });
    same(
      native.filter((line) => !line.endsWith(` is for ${machine}`)),
      [],
      'native code of other platforms',
    );
    same(
      files.filter((path) => /musl|\.asar\/.*\.node$/u.test(path)),
      [],
      'native code of other systems',
    );
    return `${native.length} native files, all for ${machine}`;
  },
  contents({ resources, outside }) {
    const files = [...filesIn(resources), ...archived(join(resources, 'app.asar')).keys()];
    const unwanted =
      /\.(?:map|ts|cts|mts|tsx|svelte|jpe?g|heic|tiff?|webp)$|(?:^|\/)(?:test|tests|generate)\/|\.test\./u;
    same(
      files.filter((path) => unwanted.test(path)),
      [],
      'maps, sources and test data',
    );
    const locked = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
    const allowed = new Set(
      Object.entries(locked)
        .filter(([path, { dev }]) => path !== '' && dev !== true)
        .map(([path, { name, version }]) => `${name ?? path.slice(path.lastIndexOf('node_modules/') + 13)}@${version}`),
    );
    const packages = packagesIn(outside);
    same(
      packages.filter((name) => !allowed.has(name)),
      [],
      'packages that nothing needs at run time',
    );
    return `${packages.length} packages, no maps, sources or test data`;
  },
  engine: indexAndSearch,
  size({ resources }) {
    const parts = sizesOf(resources);
    const total = parts.reduce((sum, [, size]) => sum + size, 0);
    for (const [name, size] of parts.filter(([, bytes]) => bytes >= 1e6))
      console.log(`          ${megabytes(size).padStart(8)}  ${name}`);
    const manual = readFileSync(join(root, 'docs', 'packaging.md'), 'utf8');
    same(
      parts.filter(([name, size]) => size >= explained && !manual.includes(name)).map(([name]) => name),
      [],
      'large parts that docs/packaging.md does not explain',
    );
    // The budget is that of Linux on x64: elsewhere the runtime and the libraries have other sizes.
    if (process.platform === 'linux' && process.arch === 'x64' && total > budget)
      throw new Error(`${megabytes(total)} of ${megabytes(budget)}`);
    return `${megabytes(total)} without Electron, of ${megabytes(budget)}`;
  },
  fuses: ({ program }) => checkFuses(program),
  notices({ resources, outside }) {
    const notices = readFileSync(join(resources, 'THIRD_PARTY_NOTICES.txt'), 'utf8')
      .split(/\n={100}\n/u)
      .map((part) => part.trim());
    const shipped = [
      ...packagesIn(outside),
      ...bundledIn(join(root, 'dist', 'renderer')),
      ...bundledIn(join(root, 'dist', 'main')),
    ];
    const lacking = ['Electron', 'Node.js', 'The starter model', ...shipped].filter(
      (name) => !notices.some((part) => part.startsWith(`${name}\n`) && part.length > name.length + 60),
    );
    same(lacking, [], 'what has no notice');
    // Inside native libraries: of libvips, ONNX Runtime, LanceDB and Node.
    const all = notices.join('\n');
    same(
      ['librsvg', 'mozjpeg', 'protocolbuffers', 'datafusion', 'ICU License', 'svelte@'].filter(
        (name) => !all.includes(name),
      ),
      [],
      'libraries inside libraries without a notice',
    );
    return `${notices.length - 1} notices`;
  },
  interface() {
    const folder = join(root, 'dist', 'renderer', 'assets');
    const scripts = readdirSync(folder).filter((name) => name.endsWith('.js'));
    const size = scripts.reduce((sum, name) => sum + gzipSync(readFileSync(join(folder, name))).length, 0);
    const detail = `${Math.round(size / 1e3)} kB of JavaScript, compressed, of ${scriptBudget / 1e3} kB`;
    if (size > scriptBudget) throw new Error(detail);
    return detail;
  },
};

/**
 * Packs into a temporary folder, out of reach of this checkout's node_modules, and runs every check to its end.
 *
 * @returns {Promise<import('./tools.mjs').Tally>}
 */
export async function packCheck() {
  const scratch = mkdtempSync(join(tmpdir(), 'afterimage-pack-'));
  try {
    const { dist, isReal } = electronDistribution(join(root, '.cache', 'pack', 'electron'));
    say(
      isReal
        ? 'Packing with the installed Electron.'
        : 'Packing with a stand-in: Electron itself is not installed here.',
    );
    const output = join(scratch, 'packed');
    const code = await pack(['--dir', `-c.electronDist=${dist}`, `-c.directories.output=${output}`]);
    if (code !== 0) throw new Trouble('The application could not be packed: the reason stands above.');
    return await runChecks(packedIn(output, join(scratch, 'data')));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** @param {Packed} packed */
async function runChecks(packed) {
  mkdirSync(packed.scratch);
  const tally = { passed: 0, failed: 0, skipped: 0 };
  for (const [name, check] of Object.entries(checks)) {
    try {
      console.log(`passed  ${name} (${await check(packed)})`);
      tally.passed += 1;
    } catch (error) {
      console.log(`FAILED  ${name}: ${error instanceof Error ? error.message : String(error)}`);
      tally.failed += 1;
    }
  }
  return tally;
}

/** @param {string} output @param {string} scratch @returns {Packed} */
function packedIn(output, scratch) {
  const folder = readdirSync(output).find((name) => /^(?:linux|win|mac)(?:-arm64)?(?:-unpacked)?$/u.test(name)) ?? '';
  const app = join(output, folder);
  const [program, resources] =
    process.platform === 'darwin'
      ? [join(app, 'Afterimage.app'), join(app, 'Afterimage.app', 'Contents', 'Resources')]
      : [join(app, process.platform === 'win32' ? 'Afterimage.exe' : 'afterimage'), join(app, 'resources')];
  const node = join(resources, 'node', process.platform === 'win32' ? 'node.exe' : 'node');
  return { program, resources, outside: join(resources, 'app.asar.unpacked'), node, scratch };
}

/** @param {string} program a binary with a fuse wire, or an application of macOS */
export async function checkFuses(program) {
  const { version: _, ...wire } = await getCurrentFuseWire(program);
  const [states, stated] = [Object.values(wire), Object.entries(fuses)];
  if (states.length !== stated.length) throw new Error(`${states.length} fuses, of which ${stated.length} are stated`);
  for (const [index, [name, isOn]] of stated.entries())
    if (states[index] !== (isOn ? FuseState.ENABLE : FuseState.DISABLE))
      throw new Error(`${name} is not ${isOn ? 'on' : 'off'}`);
  return `${stated.length} as stated`;
}

/** What a bundle imports that is neither Electron nor Node's own. @param {string} source */
function foreign(source) {
  const names = [
    ...source.matchAll(/^(?:import|export)\b[^'"\n]*?from\s*["']([^"']+)["']/gmu),
    ...source.matchAll(/^import\s*["']([^"']+)["']/gmu),
    ...source.matchAll(/\b(?:import|__require|require)\(\s*["']([^"']+)["']\s*\)/gu),
  ].map(([, name]) => name ?? '');
  return [...new Set(names)].filter((name) => name !== 'electron' && !isBuiltin(name));
}

/** @param {readonly string[]} found @param {readonly string[]} expected @param {string} what */
function same(found, expected, what) {
  if ([...found].sort().join('\n') !== [...expected].sort().join('\n'))
    throw new Error(`${what}: ${found.slice(0, 12).join(', ')}${found.length > 12 ? ', …' : ''}`);
}

/** @param {number} bytes */
const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;

if (isMain(import.meta.url)) {
  const tally = await packCheck().catch(giveUp);
  console.log(tallyLine(tally));
  process.exit(tally.failed === 0 ? 0 : 1);
}
