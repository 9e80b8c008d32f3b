import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Has everything that tests start keep a person's data in a folder of its own, for as long as they run. */
export const setup = async (): Promise<() => Promise<void>> => {
  const data = await mkdtemp(join(tmpdir(), 'afterimage-data-'));
  // The third tells that a test has not said otherwise.
  for (const name of ['XDG_DATA_HOME', 'LOCALAPPDATA', 'AFTERIMAGE_DATA_OF_TESTS']) process.env[name] = data;
  return () => rm(data, { recursive: true, force: true, maxRetries: 5 });
};
