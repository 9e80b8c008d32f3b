import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { arch, cpus, homedir, platform, release, version } from 'node:os';
import { join } from 'node:path';
import { env } from 'onnxruntime-node';
import { readTextBounded } from '../base/read.ts';
import { cudaLibrary } from './providers.ts';

/**
 * Stands for this computer as a runner of models: its system, processor, drivers and ONNX Runtime, as far as they show without
 * loading a driver. What was measured on one is not to be believed on another.
 */
export const deviceKey = async (): Promise<string> => {
  const facts = [platform(), arch(), release(), version(), cpus()[0]?.model ?? '', JSON.stringify(env.versions)];
  if (platform() === 'linux') facts.push(...(await linuxFacts()));
  return createHash('sha256').update(facts.join('\n')).digest('hex');
};

const linuxFacts = async (): Promise<string[]> => {
  const chosen = Object.entries(process.env).filter(([name]) => name.startsWith('VK_') || name === 'LD_LIBRARY_PATH');
  const icdFolders = ['/usr/share', '/usr/local/share', '/etc', join(homedir(), '.local/share')].map((folder) =>
    join(folder, 'vulkan/icd.d'),
  );
  const named = [process.env.VK_ICD_FILENAMES, process.env.VK_DRIVER_FILES].flatMap((list) => list?.split(':') ?? []);
  const icds = [...named, ...(await Promise.all(icdFolders.map(inFolder))).flat()];
  const cards = (await inFolder('/sys/class/drm')).filter((path) => /card\d+$/u.test(path));
  const read = await Promise.all([
    contents('/proc/driver/nvidia/version'),
    ...icds.map(contents),
    // The index of the libraries that the system has: what a driver lacked may have come.
    ...[...icds, cudaLibrary(), '/etc/ld.so.cache'].map(stamp),
    ...cards.flatMap((card) => ['vendor', 'device'].map((fact) => contents(join(card, 'device', fact)))),
  ]);
  return [...chosen.map(([name, value = '']) => `${name}=${value}`).toSorted(), ...read];
};

const inFolder = async (folder: string): Promise<string[]> =>
  (await readdir(folder).catch(() => [])).toSorted().map((name) => join(folder, name));

/** Descriptions of drivers have some hundred bytes. */
const MAX_BYTES = 1e6;

const contents = (path: string): Promise<string> => readTextBounded(path, { maxBytes: MAX_BYTES }).catch(() => '');

const stamp = async (path: string): Promise<string> => {
  const entry = await stat(path).catch(() => null);
  return entry === null ? '' : `${path} ${entry.size} ${entry.mtimeMs}`;
};
