import { readHolder } from '../../main/engine/lock.ts';
import { runJson, temporaryFolder } from '../support/command-line.ts';
import { connectBuilt } from '../support/built.ts';
import { makeLibrary, starter } from './made-library.ts';
import { median, memoryOf, quantile, report, timed } from './measure.ts';

const QUERIES = 200;

/** Exact queries and memory at 100,000 × 512, through the running engine. */
const queries = async (library: string): Promise<void> => {
  const connection = await connectBuilt(library);
  const { client } = connection;
  const { photos } = await client.call('photos.page', { limit: QUERIES });
  const took: number[] = [];
  for (const { id } of photos) took.push((await client.call('search', { query: `photo:${id}`, limit: 200 })).tookMs);
  const warm = took.slice(10);
  report(
    'query at 100,000 × 512, engine side, p95 (median)',
    `${quantile(warm, 0.95).toFixed(1)} ms (${median(warm).toFixed(1)} ms)`,
    '≤ 60 ms',
    quantile(warm, 0.95) <= 60,
  );
  const holder = await readHolder(library);
  if (holder !== null && process.platform === 'linux') {
    const { now, peak } = memoryOf(holder.pid);
    report(
      'engine memory there after the queries (peak)',
      `${now.toFixed(0)} MB (${peak.toFixed(0)} MB)`,
      '≤ 700 MB',
      now <= 700,
    );
  }
  await connection.close();
};

export const benchLibrary = async (): Promise<void> => {
  const [big, removeBig] = await temporaryFolder();
  const { library, photos } = await makeLibrary(big, 100_000, { dimension: 512 });
  await queries(library);
  const scans: number[] = [];
  for (let round = 0; round < 3; round++) {
    const { seconds, unchanged } = (await runJson('index', photos, '--library', library)) as {
      seconds: number;
      unchanged: number;
    };
    if (unchanged !== 100_000) throw new Error(`The scan found ${String(unchanged)} unchanged files.`);
    scans.push(seconds);
  }
  report('second scan of 100,000 unchanged files', `${median(scans).toFixed(1)} s`, '≤ 10 s', median(scans) <= 10);
  await removeBig();

  const [small, removeSmall] = await temporaryFolder();
  const known = await makeLibrary(small, 10_000, { model: starter });
  const starts: number[] = [];
  for (let round = 0; round < 5; round++)
    starts.push(await timed(() => runJson('search', 'blue sky', '--library', known.library)));
  report(
    'start to first search, 10,000 photos, whole process',
    `${median(starts).toFixed(2)} s`,
    '≤ 3 s',
    median(starts) <= 3,
  );
  await removeSmall();
};
