import { availableParallelism, homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { EngineOptions } from '../app/engine/options.ts';
import manifest from '../package.json' with { type: 'json' };

/** The built programs lie in `dist/main`, the models two folders up beside `dist`. */
export const programs = fileURLToPath(new URL('.', import.meta.url));
const top = resolve(programs, '..', '..');

/** Of a file in a package, the one beside the archive: plain Node, which the engine runs on, cannot look inside. */
export const unpacked = (path: string): string => path.replace(/(?<=[\\/]app\.asar)(?=[\\/])/u, '.unpacked');

export const version = manifest.version;
export const engineEntry = unpacked(join(programs, 'engine.js'));
export const rendererFolder = join(top, 'dist', 'renderer');
const models = unpacked(join(top, 'models'));

/**
 * A folder that the environment names; one that is empty or relative counts as none: it would be whatever folder the program
 * happens to be started in.
 *
 * @see https://specifications.freedesktop.org/basedir-spec/latest/
 */
const absolute = (path: string | undefined): string | null => (path !== undefined && isAbsolute(path) ? path : null);

/** Where this system keeps a person's application data. */
const dataFolder = (): string => {
  switch (process.platform) {
    case 'win32':
      return absolute(process.env.LOCALAPPDATA) ?? join(homedir(), 'AppData', 'Local');
    case 'darwin':
      return join(homedir(), 'Library', 'Application Support');
    default:
      return absolute(process.env.XDG_DATA_HOME) ?? join(homedir(), '.local', 'share');
  }
};

/** This program's part of it. */
export const ownData = (): string => join(dataFolder(), 'afterimage');

/** The library used when none is named. */
export const defaultLibrary = (): string => join(ownData(), 'libraries', 'default');

/** Where it is kept what a person has approved of which library, and the data that lies beside it. */
export const approvalsPlace = (): { readonly folder: string; readonly data: string } => {
  const data = ownData();
  return { folder: join(data, 'approvals'), data };
};

/** What an engine for the library is started with. */
export const engineOptions = (library: string): EngineOptions => ({
  version,
  library: resolve(library),
  starterModel: join(models, 'starter'),
  columnsGraph: join(models, 'columns.onnx'),
  vocabulary: join(models, 'vocabulary.json'),
  catalogue: join(models, 'catalogue.json'),
  models: join(ownData(), 'models'),
  approvals: approvalsPlace(),
  worker: { entry: unpacked(join(programs, 'worker.js')) },
  threads: availableParallelism(),
});
