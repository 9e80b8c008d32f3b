import { homedir } from 'node:os';
import { join } from 'node:path';
import { findProgram, pathFolders, type Program } from '../base/programs.ts';
import type { Notice } from '../contract/index.ts';

/** The programs that read videos. */
export interface VideoPrograms {
  readonly ffmpeg: Program;
  readonly ffprobe: Program;
}

/** Where installers put programs: those that are started from a desktop often see less of the path than a terminal does. */
const usualPlaces = (environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): readonly string[] => {
  if (platform !== 'win32')
    return [
      '/usr/local/bin',
      '/usr/bin',
      '/opt/homebrew/bin',
      '/opt/local/bin',
      '/snap/bin',
      join(homedir(), '.local/bin'),
    ];
  const { LOCALAPPDATA = '', ProgramFiles = '', USERPROFILE = '' } = environment;
  return [
    join(LOCALAPPDATA, 'Microsoft/WinGet/Links'),
    join(USERPROFILE, 'scoop/shims'),
    join(ProgramFiles, 'ffmpeg/bin'),
  ];
};

/**
 * Looks for ffmpeg and ffprobe, side by side in one folder; nothing is started.
 *
 * @returns null when they are not installed, or only where other users may change them
 */
export const findFfmpeg = async (
  environment = process.env,
  platform = process.platform,
): Promise<VideoPrograms | null> => {
  const folders = [...pathFolders(environment), ...usualPlaces(environment, platform)];
  const suffix = platform === 'win32' ? '.exe' : '';
  for (const folder of new Set(folders)) {
    const find = (name: string): Promise<Program | null> =>
      findProgram([join(folder, `${name}${suffix}`)], environment, platform);
    const [ffmpeg, ffprobe] = [await find('ffmpeg'), await find('ffprobe')];
    if (ffmpeg !== null && ffprobe !== null) return { ffmpeg, ffprobe };
  }
  return null;
};

/** What is said of a single video that nothing here can read. */
export const NEEDS_FFMPEG =
  'Videos are read by ffmpeg, which is not installed, or only where other users may change it. Install it and scan again.';

const installCommand = (platform: NodeJS.Platform): string => {
  switch (platform) {
    case 'win32':
      return 'winget install Gyan.FFmpeg';
    case 'darwin':
      return 'brew install ffmpeg';
    default:
      return 'sudo apt install ffmpeg';
  }
};

/** What is said of videos that are left out because nothing here can read them: once, not per file. */
export const videosNotice = (count: number, platform = process.platform): Notice => ({
  kind: 'videos',
  rootId: null,
  message: `${count === 1 ? 'One video is' : `${count.toLocaleString('en')} videos are`} not searchable: ffmpeg is not installed, or only where other users may change it. Install it and scan again.`,
  command: installCommand(platform),
});
