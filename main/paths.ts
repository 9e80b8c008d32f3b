import { availableParallelism, homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { EngineOptions } from '../app/engine/options.ts';
import manifest from '../package.json' with { type: 'json' };

/** The built programs lie in `dist/main`, the models two folders up beside `dist`. */
export const programs = fileURLToPath(new URL('.', import.meta.url));
const top = resolve(programs, '..', '..');

export const version = manifest.version;
export const engineEntry = join(programs, 'engine.js');
export const rendererFolder = join(top, 'dist', 'renderer');

/** Where this system keeps a person's application data. */
const dataFolder = (): string => {
  switch (process.platform) {
    case 'win32':
      return process.env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local');
    case 'darwin':
      return join(homedir(), 'Library', 'Application Support');
    default:
      return process.env.XDG_DATA_HOME ?? join(homedir(), '.local', 'share');
  }
};

/** The library used when none is named. */
export const defaultLibrary = (): string => join(dataFolder(), 'afterimage', 'libraries', 'default');

/** What an engine for the library is started with. */
export const engineOptions = (library: string): EngineOptions => ({
  version,
  library: resolve(library),
  starterModel: join(top, 'models', 'starter'),
  columnsGraph: join(top, 'models', 'columns.onnx'),
  vocabulary: join(top, 'models', 'vocabulary.json'),
  worker: { entry: join(programs, 'worker.js') },
  threads: availableParallelism(),
});
