import type { Evaluation, IndexReport, Progress, SearchOutput, Status } from '../../app/contract/index.ts';

export const print = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

export const printJson = (value: unknown): void => {
  print(JSON.stringify(value));
};

/** `1 h 5 min`, `3 min`, `20 s`. */
const duration = (seconds: number): string => {
  if (seconds < 60) return `${String(Math.ceil(seconds))} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 60 ? `${String(minutes)} min` : `${String(Math.floor(minutes / 60))} h ${String(minutes % 60)} min`;
};

export const progressLine = (progress: Progress): string => {
  if (progress.paused) return `paused at ${String(progress.done)} of ${String(progress.total)}`;
  switch (progress.phase) {
    case 'idle':
      return '';
    case 'scanning':
      return `looking through folders: ${String(progress.found)} pictures`;
    case 'indexing': {
      const rate = progress.photosPerSecond === null ? '' : `, ${progress.photosPerSecond.toFixed(1)} photos/s`;
      const left = progress.secondsLeft === null ? '' : `, about ${duration(progress.secondsLeft)} left`;
      return `${String(progress.done)} of ${String(progress.total)} photos${rate}${left}`;
    }
    case 'finishing':
      return 'finishing';
  }
};

const reportLines = (report: IndexReport): string[] => [
  `${String(report.indexed)} indexed, ${String(report.unchanged)} unchanged, ${String(report.removed)} gone, ${String(report.failed)} failed in ${duration(report.seconds)}` +
    (report.indexed > 0 ? ` (${report.photosPerSecond.toFixed(1)} photos/s)` : ''),
  ...report.failures.map(({ path, message }) => `  ${JSON.stringify(path)}: ${message}`),
  ...report.offline.map((path) => `  ${JSON.stringify(path)} cannot be reached; its photos stay in the library.`),
  ...(report.cancelled ? ['Stopped before the end. Index again to go on where it stopped.'] : []),
];

export const printReport = (report: IndexReport): void => {
  print(reportLines(report).join('\n'));
};

export const printResults = ({ results, total, tookMs }: SearchOutput): void => {
  for (const { id, match, path } of results) print(`${(100 * match).toFixed(0).padStart(3)} %  ${id}  ${path}`);
  print(`${String(results.length)} of ${String(total)} photos, ${tookMs.toFixed(0)} ms`);
};

export const printStatus = ({ version, library, roots, model, modelProblem, progress }: Status): void => {
  print(`Afterimage ${version}`);
  print(`Library  ${library.directory}: ${String(library.photos)} photos, ${String(library.failed)} files refused`);
  print(
    `Model    ${model === null ? (modelProblem ?? 'none yet: index a folder, or use “afterimage models use starter”') : `${model.name} (${model.kind}), ${String(model.photos)} photos embedded`}`,
  );
  for (const root of roots)
    print(
      `Folder   ${root.path}: ${String(root.photos)} photos${root.state === 'offline' ? ', not reachable now' : ''}`,
    );
  if (progress.phase !== 'idle') print(`Working  ${progressLine(progress)}`);
};

export const printEvaluation = ({ textToImage, imageToText, photos, captions }: Evaluation): void => {
  print(`${String(photos)} photos, ${String(captions)} captions`);
  print('                R@1    R@5    R@10   median rank   mAP');
  for (const [name, row] of [
    ['text → image', textToImage],
    ['image → text', imageToText],
  ] as const) {
    print(
      `${name}   ${row.r1.toFixed(3)}  ${row.r5.toFixed(3)}  ${row.r10.toFixed(3)}  ${row.medianRank.toFixed(1).padStart(8)}      ${row.mAP.toFixed(3)}`,
    );
  }
};
