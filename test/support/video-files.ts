import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findFfmpeg } from '../../app/media/ffmpeg.ts';

/** The programs that videos are made and read with; null where they are not installed, and what needs them is skipped. */
export const videoPrograms = await findFfmpeg();

/** @throws when ffmpeg fails or is not installed */
export const ffmpeg = async (...options: readonly string[]): Promise<void> => {
  if (videoPrograms === null) throw new Error('ffmpeg is not installed.');
  await promisify(execFile)(videoPrograms.ffmpeg, ['-nostdin', '-v', 'error', '-y', ...options]);
};

export interface Scene {
  /** As ffmpeg names it, or a source of pictures such as `testsrc2`. */
  readonly shows: string;
  readonly seconds: number;
}

/** Pictures per second; every tenth is a key frame. */
const RATE = 10;

/**
 * Writes a video of plain colours or test pictures, one after the other, with a key frame each second.
 *
 * @param options of ffmpeg for the output: codec, tags, …
 */
export const writeVideo = async (
  path: string,
  scenes: readonly Scene[],
  options: readonly string[] = ['-c:v', 'libx264'],
  size = '320x180',
): Promise<void> => {
  const inputs = scenes.flatMap(({ shows, seconds }) => {
    const source = shows.startsWith('testsrc') ? `${shows}=` : `color=${shows}:`;
    return ['-f', 'lavfi', '-i', `${source}s=${size}:d=${String(seconds)}:r=${String(RATE)}`];
  });
  const joined = scenes.map((_, index) => `[${String(index)}]format=yuv420p[v${String(index)}]`);
  const all = scenes.map((_, index) => `[v${String(index)}]`).join('');
  const graph = [...joined, `${all}concat=n=${String(scenes.length)}`].join(';');
  const keys = ['-g', String(RATE), '-keyint_min', String(RATE), '-sc_threshold', '0'];
  await ffmpeg(...inputs, '-filter_complex', graph, ...keys, '-pix_fmt', 'yuv420p', ...options, path);
};

/** Two seconds each of red, green and blue. */
export const redGreenBlue: readonly Scene[] = ['red', 'lime', 'blue'].map((shows) => ({ shows, seconds: 2 }));
