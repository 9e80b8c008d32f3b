import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, vi } from 'vitest';
import { downloadModel, type DownloadOptions } from '../../app/hub/download.ts';
import { entryOf, sha256, startHub, type HubServer } from './hub-server.ts';

/** Bytes that look like nothing, the same for the same seed. */
export const noise = (length: number, seed: number): Buffer => {
  const buffer = Buffer.alloc(length);
  for (let index = 0, state = seed; index < length; index++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    buffer[index] = state >>> 24;
  }
  return buffer;
};

export const GRAPH = 'onnx/vision_model_fp16.onnx';
export const TEXT = 'onnx/text_model_int8.onnx';
export const FILES = {
  [GRAPH]: noise(3_000_000, 1),
  [TEXT]: noise(200_000, 2),
  'config.json': Buffer.from('{"model_type":"clip"}'),
};
export const graph = FILES[GRAPH];

/** The graph is known to the catalogue, the text tower and the settings to the hub alone. */
export const entry = entryOf([
  { path: 'config.json', bytes: null, sha256: null },
  { path: GRAPH, bytes: graph.length, sha256: sha256(graph) },
  { path: TEXT, bytes: null, sha256: null },
]);

/** Little patience: the server is on this machine. Silence is borne, as a busy machine is silent, too. */
export const limits = { attempts: 4, backoff: 5, patience: 2500 };

/** A hub and an empty folder of models for each test of a file. */
export class TriedHub {
  folder = '';
  models = '';
  #hub: HubServer | null = null;

  constructor() {
    beforeEach(async () => {
      for (const name of ['http_proxy', 'https_proxy', 'all_proxy', 'no_proxy'])
        for (const variable of [name, name.toUpperCase()]) vi.stubEnv(variable, undefined);
      this.folder = await mkdtemp(join(tmpdir(), 'afterimage-hub-'));
      this.models = join(this.folder, 'models');
      this.#hub = await startHub(FILES, [GRAPH, TEXT]);
    });
    afterEach(async () => {
      vi.unstubAllEnvs();
      await this.#hub?.close();
      await rm(this.folder, { recursive: true, force: true });
    });
  }

  get server(): HubServer {
    if (this.#hub === null) throw new Error('The hub is there during a test only.');
    return this.#hub;
  }

  /** Requests for the graph so far. */
  get graphRequests(): readonly string[] {
    return this.server.requests.filter((request) => request.startsWith(GRAPH));
  }

  get staging(): string {
    return join(this.models, '.downloads', `${entry.id}@${entry.revision}`);
  }

  download(options: Partial<DownloadOptions> = {}, what = entry): Promise<string> {
    return downloadModel(what, { models: this.models, endpoint: this.server.endpoint, limits, ...options });
  }

  /** Bytes of a file that is not whole yet; null where there are none. */
  part(path: string): Promise<number | null> {
    return stat(join(this.staging, `${path}.part`)).then(
      ({ size }) => size,
      () => null,
    );
  }

  /** All files are there, and nothing is left of getting them. */
  async expectWhole(directory: string): Promise<void> {
    for (const [path, content] of Object.entries(FILES))
      expect(content.equals(await readFile(join(directory, path))), path).toBe(true);
    const left = await readdir(join(this.models, '.downloads'));
    expect(left.filter((name) => name.startsWith(entry.id))).toEqual([]);
  }
}
