/** What is known when something ended too often: numbers and fixed words, no path, no query, no memory. */
export interface Ending {
  readonly what: 'engine' | 'window';
  readonly at: Date;
  /** In words of the system: `crashed`, `oom`, `code 1`. */
  readonly reason: string;
}

export interface Machine {
  readonly version: string;
  readonly electron: string;
  readonly chromium: string;
  readonly platform: string;
  readonly arch: string;
  readonly release: string;
  readonly memoryGB: number;
}

/** A page that a person can read, and send to somebody without having to look it through first. */
export const describeEndings = (endings: readonly Ending[], machine: Machine): string =>
  [
    `Afterimage ${machine.version}`,
    `Electron ${machine.electron}, Chromium ${machine.chromium}`,
    `${machine.platform} ${machine.release} (${machine.arch}), ${machine.memoryGB} GB of memory`,
    '',
    ...endings.map(({ what, at, reason }) => `${at.toISOString()}  The ${what} ended: ${reason}`),
    '',
    'This report holds no names of files or folders, nothing you searched for, and nothing of your photos.',
    'It stays on this computer unless you send it to somebody.',
    '',
  ].join('\n');
