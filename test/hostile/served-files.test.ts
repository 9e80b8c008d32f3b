import { execFileSync } from 'node:child_process';
import { mkdir, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect } from '@lancedb/lancedb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Handlers, ShellMethod } from '../../app/contract/index.ts';
import type { Connection } from '../../main/engine/connect.ts';
import { respond } from '../../main/content.ts';
import { desktopShell, type ShellParts } from '../../main/desktop/shell.ts';
import { FolderTokens } from '../../main/folders.ts';
import { connectBuilt } from '../support/built.ts';
import { temporaryFolder } from '../support/command-line.ts';
import { paint } from '../support/paintings.ts';

const isWindows = process.platform === 'win32';
const SECRET = 'secret of the person';

interface Forged {
  readonly name: string;
  /** What the row says where its file is. */
  readonly relPath: (home: string) => string;
  /** Puts something there, in the folder of photos. */
  readonly plant?: (photos: string, home: string) => Promise<unknown>;
}

const planted = (relPath: string, plant: NonNullable<Forged['plant']>): Forged => ({
  name: relPath,
  relPath: () => relPath,
  plant,
});
const withText = (relPath: string): Forged =>
  planted(relPath, (photos) => writeFile(join(photos, relPath), SECRET, { mode: 0o755 }));

/** Rows as somebody may write them who prepares a library, each in the place of a photo's own. */
const forgeries: readonly Forged[] = [
  { name: 'an absolute path', relPath: (home) => join(home, 'outside', 'secret.jpg') },
  { name: 'a path out of the folder', relPath: () => '../outside/secret.jpg' },
  { name: 'a path out of the folder and in again', relPath: () => 'sub/../../outside/secret.jpg' },
  { name: 'a file of the system', relPath: () => '../../../../../../../../etc/passwd' },
  { name: 'no path', relPath: () => '' },
  { name: 'the folder itself', relPath: () => '.' },
  ...['run.desktop', 'run.lnk', 'run.html', 'run.svg', 'run.exe', 'run.sh', 'run', 'run.jpg.desktop', 'words.xmp'].map(
    withText,
  ),
  planted('folder.jpg', (photos) => mkdir(join(photos, 'folder.jpg'))),
  planted('gone.jpg', () => Promise.resolve()),
  ...(isWindows
    ? []
    : [
        planted('out.jpg', (photos, home) => symlink(join(home, 'outside', 'secret.jpg'), join(photos, 'out.jpg'))),
        planted('program.jpg', (photos) => symlink('run.desktop', join(photos, 'program.jpg'))),
        planted('away/secret.jpg', (photos, home) => symlink(join(home, 'outside'), join(photos, 'away'))),
        planted('pipe.jpg', (photos) => Promise.resolve(execFileSync('mkfifo', [join(photos, 'pipe.jpg')]))),
        planted('device.jpg', (photos) => symlink('/dev/zero', join(photos, 'device.jpg'))),
      ]),
];

let home = '';
let photos = '';
let library = '';
let remove: () => Promise<void>;
let connection: Connection;
/** Ids of photos by the path of their row. */
const ids = new Map<string, string>();

const rowSchema = z.object({ file_id: z.string(), rel_path: z.string(), photo_id: z.string() });

beforeAll(async () => {
  const [folder, removeFolder] = await temporaryFolder();
  remove = removeFolder;
  home = await realpath(folder);
  photos = join(home, 'photos');
  library = join(home, 'library');
  for (const name of ['photos', 'outside']) await mkdir(join(home, name));
  await writeFile(join(home, 'outside', 'secret.jpg'), SECRET);
  for (let shade = 0; shade <= forgeries.length; shade++)
    await paint(48, 32, (x) => [shade * 8, 255 * x, 90]).toFile(join(photos, `${String(shade)}.png`));
  const before = await connectBuilt(library);
  await before.client.call('models.use', { id: 'starter' });
  await before.client.call('roots.add', { path: photos });
  await before.client.call('index.run', {});
  await before.close();

  const table = await (await connect(join(library, 'database'))).openTable('files');
  const rows = z
    .array(rowSchema)
    .parse((await table.query().toArray()).map((row: unknown) => ({ ...(row as object) })));
  const own = rows.find(({ rel_path: path }) => path === '0.png');
  ids.set('0.png', own?.photo_id ?? '');
  for (const [index, { name, relPath, plant }] of forgeries.entries()) {
    const row = rows.find(({ rel_path: path }) => path === `${String(index + 1)}.png`);
    if (row === undefined) throw new Error('A photo has no row.');
    await table.update({ where: `file_id = '${row.file_id}'`, values: { rel_path: relPath(home) } });
    await plant?.(photos, home);
    ids.set(name, row.photo_id);
  }
  connection = await connectBuilt(library);
});
afterAll(async () => {
  await connection.close();
  await remove();
});

