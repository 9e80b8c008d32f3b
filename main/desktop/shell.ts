import type { Clipboard, ClipboardItem, Dialog, NativeImage, Shell, WebContents } from 'electron';
import { AfterimageError, type Client, type Handlers, type Rest, type ShellMethod } from '../../app/contract/index.ts';
import { folderHandlers, picturesFolder, type FolderTokens } from '../folders.ts';
import { photoToHandOn, pictureToShow } from '../served.ts';
import { copiedFile } from './copy.ts';
import type { Electron } from './electron.ts';

export interface ShellParts {
  readonly engine: Client;
  /** The library's folder. */
  readonly library: string;
  readonly folders: FolderTokens;
  readonly platform: NodeJS.Platform;
  /** The window's page, that a drag begins on. */
  readonly contents: Pick<WebContents, 'startDrag'>;
  readonly chooseFolder: (from: string) => ReturnType<Dialog['showOpenDialog']>;
  readonly shell: Pick<Shell, 'showItemInFolder' | 'openPath'>;
  readonly clipboard: Pick<Clipboard, 'write'>;
  readonly ClipboardItem: new (items: Record<string, Blob>) => ClipboardItem;
  readonly nativeImage: Pick<Electron['nativeImage'], 'createFromPath'>;
  readonly accent: () => string | null;
  readonly rest: () => Rest | null;
}

/** What follows the pointer while a file is dragged. */
const DRAGGED_EDGE = 96;

/**
 * A file of a photo that is there now: the page names it by id, the engine knows where it is, and what it says is looked at.
 * Everything that is done with files of photos begins here.
 */
const pathOf = async (engine: Client, id: string, fileId: string | undefined): Promise<string> => {
  const { files } = await engine.call('photos.details', { id });
  const named = fileId === undefined ? files : files.filter((file) => file.id === fileId);
  const wanted =
    named.find(({ offline, companion }) => !offline && companion === null) ?? named.find((file) => !file.offline);
  if (wanted !== undefined) return photoToHandOn(wanted.path, engine);
  throw new AfterimageError(
    'unreadable',
    named[0] === undefined
      ? 'This file is no longer in the library.'
      : `The folder of “${named[0].path}” is not connected. Connect its drive, then try again.`,
  );
};

/** What the desktop answers itself: the system's folder dialog, folders under tokens, and what is done with files. */
export const desktopShell = (parts: ShellParts): Handlers<ShellMethod> => {
  const { engine, library, folders, shell, clipboard, nativeImage, contents } = parts;
  const picture = async (id: string, as: 'thumbnail' | 'view'): Promise<NativeImage> => {
    const { path } = await engine.call('photos.file', { id, as });
    return nativeImage.createFromPath(await pictureToShow(path, library, engine));
  };
  const copy = (items: Record<string, Blob>): Promise<void> => clipboard.write([new parts.ClipboardItem(items)]);
  return {
    'shell.info': () => ({
      host: 'desktop',
      nativeFolderDialog: true,
      fileActions: true,
      accent: parts.accent(),
      rest: parts.rest(),
    }),
    'shell.chooseFolder': async () => {
      const { filePaths } = await parts.chooseFolder(await picturesFolder());
      const [path] = filePaths;
      return { folder: path === undefined ? null : await folders.list(path) };
    },
    ...folderHandlers(engine, folders),
    'shell.reveal': async ({ id, fileId }) => {
      shell.showItemInFolder(await pathOf(engine, id, fileId));
      return {};
    },
    'shell.open': async ({ id, fileId }) => {
      const problem = await shell.openPath(await pathOf(engine, id, fileId));
      if (problem !== '') throw new AfterimageError('unreadable', `No program could open this file: ${problem}`);
      return {};
    },
    'shell.copyFile': async ({ id, fileId }) => {
      await copy(copiedFile(parts.platform, await pathOf(engine, id, fileId)));
      return {};
    },
    'shell.copyPicture': async ({ id }) => {
      let image = await picture(id, 'view');
      // What the page can draw, such as WebP, the clipboard may not know: then the thumbnail has to do.
      if (image.isEmpty()) image = await picture(id, 'thumbnail');
      if (image.isEmpty())
        throw new AfterimageError('unreadable', 'This picture cannot be copied. Copy its file instead.');
      await copy({ 'image/png': new Blob([new Uint8Array(image.toPNG())]) });
      return {};
    },
    'shell.dragOut': async ({ id, fileId }) => {
      const file = await pathOf(engine, id, fileId);
      const icon = (await picture(id, 'thumbnail')).resize({ width: DRAGGED_EDGE });
      contents.startDrag({ file, icon });
      return {};
    },
  };
};
