import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AfterimageError } from '../../app/contract/index.ts';

interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isPackaged: boolean;
  /** Where a package keeps what lies beside the application. */
  readonly resources: string;
}

/**
 * The Node that the engine and its workers run on: a plain one that a package brings along, or the one that started a
 * checkout. Electron's own will not do: on Linux it shares symbols with sharp and crashes, and a package switches it off.
 *
 * @see docs/decisions/0026-one-node-for-the-engine.md
 * @returns undefined for Electron's own, in a checkout elsewhere than on Linux that was started without `npm start`
 * @throws AfterimageError `internal` when there is none to run on
 */
export const plainNode = ({ platform, env, isPackaged, resources }: Surroundings): string | undefined => {
  if (!isPackaged) {
    const given = env.AFTERIMAGE_NODE;
    if (given === undefined && platform === 'linux')
      throw new AfterimageError('internal', 'In a checkout, start Afterimage with “npm start”.');
    return given;
  }
  const node = join(resources, 'node', platform === 'win32' ? 'node.exe' : 'node');
  if (!existsSync(node))
    throw new AfterimageError('internal', 'A part of Afterimage is missing on this computer. Install it again.');
  return node;
};
