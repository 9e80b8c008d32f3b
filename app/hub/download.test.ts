import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, open, readdir, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import { drop, sha256, stall, startProxy, throttle } from '../../test/support/hub-server.ts';
import { entry, FILES, GRAPH, graph, TEXT, TriedHub } from '../../test/support/tried-hub.ts';
import { discardDownload, installation } from './installation.ts';
import type { DownloadProgress } from './meter.ts';
import { readPins } from './pins.ts';

const hub = new TriedHub();

describe('a download', () => {
  it('puts a verified model in its place, with pins beside it, for its owner alone', async () => {
    const directory = await hub.download();
    expect(directory).toBe(join(hub.models, 'tried'));
    await hub.expectWhole(directory);
    expect(await readPins(directory)).toMatchObject({
      repository: entry.repository,
      revision: entry.revision,
      logitScale: 100,
      licence: { spdx: 'MIT' },
    });
    const pins = (await readPins(directory))?.files.map((pin) => [pin.path, pin]);
    expect(Object.fromEntries(pins ?? [])).toEqual(
      Object.fromEntries(
        Object.entries(FILES).map(([path, content]) => [
          path,
          { path, bytes: content.length, sha256: sha256(content) },
        ]),
      ),
    );
    if (process.platform !== 'win32')
      for (const inner of ['.', 'onnx']) expect((await stat(join(directory, inner))).mode & 0o777).toBe(0o700);
  });

  it('is done at once when the model is there', async () => {
    await hub.download();
    const before = hub.server.requests.length;
    await hub.download();
    expect(hub.server.requests.length).toBe(before);
  });

  it('says how far it is', async () => {
    const progress: DownloadProgress[] = [];
    await hub.download({ onProgress: (news) => progress.push(news) });
    const total = Object.values(FILES).reduce((sum, content) => sum + content.length, 0);
    expect(progress.at(-1)).toMatchObject({ state: 'fetching', done: total, total, filesDone: 3, files: 3 });
    const done = progress.map((news) => news.done);
    expect(done).toEqual([...done].sort((a, b) => a - b));
  });

  it('needs no network to be refused for want of room', async () => {
    await expect(hub.download({ freeBytes: () => Promise.resolve(1_000_000) })).rejects.toMatchObject({
      kind: 'disk-full',
      details: { free: 1_000_000 },
    });
    expect(hub.server.requests).toEqual([]);
  });

  it('leaves a folder of that name alone that holds something else', async () => {
    await mkdir(join(hub.models, 'tried'), { recursive: true });
    await writeFile(join(hub.models, 'tried', 'mine.txt'), 'mine');
    const directory = await hub.download();
    expect(directory).toBe(join(hub.models, 'tried-01234567'));
    expect(await readdir(join(hub.models, 'tried'))).toEqual(['mine.txt']);
    expect((await installation(entry, hub.models)).state).toBe('installed');
  });

  it('mends a model that lost a file or a part of one, and fetches nothing else', async () => {
    const directory = await hub.download();
    await truncate(join(directory, TEXT), 1000);
    expect((await installation(entry, hub.models)).state).toBe('absent');
    const before = hub.server.requests.length;
    await hub.expectWhole(await hub.download());
    expect(hub.server.requests.slice(before)).toEqual([TEXT]);
  });

  it('can be forgotten', async () => {
    hub.server.failAlways(GRAPH, drop(1000));
    await expect(hub.download()).rejects.toMatchObject({ kind: 'download-failed' });
    expect((await installation(entry, hub.models)).state).toBe('partial');
    await discardDownload(entry, hub.models);
    expect(await installation(entry, hub.models)).toMatchObject({ state: 'absent', bytes: 0 });
  });
});

