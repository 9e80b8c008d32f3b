import { expect, it } from 'vitest';
import { copiedFile } from './copy.ts';

const contents = async (platform: NodeJS.Platform, path: string): Promise<Record<string, string>> => {
  const entries = Object.entries(copiedFile(platform, path)).map(async ([format, blob]) => [
    /format="(?<name>[^"]+)"/u.exec(format)?.groups?.name ?? '',
    Buffer.from(await blob.arrayBuffer()).toString(platform === 'win32' ? 'utf16le' : 'utf8'),
  ]);
  return Object.fromEntries(await Promise.all(entries)) as Record<string, string>;
};

// `pathToFileURL` goes by the system the test runs on: of Windows, only the form that needs no address is looked at.
it.skipIf(process.platform === 'win32')('names the file as each system does', async () => {
  expect(await contents('linux', '/home/a b/ä#1.jpg')).toEqual({
    'x-special/gnome-copied-files': 'copy\nfile:///home/a%20b/%C3%A4%231.jpg',
    'text/uri-list': 'file:///home/a%20b/%C3%A4%231.jpg\r\n',
  });
  expect(await contents('darwin', '/a/b.jpg')).toEqual({ 'public.file-url': 'file:///a/b.jpg' });
  expect(await contents('win32', 'C:\\a.jpg')).toEqual({ FileNameW: 'C:\\a.jpg\0' });
});
