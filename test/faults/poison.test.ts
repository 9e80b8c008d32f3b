import { copyFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Client } from '../../app/contract/index.ts';
import type { Connection } from '../../main/engine/connect.ts';
import { readHolder } from '../../main/engine/lock.ts';
import { connectBuilt } from '../support/built.ts';
import { programs, temporaryFolder } from '../support/command-line.ts';
import { writeMany } from '../support/paintings.ts';

const PHOTOS = 40;
let folder = '';
let photos = '';
let library = '';
let victims = '';
let remove: () => Promise<void>;
let connection: Connection;
let client: Client;

/** The built worker, in which a codec crashes on some files: the process is gone at once, as after an abort in native code. */
const fragileWorker = async (): Promise<string> => {
  const path = join(folder, 'fragile-worker.mjs');
  const real = JSON.stringify(pathToFileURL(join(programs, 'worker.js')).href);
  await writeFile(
    path,
    `import { appendFileSync } from 'node:fs';
import ${real};
process.on('message', ({ task }) => {
  if (!task?.path?.includes('poison')) return;
  appendFileSync(${JSON.stringify(victims)}, \`\${task.path}\\n\`);
  process.kill(process.pid, 'SIGSEGV');
});
`,
  );
  return path;
};

/** Paths that a worker died of, once for each time. */
const deaths = async (): Promise<string[]> =>
  (await readFile(victims, 'utf8').catch(() => '')).split('\n').filter((line) => line !== '');

beforeEach(async () => {
  [folder, remove] = await temporaryFolder();
  photos = join(folder, 'photos');
  library = join(folder, 'library');
  victims = join(folder, 'victims');
  await mkdir(photos);
  await writeMany(photos, PHOTOS);
  connection = await connectBuilt(library, { worker: { entry: await fragileWorker() } });
  ({ client } = connection);
  await client.call('models.use', { id: 'starter' });
  await client.call('roots.add', { path: photos });
});
afterEach(async () => {
  await connection.close();
  await remove();
});

describe.runIf(process.platform !== 'win32')('files that kill the process which decodes them', () => {
  it('are named and left alone from then on; everything else is indexed', async () => {
    const poison = ['album 0/poison.jpg', 'poison too.png'].map((name) => join(photos, name));
    for (const path of poison) await copyFile(join(photos, 'album 1', 'picture 1.jpg'), path);
    const engine = await readHolder(library);

    const report = await client.call('index.run', {});
    expect(report).toMatchObject({ indexed: PHOTOS, failed: poison.length });
    expect(report.failures.map(({ path, kind }) => [path, kind]).sort()).toEqual(
      poison.map((path) => [path, 'crashed']).sort(),
    );
    for (const { path, message } of report.failures) expect(message).toContain(path);
    expect(new Set(await deaths())).toEqual(new Set(poison));

    const before = await deaths();
    expect(await client.call('index.run', {})).toMatchObject({ indexed: 0, unchanged: PHOTOS, failed: poison.length });
    expect(await deaths()).toEqual(before);
    expect((await client.call('index.failures', {})).total).toBe(poison.length);
    expect(await readHolder(library)).toEqual(engine);

    // Mended, it is a photo like any other: here, a copy of one.
    await rename(poison[0] ?? '', join(photos, 'mended.jpg'));
    expect(await client.call('index.run', {})).toMatchObject({ copied: 1, failed: 1 });
  });
});
