import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readHolder } from '../../main/engine/lock.ts';
import { finished, ownData, programs, startAt, temporaryFolder, type Outcome } from '../support/command-line.ts';
import { fetchLocal } from '../support/local-names.ts';
import { changedModel } from '../support/model-folders.ts';
import { paint, writePaintings } from '../support/paintings.ts';
import { startWeb } from '../support/web.ts';

/** Where the program keeps what belongs to no library, in a home folder. */
const dataOf = (home: string): string =>
  process.platform === 'win32'
    ? join(home, 'AppData', 'Local', 'afterimage')
    : process.platform === 'darwin'
      ? join(home, 'Library', 'Application Support', 'afterimage')
      : join(home, '.local', 'share', 'afterimage');

const TOLD = '\0ORT_DISABLE_TELEMETRY=1\0';

/** Files that other users of the machine could read, with the folders above them that let them pass. */
const openToOthers = async (path: string): Promise<readonly string[]> => {
  const stats = await stat(path);
  if (!stats.isDirectory()) return (stats.mode & 0o077) === 0 ? [] : [path];
  if ((stats.mode & 0o077) === 0) return [];
  const inside = await Promise.all((await readdir(path)).map((name) => openToOthers(join(path, name))));
  return [path, ...inside.flat()];
};

/** Twelve numbers with fractions in a row, in whatever notation: a text that holds an embedding has more. */
const VECTOR = /(?:-?\d*\.\d+(?:e-?\d+)?[\s,;]+){12}/iu;
/** Forty bytes or more in base64 or hexadecimal that are no word, path or hash. */
const BYTES = /(?:[A-Za-z0-9+/]{4}){60}/u;

