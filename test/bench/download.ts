import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { downloadModel } from '../../app/hub/download.ts';
import { temporaryFolder } from '../support/command-line.ts';
import { entryOf } from '../support/hub-server.ts';
import { median, report, timed } from './measure.ts';

const execute = promisify(execFile);
const BYTES = 400_000_000;
const BYTES_PER_SECOND = 100_000_000;
const ROUNDS = 3;
const GRAPH = 'onnx/vision_model_fp16.onnx';

/** The hub is a process of its own, as it would be: its work is not ours. */
const HUB = `
  import { randomFillSync } from 'node:crypto';
  import { sha256, startHub, throttle } from ${JSON.stringify(new URL('../support/hub-server.ts', import.meta.url).href)};
  const content = randomFillSync(Buffer.alloc(${BYTES}));
  const hub = await startHub({ ${JSON.stringify(GRAPH)}: content });
  hub.failAlways(${JSON.stringify(GRAPH)}, throttle(${BYTES_PER_SECOND}));
  process.send({ endpoint: hub.endpoint, sha256: sha256(content) });`;

const readySchema = z.object({ endpoint: z.string(), sha256: z.string() });

/** A file of a model, verified, beside what plain curl takes for its bytes. */
export const benchDownload = async (): Promise<void> => {
  process.env.NO_PROXY = '127.0.0.1';
  const [folder, remove] = await temporaryFolder();
  const hub = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', HUB], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  // Whatever it says is looked at before it is used.
  const [message] = (await once(hub, 'message')) as [unknown];
  const { endpoint, sha256 } = readySchema.parse(message);
  const entry = entryOf([{ path: GRAPH, bytes: BYTES, sha256 }]);
  const ours: number[] = [];
  const curls: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const models = join(folder, 'models');
    const url = `${endpoint}/${entry.repository}/resolve/${entry.revision}/${GRAPH}`;
    const file = join(folder, 'file');
    curls.push(await timed(() => execute('curl', ['--silent', '--fail', '--noproxy', '*', '--output', file, url])));
    ours.push(await timed(() => downloadModel(entry, { models, endpoint })));
    await rm(models, { recursive: true });
    await rm(file);
  }
  const [ratio, rate] = [median(curls) / median(ours), BYTES / median(ours) / 1e6];
  report(
    'download of 400 MB at 100 MB/s, verified (plain curl)',
    `${rate.toFixed(1)} MB/s (${(BYTES / median(curls) / 1e6).toFixed(1)} MB/s)`,
    '≥ 0.9 ×',
    ratio >= 0.9,
  );
  hub.kill();
  await remove();
};
