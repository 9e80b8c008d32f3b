// Runs a built application on the double: `main.ts [switches] <folder of the application> [arguments]`, as Electron is run.
import { open as openInspector } from 'node:inspector';
import { readFileSync } from 'node:fs';
import Module, { register } from 'node:module';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { registerScheme } from './addresses.ts';
import { App } from './app.ts';
import { BrowserWindow, tieWindows } from './browser-window.ts';
import { startChromium } from './chromium.ts';
import { defaultSession } from './default-session.ts';
import { ipcMain } from './ipc-main.ts';
import { MessageChannelMain } from './ports.ts';
import * as system from './system.ts';
import { WebContents } from './web-contents.ts';

const [program = '', , ...args] = process.argv;
const switchOf = (name: string): string | undefined =>
  args.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3);
const folder = resolve(args.find((argument) => !argument.startsWith('-')) ?? '.');
// The application sees its arguments as Electron gives them, without the double's own script.
process.argv = [program, ...args];
Object.defineProperty(process.versions, 'electron', { value: 'double' });

const chromium = process.env.AFTERIMAGE_CHROMIUM;
if (chromium === undefined) throw new Error('AFTERIMAGE_CHROMIUM names no browser.');
const browser = await startChromium(chromium);
const data = switchOf('user-data-dir') ?? join(process.env.XDG_CONFIG_HOME ?? join(homedir(), '.config'), 'afterimage');
const app = new App(data, browser.end);
process.on('exit', browser.end);
for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.on(signal, () => {
    app.quit();
  });
tieWindows(
  browser.cdp,
  (contents) => app.emit('web-contents-created', {}, contents),
  () => {
    if (app.listenerCount('window-all-closed') > 0) app.emit('window-all-closed');
    else app.quit();
  },
);

const electron = {
  ...system,
  app,
  BrowserWindow,
  ipcMain,
  MessageChannelMain,
  webContents: WebContents,
  session: { defaultSession },
  protocol: {
    registerSchemesAsPrivileged: (schemes: readonly { scheme: string }[]) => {
      for (const { scheme } of schemes) registerScheme(scheme);
    },
    handle: (scheme: string, handler: (request: Request) => Response | Promise<Response>) => {
      defaultSession.protocols.set(scheme, handler);
      defaultSession.origins.add(`${scheme}://afterimage`);
    },
  },
};

// `electron` is this object, whether it is imported or required, by the bundles or by whoever looks in from outside.
const KEY = 'electron-double';
Object.assign(globalThis, { [KEY]: electron });
const source = [
  `const electron = globalThis['${KEY}'];`,
  ...Object.keys(electron).map((name) => `export const ${name} = electron.${name};`),
  'export default electron;',
].join('\n');
const wrapper = `data:text/javascript,${encodeURIComponent(source)}`;
const hooks = `export const resolve = (specifier, context, next) =>
  specifier === 'electron' ? { url: ${JSON.stringify(wrapper)}, format: 'module', shortCircuit: true } : next(specifier, context);`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);
// Node's loader of CommonJS has this method; its typings do not.
const loader = Module as unknown as { _load: (request: string, ...rest: unknown[]) => unknown };
const load = loader._load.bind(loader);
loader._load = (request, ...rest) => (request === 'electron' ? electron : load(request, ...rest));

Object.assign(process, { type: 'browser', resourcesPath: join(folder, 'resources') });
if (args.some((argument) => argument.startsWith('--inspect'))) openInspector(0);
const { main } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { main: string };
await import(pathToFileURL(join(folder, main)).href);
app.ready();