describe('what stays on the machine', () => {
  it('leaves nothing in the home folder but the library and its own data', async () => {
    const [home, remove] = await temporaryFolder();
    await writePaintings(join(home, 'Pictures'));
    expect(
      (await finished(startAt(home, 'index', join(home, 'Pictures'), '--library', join(home, 'library')))).code,
    ).toBe(0);
    expect((await finished(startAt(home, 'search', 'red', '--library', join(home, 'library')))).code).toBe(0);
    const others = (await readdir(home, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => relative(home, join(parentPath, name)))
      .filter((path) => !/^(?:Pictures|library)[\\/]/u.test(path));
    const own = others.map((path) => relative(dataOf(home), join(home, path)).replaceAll('\\', '/')).sort();
    // What was approved of the library and the key that signs it, and which model files are known by their content.
    expect(own).toEqual([
      expect.stringMatching(/^approvals\/[0-9a-f]{32}\.json$/u),
      'approvals/key',
      'models/hashes.json',
    ]);
    await remove();
  });

  it.runIf(process.platform === 'linux')(
    'tells ONNX Runtime to report nothing, in the engine and in every worker',
    async () => {
      const [home, remove] = await temporaryFolder();
      const library = join(home, 'library');
      await writePaintings(join(home, 'Pictures'));
      const serving = startAt(home, 'serve', '--no-open', '--library', library, join(home, 'Pictures'));
      await expect.poll(() => readHolder(library), { timeout: 30_000 }).not.toBeNull();
      const engine = (await readHolder(library))?.pid ?? 0;
      const workers = (): string[] =>
        execFileSync('ps', ['--ppid', String(engine), '-o', 'pid='], { encoding: 'utf8' })
          .trim()
          .split(/\s+/u);
      await expect
        .poll(
          () => {
            try {
              return workers().length;
            } catch {
              return 0;
            }
          },
          { timeout: 30_000 },
        )
        .toBeGreaterThan(0);
      for (const pid of [String(engine), ...workers()])
        // A worker may have ended meanwhile.
        expect(await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => TOLD)).toContain(TOLD);
      serving.kill('SIGTERM');
      await once(serving, 'exit');
      await remove();
    },
  );

  it.skipIf(process.platform === 'win32')(
    'keeps library, maps between models and models from other users, however open the system leaves new files',
    async () => {
      const [home, remove] = await temporaryFolder();
      const library = join(home, 'library');
      await mkdir(join(home, 'Pictures'));
      for (let shade = 0; shade < 60; shade++)
        await paint(48, 48, (x, y) => [shade * 4, x * 255, y * 255]).toFile(join(home, 'Pictures', `${shade}.png`));
      // It sees everything a little differently: going over to it takes a map between the two.
      const model = await changedModel(join(home, 'other'), {
        'golden.json': null,
        'preprocessor_config.json': (json) => ({
          ...json,
          resample: 2,
          do_normalize: true,
          image_mean: [0.1, 0.2, 0.3],
        }),
      });
      /** Any file this makes could be read and written by everybody. */
      const openly = (...args: readonly string[]): Promise<Outcome> => {
        const command = ['umask 000; exec "$@"', 'sh', process.execPath, join(programs, 'cli.js'), ...args];
        return finished(
          spawn('sh', ['-c', ...command, '--library', library], {
            stdio: ['ignore', 'pipe', 'pipe'],
            env: { ...process.env, ...ownData(home) },
          }),
        );
      };
      expect(await openly('index', join(home, 'Pictures'))).toMatchObject({ code: 0 });
      expect(await openly('models', 'add', model)).toMatchObject({ code: 0 });
      expect(await openly('models', 'upgrade', model, '--anchors', '20', '--bridge-only')).toMatchObject({ code: 0 });
      expect(await openly('search', 'red')).toMatchObject({ code: 0 });
      expect(await readdir(library)).toEqual(expect.arrayContaining(['database', 'thumbnails', 'bridges']));
      expect(await openToOthers(library)).toEqual([]);
      expect(await openToOthers(join(dataOf(home), 'models'))).toEqual([]);
      await remove();
    },
  );

  it.skipIf(process.platform === 'win32')('closes a folder that was there before, and open to all', async () => {
    const [home, remove] = await temporaryFolder();
    await writePaintings(join(home, 'Pictures'));
    await mkdir(join(home, 'library'));
    await chmod(join(home, 'library'), 0o755);
    const index = startAt(home, 'index', join(home, 'Pictures'), '--library', join(home, 'library'));
    expect((await finished(index)).code).toBe(0);
    expect(await openToOthers(join(home, 'library'))).toEqual([]);
    await remove();
  });

  it('puts no embedding into an export, an answer, or what is printed when something fails', async () => {
    const [home, remove] = await temporaryFolder();
    const at = ['--library', join(home, 'library')];
    await writePaintings(join(home, 'Pictures'));
    await writeFile(join(home, 'Pictures', 'broken.jpg'), 'no picture');
    const texts: string[] = [];
    const tell = async (...args: readonly string[]): Promise<void> => {
      const { stdout, stderr } = await finished(startAt(home, ...args, ...at));
      texts.push(stdout, stderr);
    };
    await tell('index', join(home, 'Pictures'), '--json');
    await tell('search', 'red -snow', '--json');
    await tell('search', '((', '--json');
    await tell('status', '--json');
    await tell('doctor', '--json');
    await tell('models', 'list', '--json');
    await tell('library', 'export', join(home, 'export.json'));
    await writeFile(join(home, 'library', 'database', 'vectors.lance'), 'damaged');
    await tell('doctor', '--repair', '--json');
    texts.push(await readFile(join(home, 'export.json'), 'utf8'));
    expect(texts.join('').length).toBeGreaterThan(1000);
    for (const text of texts) {
      expect(text).not.toMatch(VECTOR);
      expect(text).not.toMatch(BYTES);
    }
    // The same look finds one where there is one.
    const vector = Array.from({ length: 16 }, (_, index) => Math.sin(index + 1));
    expect(JSON.stringify(vector)).toMatch(VECTOR);
    expect(
      Buffer.from(Float32Array.from({ length: 64 }, (_, index) => Math.sin(index)).buffer).toString('base64'),
    ).toMatch(BYTES);
    await remove();
  });

  it('writes the token of a browser nowhere but on the terminal', async () => {
    const [home, remove] = await temporaryFolder();
    await writePaintings(join(home, 'Pictures'));
    const web = await startWeb(join(home, 'library'), { home, folders: [join(home, 'Pictures')] });
    let printed = '';
    for (const stream of [web.process.stdout, web.process.stderr])
      stream?.on('data', (text: string) => (printed += text));
    const token = new URL(web.address).searchParams.get('token') ?? '';
    const entered = await fetchLocal(web.address, { redirect: 'manual' });
    const cookie = entered.headers.get('set-cookie')?.split(';')[0] ?? '';
    for (const path of ['/', '/photo/0/view', `/?token=${token}`, '/nothing'])
      await fetchLocal(web.origin + path, { headers: { cookie }, redirect: 'manual' });
    await fetchLocal(`${web.origin}/?token=guess`);
    const secrets = [token, cookie.split('=')[1] ?? ''];
    for (const entry of await readdir(home, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const bytes = await readFile(join(entry.parentPath, entry.name)).catch(() => Buffer.alloc(0));
      for (const secret of secrets) expect([entry.name, bytes.includes(secret)]).toEqual([entry.name, false]);
    }
    await web.stop();
    for (const secret of secrets) expect(printed).not.toContain(secret);
    await remove();
  });
});
