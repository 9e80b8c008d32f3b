import { started } from './started.ts';
import * as electron from 'electron';
import { toAfterimageError } from '../../app/contract/index.ts';
import { Desktop, type Handed } from './desktop.ts';
import { argumentsOf } from './launch.ts';
import { PAGE_SCHEME } from './origin.ts';
import { words } from './words.ts';

const { app, dialog, protocol } = electron;
const handed: Handed = { arguments: [...argumentsOf(process.argv, app.isPackaged)], from: process.cwd() };

/** Files and links that macOS hands over, possibly before there is anybody to take them. */
let take = (argument: string): void => void handed.arguments.push(argument);
app.on('open-file', (event, path) => {
  event.preventDefault();
  take(path);
});
app.on('open-url', (event, link) => {
  event.preventDefault();
  take(link);
});

const run = async (): Promise<void> => {
  app.enableSandbox();
  if (app.isPackaged) app.setAsDefaultProtocolClient('afterimage');
  await app.whenReady();
  const desktop = await Desktop.start(electron, started);
  desktop.begin(process.argv.includes('--hidden'));
  take = (argument) => void desktop.open({ arguments: [argument], from: handed.from });
  await desktop.open(handed);
};

protocol.registerSchemesAsPrivileged([
  { scheme: PAGE_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } },
]);

if (app.requestSingleInstanceLock(handed)) {
  run().catch((error: unknown) => {
    dialog.showErrorBox(words.cannotStart, toAfterimageError(error).message);
    app.exit(1);
  });
} else {
  app.quit();
}
