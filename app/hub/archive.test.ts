import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tarOf, zipOf, type ToPack } from '../../test/support/archives.ts';
import { entryOf, sha256 } from '../../test/support/hub-server.ts';
import { AfterimageError } from '../contract/index.ts';
import { isArchive, unpackModel, type UnpackOptions } from './archive.ts';

const CONFIG = Buffer.from('{"model_type":"clip"}');
// Nothing that could be packed smaller: a cut then hits it.
const GRAPH = randomBytes(300_000);
const MODEL: readonly ToPack[] = [
  { path: 'config.json', content: CONFIG },
  { path: 'onnx/', kind: 'folder' },
  { path: 'onnx/vision_model.onnx', content: GRAPH },
];
const within = (folder: string): readonly ToPack[] =>
  MODEL.map((thing) => ({ ...thing, path: `${folder}/${thing.path}` }));

const PACKERS = {
  zip: zipOf,
  tar: tarOf,
  'tar.gz': (things: readonly ToPack[]) => gzipSync(tarOf(things)),
  tgz: (things: readonly ToPack[]) => gzipSync(tarOf(things)),
};
const endings = ['zip', 'tar', 'tar.gz', 'tgz'] as const;

let folder: string;
let models: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'archive-'));
  models = join(folder, 'models');
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const unpackBytes = async (content: Buffer, ending: string, options: Partial<UnpackOptions> = {}): Promise<string> => {
  const path = join(folder, `my model.${ending}`);
  await writeFile(path, content);
  return unpackModel(path, { models, ...options });
};

/** Nothing of a failure is left, neither in the models' folder nor beside it. */
const expectNothing = async (): Promise<void> => {
  expect((await readdir(models)).filter((name) => name !== '.downloads')).toEqual([]);
  expect(await readdir(join(models, '.downloads'))).toEqual([]);
  expect((await readdir(folder)).filter((name) => !name.startsWith('my model'))).toEqual(['models']);
};

const expectBad = async (content: Buffer, ending: string, message: RegExp): Promise<void> => {
  await expect(unpackBytes(content, ending)).rejects.toMatchObject({
    kind: 'model-invalid',
    message: expect.stringMatching(message),
  });
  await expectNothing();
};

it('is known by its name', () => {
  expect(['a.zip', 'b.TAR', 'c.tar.gz', 'd.tgz'].every(isArchive)).toBe(true);
  expect(['a', 'zip', 'c.gz', 'd.onnx'].some(isArchive)).toBe(false);
});

