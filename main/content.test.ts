import { mkdtemp, readdir, readlink, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Client } from '../app/contract/index.ts';
import { partOf, respond } from './content.ts';

const SIZE = 300_000;
const bytes = Buffer.from(Array.from({ length: SIZE }, (_, index) => (index * 7919) >> 3));
let folder: string;
let asked: unknown[] = [];

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'afterimage-content-')));
  await writeFile(join(folder, 'clip.mp4'), bytes);
  await writeFile(join(folder, 'empty.mp4'), '');
});
afterAll(() => rm(folder, { recursive: true }));

const engineWith = (name: string): Client => ({
  // The methods that are asked for here, with the answers of their contract.
  call: ((method: string, input: unknown) => {
    if (method === 'roots.folders') return Promise.resolve({ folders: [folder] });
    asked.push(input);
    return Promise.resolve({ path: join(folder, name), mime: 'video/mp4' });
  }) as unknown as Client['call'],
  on: () => () => undefined,
  onClose: () => undefined,
  close: () => undefined,
});

const ask = async (range?: string, name = 'clip.mp4'): Promise<Response> => {
  asked = [];
  const request = new Request('http://localhost/photo/0123456789abcdef/original', {
    headers: range === undefined ? {} : { range },
  });
  return respond(request, { engine: engineWith(name), renderer: folder, library: folder });
};

const bodyOf = async (response: Response): Promise<Buffer> => Buffer.from(await response.arrayBuffer());

describe('an original', () => {
  it('is served whole where no part is asked for', async () => {
    const response = await ask();
    expect(response.status).toBe(200);
    expect(asked).toEqual([{ id: '0123456789abcdef', as: 'original' }]);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'video/mp4',
      'content-length': String(SIZE),
      'accept-ranges': 'bytes',
    });
    expect((await bodyOf(response)).equals(bytes)).toBe(true);
  });

  it.each([
    ['bytes=0-', 0, SIZE],
    ['bytes=0-0', 0, 1],
    ['bytes=100-199', 100, 200],
    ['bytes=299990-', 299_990, SIZE],
    ['bytes=299990-999999999999', 299_990, SIZE],
    ['bytes=-10', SIZE - 10, SIZE],
    ['bytes=-999999999', 0, SIZE],
  ])('is served in the part that is asked for: %s', async (range, start, end) => {
    const response = await ask(range);
    expect(response.status).toBe(206);
    expect(response.headers.get('content-range')).toBe(`bytes ${start}-${end - 1}/${SIZE}`);
    expect(response.headers.get('content-length')).toBe(String(end - start));
    expect((await bodyOf(response)).equals(bytes.subarray(start, end))).toBe(true);
  });

  it.each(['bytes=300000-', 'bytes=400000-500000', 'bytes=-0'])('has no bytes %s', async (range) => {
    const response = await ask(range);
    expect(response.status).toBe(416);
    expect(response.headers.get('content-range')).toBe(`bytes */${SIZE}`);
  });

  it.each(['bytes=5-1', 'bytes=0-1,5-9', 'lines=0-1', 'bytes=-', 'bytes=a-b', ''])(
    'is served whole where the part cannot be told: %j',
    async (range) => {
      const response = await ask(range);
      expect(response.status).toBe(200);
      await response.body?.cancel();
    },
  );

  it('that is empty has no parts', async () => {
    expect((await ask(undefined, 'empty.mp4')).status).toBe(200);
    expect((await ask('bytes=0-', 'empty.mp4')).status).toBe(416);
  });

  it.skipIf(process.platform !== 'linux')('that nobody reads to its end is closed', async () => {
    const opened = async (): Promise<string[]> => {
      const names = (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => ''));
      return (await Promise.all(names)).filter((name) => name.startsWith(folder));
    };
    const reader = (await ask()).body?.getReader();
    await reader?.read();
    // What was read before is closed by and by.
    await expect.poll(opened).toHaveLength(1);
    await reader?.cancel();
    await expect.poll(opened).toEqual([]);
  });
});

describe('a part of a file', () => {
  it('lies within it, and has what was asked for', () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.nat(1200), fc.nat(1200), (size, first, last) => {
        const part = partOf(`bytes=${first}-${last}`, size);
        if (first > last) expect(part).toEqual({ start: 0, end: size, isWhole: true });
        else if (first >= size) expect(part).toBeNull();
        else expect(part).toEqual({ start: first, end: Math.min(size, last + 1), isWhole: false });
      }),
    );
  });
});
