import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Has everything that tests start keep a person's data in a folder of its own, for as long as they run. */
export const setup = async (): Promise<() => Promise<void>> => {
  const data = await mkdtemp(join(tmpdir(), 'afterimage-data-'));
  process.env.XDG_DATA_HOME = data;
  process.env.LOCALAPPDATA = data;
  return () => rm(data, { recursive: true, force: true, maxRetries: 5 });
};
