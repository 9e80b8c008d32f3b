import { pathToFileURL } from 'node:url';

const raw = (format: string): string => `electron application/osclipboard;format="${format}"`;

/**
 * A file as a system's file manager looks for it on the clipboard, by format, to be pasted as a file.
 *
 * @see https://learn.microsoft.com/windows/win32/shell/clipboard (`FileNameW`), `public.file-url` of macOS's uniform
 * types, and on Linux what GNOME, Cinnamon, Xfce and MATE share, and KDE's `text/uri-list`
 */
export const copiedFile = (platform: NodeJS.Platform, path: string): Record<string, Blob> => {
  const url = pathToFileURL(path).href;
  const blob = (data: string | Uint8Array<ArrayBuffer>): Blob => new Blob([data]);
  switch (platform) {
    case 'win32':
      return { [raw('FileNameW')]: blob(Buffer.from(`${path}\0`, 'utf16le')) };
    case 'darwin':
      return { [raw('public.file-url')]: blob(url) };
    default:
      return {
        [raw('x-special/gnome-copied-files')]: blob(`copy\n${url}`),
        [raw('text/uri-list')]: blob(`${url}\r\n`),
      };
  }
};
