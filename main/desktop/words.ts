import type { Rest } from '../../app/contract/index.ts';

const rests: Readonly<Record<Rest, string>> = {
  battery: 'Paused on battery',
  heat: 'Paused until it is cooler',
  turns: 'Slowed down while it is warm',
};

/** What the system's own parts of the application say: menus, dialogs, notifications. The one place to translate them. */
export const words = {
  file: 'File',
  edit: 'Edit',
  view: 'View',
  search: 'Search',
  library: 'Library',
  window: 'Window',
  help: 'Help',
  addFolder: 'Add a Folder…',
  lookForPhotos: 'Look for New Photos',
  foldersAndSettings: 'Folders and Settings…',
  models: 'Models…',
  duplicates: 'Find Duplicates…',
  find: 'Find',
  clearSearch: 'Clear Search',
  keys: 'Keys',
  showLog: 'Show the Log',
  startAtLogin: 'Start at Login',
  showTray: 'Show in the Notification Area',
  pauseOnBattery: 'Pause Indexing on Battery',
  notify: 'Notify When Long Work Is Done',
  about: 'About Afterimage',
  aboutText: (version: string) => `Afterimage ${version}\n\nEverything stays on this computer.`,
  showWindow: 'Show Afterimage',
  pauseIndexing: 'Pause Indexing',
  resumeIndexing: 'Resume Indexing',
  quit: 'Quit Afterimage',
  upToDate: 'Everything is up to date',
  indexing: (done: number, total: number) => `Indexing: ${done.toLocaleString()} of ${total.toLocaleString()}`,
  indexingPaused: (why: Rest | null, done: number, total: number) =>
    `${why === null ? 'Paused' : rests[why]}: ${done.toLocaleString()} of ${total.toLocaleString()}`,
  lookingForPhotos: 'Looking for photos…',
  indexed: 'Your photos are ready to be searched',
  indexedDetail: (count: number, minutes: number) =>
    `${count.toLocaleString()} ${count === 1 ? 'file was' : 'files were'} looked at in ${minutes.toLocaleString()} ${minutes === 1 ? 'minute' : 'minutes'}.`,
  downloaded: 'The model is here',
  downloadedDetail: (minutes: number) =>
    `It was downloaded in ${minutes.toLocaleString()} ${minutes === 1 ? 'minute' : 'minutes'}.`,
  cancel: 'Cancel',
  ok: 'OK',
  cannotOpen: (what: string) => `Afterimage cannot open ${what}.`,
  thatLink: 'that link',
  noSandbox: 'Afterimage was started with --no-sandbox: its window is less protected than it should be.',
  openInBrowser: 'Open in the Browser',
  openAddress: (host: string) => `Open a page of “${host}” in your browser?`,
  cannotStart: 'Afterimage cannot start',
  engineEnds: 'Afterimage keeps stopping',
  engineEndsDetail: (times: number, minutes: number) =>
    `The part that reads and finds your photos ended ${times} times within ${minutes} minutes and was not started again. Nothing that was indexed is lost.`,
  pageEnds: 'The window keeps closing',
  pageEndsDetail: (times: number, minutes: number) =>
    `What draws the window ended ${times} times within ${minutes} minutes and was not started again. Your library is safe.`,
  tryAgain: 'Try Again',
  showReport: 'Show the Report',
  updateReady: 'A newer Afterimage is ready. It takes the place of this one when you quit.',
} as const;
