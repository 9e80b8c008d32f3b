import { AfterimageError, type Client, type Handlers, type ShellMethod } from '../../app/contract/index.ts';
import { folderHandlers, type FolderTokens } from '../folders.ts';

const needsWindow = (what: string) => (): never => {
  throw new AfterimageError('invalid-request', `A browser cannot ${what}. Afterimage in a window of its own can.`);
};

/** What a browser's host answers itself: folders under tokens. */
export const webShell = (engine: Client, folders: FolderTokens): Handlers<ShellMethod> => ({
  'shell.info': () => ({ host: 'web', nativeFolderDialog: false, fileActions: false, accent: null, rest: null }),
  'shell.chooseFolder': () => {
    throw new AfterimageError(
      'invalid-request',
      'A browser has no folder dialog of the system. Choose from the list of folders.',
    );
  },
  ...folderHandlers(engine, folders),
  'shell.reveal': needsWindow('show a file in the file manager'),
  'shell.open': needsWindow('open a file in another program'),
  'shell.copyFile': needsWindow('copy a file'),
  'shell.copyPicture': needsWindow('copy this picture'),
  'shell.dragOut': needsWindow('hand a file to another program'),
});