const asked: string[] = [];
/** The desktop's actions over the built engine; what they ask of the system is noted. */
const shell = (): Handlers<ShellMethod> => {
  const note = (what: string): void => void asked.push(what);
  const parts = {
    engine: connection.client,
    library,
    folders: new FolderTokens(),
    platform: process.platform,
    contents: { startDrag: ({ file }: { readonly file: string }) => note(file) },
    shell: { showItemInFolder: note, openPath: (path: string) => (note(path), Promise.resolve('')) },
    clipboard: { write: () => (note('copied'), Promise.resolve()) },
    ClipboardItem: Object,
    nativeImage: { createFromPath: (path: string) => ({ isEmpty: () => path === '', resize: () => path }) },
  };
  // Of Electron's objects, what these actions use.
  return desktopShell(parts as unknown as ShellParts);
};
const ACTIONS = ['shell.open', 'shell.reveal', 'shell.copyFile', 'shell.dragOut'] as const;
const { signal } = new AbortController();
const serve = (path: string): Promise<Response> =>
  respond(new Request(`http://localhost${path}`), { engine: connection.client, renderer: photos, library });

describe('a photo of the library', () => {
  it('is served, opened, shown in its folder, copied and dragged', async () => {
    const id = ids.get('0.png') ?? '';
    const path = join(photos, '0.png');
    for (const as of ['thumbnail', 'view', 'original']) {
      const response = await serve(`/photo/${id}/${as}`);
      expect(response.status).toBe(200);
      await response.arrayBuffer();
    }
    asked.length = 0;
    for (const action of ACTIONS) await shell()[action]({ id }, signal);
    expect(asked).toEqual([path, path, 'copied', path]);
  });
});

describe('a row that somebody forged', () => {
  it.each(forgeries.map(({ name }) => name))('has no file served: %s', async (name) => {
    const id = ids.get(name) ?? '';
    for (const as of ['original', 'view']) {
      const response = await serve(`/photo/${id}/${as}`);
      expect([as, response.status]).toEqual([as, 404]);
      expect(await response.text()).not.toContain(SECRET);
    }
  });

  it.each(forgeries.map(({ name }) => name))('has nothing opened, shown, copied or dragged: %s', async (name) => {
    const id = ids.get(name) ?? '';
    asked.length = 0;
    for (const action of ACTIONS)
      await expect(Promise.resolve().then(() => shell()[action]({ id }, signal))).rejects.toMatchObject({
        name: 'AfterimageError',
        message: expect.stringMatching(/Add its folder|nothing else|Look for new photos|no longer/u),
      });
    expect(asked).toEqual([]);
  });
});

describe.skipIf(isWindows)('a folder of the library', () => {
  it('in which a photo became a link has nothing of it served or opened', async () => {
    const id = ids.get('0.png') ?? '';
    await rm(join(photos, '0.png'));
    await symlink(join(home, 'outside', 'secret.jpg'), join(photos, '0.png'));
    expect((await serve(`/photo/${id}/original`)).status).toBe(404);
    asked.length = 0;
    for (const action of ACTIONS)
      await expect(Promise.resolve().then(() => shell()[action]({ id }, signal))).rejects.toMatchObject({
        kind: 'unreadable',
      });
    expect(asked).toEqual([]);
  });
});