describe('a proxy', () => {
  it('is used where the environment names one, and left out where it says so', async () => {
    const proxy = await startProxy();
    vi.stubEnv('HTTP_PROXY', proxy.address);
    vi.stubEnv('NO_PROXY', 'localhost');
    await hub.expectWhole(await hub.download());
    expect(new Set(proxy.asked)).toEqual(new Set([new URL(hub.server.endpoint).host]));
    const before = proxy.asked.length;
    vi.stubEnv('NO_PROXY', 'localhost,127.0.0.1');
    await hub.download({ models: join(hub.folder, 'others') });
    expect(proxy.asked.length).toBe(before);
    proxy.close();
  });

  it('may be named without http://, and one that is none is told', async () => {
    const proxy = await startProxy();
    vi.stubEnv('http_proxy', new URL(proxy.address).host);
    vi.stubEnv('no_proxy', 'localhost');
    await hub.expectWhole(await hub.download());
    expect(proxy.asked).not.toEqual([]);
    vi.stubEnv('http_proxy', 'ftp://proxy.example');
    await expect(hub.download()).rejects.toMatchObject({
      kind: 'invalid-request',
      message: expect.stringContaining('HTTP_PROXY'),
    });
    proxy.close();
  });

  it('for everything is used where none is named for one kind of address', async () => {
    const [all, own] = [await startProxy(), await startProxy()];
    vi.stubEnv('ALL_PROXY', all.address);
    vi.stubEnv('NO_PROXY', 'localhost');
    await hub.expectWhole(await hub.download());
    expect(new Set(all.asked)).toEqual(new Set([new URL(hub.server.endpoint).host]));
    await expect(
      hub.download({ endpoint: 'https://hub.example', models: join(hub.folder, 'none') }),
    ).rejects.toMatchObject({ kind: 'offline' });
    expect(all.asked).toContain('hub.example:443');
    const before = all.asked.length;
    vi.stubEnv('HTTP_PROXY', own.address);
    await hub.download({ models: join(hub.folder, 'others') });
    expect(own.asked).not.toEqual([]);
    expect(all.asked.length).toBe(before);
    vi.stubEnv('HTTP_PROXY', undefined);
    vi.stubEnv('all_proxy', 'ftp://proxy.example');
    await expect(hub.download()).rejects.toMatchObject({
      kind: 'invalid-request',
      message: expect.stringContaining('ALL_PROXY'),
    });
    all.close();
    own.close();
  });

  it('is used for https, and its refusal is told', async () => {
    const proxy = await startProxy();
    vi.stubEnv('HTTPS_PROXY', proxy.address);
    await expect(hub.download({ endpoint: 'https://hub.example' })).rejects.toMatchObject({
      kind: 'offline',
      message: expect.stringMatching(/hub\.example.*407/su),
    });
    expect(proxy.asked).toContain('hub.example:443');
    proxy.close();
  });
});

describe('a disk', () => {
  it('that fills up is told, and what fitted is continued', async () => {
    const probe = await open(join(hub.folder, 'probe'), 'w');
    // The class of file handles has no name that could be imported.
    const write = vi.spyOn(Object.getPrototypeOf(probe) as typeof probe, 'write');
    await probe.close();
    const full = Object.assign(new Error('full'), { code: 'ENOSPC' });
    hub.server.fail(GRAPH, throttle(3_000_000));
    setTimeout(() => write.mockRejectedValue(full), 300);
    await expect(hub.download()).rejects.toMatchObject({ kind: 'disk-full' });
    write.mockRestore();
    await hub.expectWhole(await hub.download());
  });
});

describe('somebody who', () => {
  it('stops a download keeps what was fetched, and goes on later', async () => {
    hub.server.failAlways(GRAPH, throttle(2_000_000));
    const stop = new AbortController();
    const onProgress = ({ done }: DownloadProgress): void => {
      if (done > 1_000_000) stop.abort();
    };
    await expect(hub.download({ signal: stop.signal, onProgress })).rejects.toMatchObject({ kind: 'cancelled' });
    const part = await hub.part(GRAPH);
    expect(part).toBeGreaterThan(500_000);
    const { state, bytes: there } = await installation(entry, hub.models);
    expect(state).toBe('partial');
    expect(there).toBeGreaterThan(500_000);
    await hub.expectWhole(await hub.download());
    expect(hub.server.requests).toContain(`${GRAPH} from ${String(part)}`);
  });

  it('has stopped it before it began fetches nothing', async () => {
    await expect(hub.download({ signal: AbortSignal.abort() })).rejects.toMatchObject({ kind: 'cancelled' });
    expect(hub.server.requests).toEqual([]);
  });

  it('asks for the same model twice gets it once', async () => {
    hub.server.failAlways(GRAPH, throttle(4_000_000));
    const states = new Set<string>();
    const onProgress = ({ state }: DownloadProgress): void => void states.add(state);
    const [one, other] = await Promise.all([
      hub.download(),
      hub.download({ onProgress }),
      hub.download({ onProgress }),
    ]);
    expect(one).toBe(other);
    await hub.expectWhole(one);
    expect(states).toContain('waiting');
    expect(hub.graphRequests.length).toBe(1);
  });

  it('kills the program loses nothing', async () => {
    hub.server.fail(GRAPH, stall(1_000_000));
    const program = `
      import { downloadModel } from ${JSON.stringify(fileURLToPath(new URL('download.ts', import.meta.url)))};
      await downloadModel(${JSON.stringify(entry)}, ${JSON.stringify({ models: hub.models, endpoint: hub.server.endpoint })});`;
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
      stdio: 'inherit',
    });
    while (((await hub.part(GRAPH)) ?? 0) < 500_000) {
      expect(child.exitCode).toBeNull();
      await pause(20);
    }
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(existsSync(join(hub.models, 'tried'))).toBe(false);
    const part = (await hub.part(GRAPH)) ?? 0;
    expect(part).toBeLessThan(graph.length);
    await hub.expectWhole(await hub.download());
    expect(hub.server.requests).toContain(`${GRAPH} from ${String(part)}`);
  });
});
