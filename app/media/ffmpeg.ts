import { access, constants } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';
import type { Notice } from '../contract/index.ts';

/** Paths of the programs that read videos. */
export interface VideoPrograms {
  readonly ffmpeg: string;
  readonly ffprobe: string;
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
  const { LOCALAPPDATA = '', ProgramData = '', ProgramFiles = '', USERPROFILE = '' } = environment;
  return [
    join(LOCALAPPDATA, 'Microsoft/WinGet/Links'),
    join(ProgramData, 'chocolatey/bin'),
    join(USERPROFILE, 'scoop/shims'),
    join(ProgramFiles, 'ffmpeg/bin'),
    'C:/ffmpeg/bin',
  ];
};

/** Looks for ffmpeg and ffprobe, side by side in one folder; nothing is started. @returns null when they are not installed */
export const findFfmpeg = async (
  environment = process.env,
  platform = process.platform,
): Promise<VideoPrograms | null> => {
  // A relative entry of the path would run whatever lies in the folder we happen to be in.
  const folders = [...(environment.PATH ?? '').split(delimiter), ...usualPlaces(environment, platform)].filter(
    isAbsolute,
  );
  const suffix = platform === 'win32' ? '.exe' : '';
  for (const folder of new Set(folders)) {
    const programs = { ffmpeg: join(folder, `ffmpeg${suffix}`), ffprobe: join(folder, `ffprobe${suffix}`) };
    try {
      for (const path of Object.values(programs)) await access(path, constants.X_OK);
      return programs;
    } catch {
      // Not here.
    }
  }
  return null;
};

/** What is said of a single video that nothing here can read. */
export const NEEDS_FFMPEG = 'Videos are read by ffmpeg, which is not installed. Install it and scan again.';

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
  message: `${count === 1 ? 'One video is' : `${count.toLocaleString('en')} videos are`} not searchable: ffmpeg is not installed. Install it and scan again.`,
  command: installCommand(platform),
});
