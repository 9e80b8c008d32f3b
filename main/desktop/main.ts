import { started } from './started.ts';
import * as electron from 'electron';
import { toAfterimageError } from '../../app/contract/index.ts';
import { Desktop, type Handed } from './desktop.ts';
import { argumentsOf } from './launch.ts';
import { isStartedAtLogin } from './login.ts';
import { PAGE_SCHEME } from './origin.ts';
import { words } from './words.ts';

const { app, dialog, protocol } = electron;
const handed: Handed = { arguments: [...argumentsOf(process.argv, app.isPackaged)], from: process.cwd() };

/** Opens what was handed over; until there is somebody to do it, that waits. */
let openHanded = (): void => undefined;
/** macOS hands over files and links one by one: those that come together are opened together. */
const take = (event: { preventDefault(): void }, argument: string): void => {
  event.preventDefault();
  handed.arguments.push(argument);
  setImmediate(() => {
    openHanded();
  });
};
app.on('open-file', take);
app.on('open-url', take);

const run = async (): Promise<void> => {
  app.enableSandbox();
  if (app.isPackaged) app.setAsDefaultProtocolClient('afterimage');
  await app.whenReady();
  const desktop = await Desktop.start(electron, started);
  desktop.begin(isStartedAtLogin(app, process.platform, process.argv));
  openHanded = () => void desktop.open({ ...handed, arguments: handed.arguments.splice(0) });
  openHanded();
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