describe.each(endings)('a .%s', (ending) => {
  const pack = PACKERS[ending];

  it.each([
    ['at its top', MODEL],
    ['in a folder', within('clip')],
    ['in a folder beside what a Mac adds', [...within('clip'), { path: '__MACOSX/._clip' }, { path: '._clip' }]],
  ])('with a model %s becomes that model', async (_where, things) => {
    const seen: string[] = [];
    const check = async (directory: string): Promise<void> => void seen.push(...(await readdir(directory)));
    const directory = await unpackBytes(pack(things), ending, { check });
    expect(directory).toBe(join(models, 'my-model'));
    expect(seen).toContain('config.json');
    expect(await readFile(join(directory, 'config.json'))).toEqual(CONFIG);
    expect((await readFile(join(directory, 'onnx', 'vision_model.onnx'))).equals(GRAPH)).toBe(true);
    expect(await readdir(join(models, '.downloads'))).toEqual([]);
    if (process.platform !== 'win32') expect((await stat(join(directory, 'onnx'))).mode & 0o777).toBe(0o700);
  });

  it.each(['../out.txt', 'onnx/../../out.txt', '/out.txt', 'c:out.txt', 'onnx/..'])(
    'that would write to %s is refused',
    async (path) => {
      await expectBad(pack([...MODEL, { path, content: CONFIG }]), ending, /leads out of|relative path|absolute path/u);
    },
  );

  it('with a link is refused', async () => {
    const link = { path: 'out', kind: 'link', content: Buffer.from(folder) } as const;
    await expectBad(pack([link, ...MODEL]), ending, /“out” in it is a link/u);
  });

  it('with a file that is there twice is refused', async () => {
    await expectBad(pack([...MODEL, ...MODEL]), ending, /twice/u);
  });

  it('without a model is refused', async () => {
    await expectBad(pack([{ path: 'a/config.json' }, { path: 'b/config.json' }]), ending, /holds no model/u);
  });

  it('of nothing at all is refused', async () => {
    await expectBad(pack([]), ending, /empty|damaged/u);
    await expectBad(Buffer.alloc(0), ending, /empty|damaged/u);
    await expectBad(Buffer.from('no archive at all'.repeat(100)), ending, /damaged/u);
  });

  it('cut off anywhere leaves nothing', async () => {
    const content = pack(MODEL);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: content.length - 2048 }), async (length) => {
        await expectBad(content.subarray(0, length), ending, /damaged|empty|holds no model/u);
      }),
      { numRuns: 25 },
    );
  });

  it('that does not fit is refused before it is written', async () => {
    await expect(
      unpackBytes(pack(MODEL), ending, { freeBytes: () => Promise.resolve(64 * 2 ** 20 + 1000) }),
    ).rejects.toMatchObject({ kind: 'disk-full' });
    await expectNothing();
  });

  it('that the caller refuses leaves nothing', async () => {
    const check = (): Promise<void> => Promise.reject(new AfterimageError('model-invalid', 'No text tower.'));
    await expect(unpackBytes(pack(MODEL), ending, { check })).rejects.toThrow('No text tower.');
    await expectNothing();
  });

  it('can be stopped', async () => {
    await expect(unpackBytes(pack(MODEL), ending, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      kind: 'cancelled',
    });
    await expectNothing();
  });

  it('with pins of its own is held to them', async () => {
    const pins = {
      ...entryOf([]),
      version: 1,
      files: [{ path: 'config.json', bytes: CONFIG.length, sha256: sha256(CONFIG) }],
    };
    const withPins = (content: Buffer): Buffer =>
      pack([
        { path: 'config.json', content },
        { path: 'afterimage-model.json', content: Buffer.from(JSON.stringify(pins)) },
      ]);
    await expectBad(withPins(Buffer.from('{"model_type":"evil"}')), ending, /config\.json in it is missing, or not/u);
    await unpackBytes(withPins(CONFIG), ending);
  });
});

describe('a .zip', () => {
  it('with a password is refused', async () => {
    await expectBad(zipOf(MODEL.map((thing) => ({ ...thing, isEncrypted: true }))), 'zip', /encrypted/u);
  });

  it.each([true, false])('with another checksum is refused (stored: %s)', async (isStored) => {
    await expectBad(zipOf([{ path: 'config.json', content: CONFIG, crc: 1, isStored }]), 'zip', /checksum/u);
  });

  it('whose list of contents would lie where no file has anything is refused, and ends nothing', async () => {
    const packed = zipOf(MODEL);
    const end = packed.subarray(-22);
    for (const place of [2n ** 64n - 1n, 2n ** 61n, BigInt(packed.length)]) {
      const locator = Buffer.alloc(20);
      locator.write('PK\x06\x07');
      locator.writeBigUInt64LE(place, 8);
      await expectBad(Buffer.concat([packed.subarray(0, -22), locator, end]), 'zip', /is damaged/u);
    }
    for (const place of [0xffff_fffe, packed.length]) {
      const changed = Buffer.from(packed);
      changed.writeUInt32LE(place, packed.length - 6);
      await expectBad(changed, 'zip', /is damaged/u);
    }
  });

  it('that holds more than it says is refused', async () => {
    await expectBad(
      zipOf([...MODEL, { path: 'bomb', content: Buffer.alloc(10_000_000), size: 10 }]),
      'zip',
      /damaged/u,
    );
  });
});

it('a name that is taken is not taken again', async () => {
  await mkdir(join(models, 'my-model'), { recursive: true });
  await expect(unpackBytes(zipOf(MODEL), 'zip')).rejects.toMatchObject({ kind: 'invalid-request' });
  expect(await unpackBytes(zipOf(MODEL), 'zip', { name: '../other' })).toBe(join(models, 'other'));
  expect(existsSync(join(folder, 'other'))).toBe(false);
});

it('a file that is not there is named', async () => {
  await expect(unpackModel(join(folder, 'none.zip'), { models })).rejects.toMatchObject({ kind: 'not-found' });
});
