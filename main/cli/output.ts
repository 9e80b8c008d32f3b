import type {
  Evaluation,
  IndexReport,
  Notice,
  Progress,
  Root,
  SearchOutput,
  Status,
  Upgrade,
} from '../../app/contract/index.ts';
import { videosNotice } from '../../app/media/ffmpeg.ts';
import { print } from '../terminal.ts';

/** `1 photo`, `12 photos`. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${String(count)} ${count === 1 ? one : many}`;

/** `3.4 GB`, `12.0 MB`, `5.0 kB`. */
export const size = (bytes: number): string => {
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(1)} GB`;
  return bytes >= 1e6 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e3).toFixed(1)} kB`;
};

/** `1 h 5 min`, `3 min`, `20 s`. */
export const duration = (seconds: number): string => {
  if (seconds < 60) return `${String(Math.ceil(seconds))} s`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 60) return `${String(minutes)} min`;
  const rest = minutes % 60 === 0 ? '' : ` ${String(minutes % 60)} min`;
  return `${String(Math.floor(minutes / 60))} h${rest}`;
};

/** `, about 3 min left`; nothing when that is not known. */
export const left = (seconds: number | null): string => (seconds === null ? '' : `, about ${duration(seconds)} left`);

/** `62 %` of a share from 0 to 1. */
export const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;

export const progressLine = (progress: Progress): string => {
  if (progress.paused) return `paused at ${String(progress.done)} of ${String(progress.total)}`;
  switch (progress.phase) {
    case 'idle':
      return '';
    case 'scanning':
      return `looking through folders: ${counted(progress.found, 'picture')}`;
    case 'indexing': {
      const rate = progress.photosPerSecond === null ? '' : `, ${progress.photosPerSecond.toFixed(1)} photos/s`;
      return `${String(progress.done)} of ${String(progress.total)} photos${rate}${left(progress.secondsLeft)}`;
    }
    case 'finishing':
      return 'finishing';
  }
};

/** How a change of models stands, for one line. */
export const upgradeLine = ({ from, to, phase, done, total, secondsLeft, retention }: Upgrade): string => {
  const part = `${String(done)} of ${counted(total, 'photo')}`;
  switch (phase) {
    case 'anchors':
      return total === 0
        ? `finding out how ${to.name} runs fastest on this computer`
        : `${to.name} looks at some photos to learn from: ${part}${left(secondsLeft)}`;
    case 'fitting':
      return `fitting the map from ${from.name} to ${to.name}`;
    case 'mapped':
      return `${to.name} answers${retention === null ? '' : ` through a map that keeps ${percent(retention)} of the nearest photos`}; it has seen ${part}`;
    case 'embedding':
      return `${from.name} answers until ${to.name} has seen all photos: ${part}`;
    case 'done':
      return `${to.name} has seen ${done === total ? 'all photos' : `${part}, which are all that it can see now`}; what ${from.name} saw is kept until “afterimage models remove ${from.id}”`;
  }
};

/** Counts that are worth a word only when there is something to count. */
const rarities = ({ moved, copied, metadataOnly, offline, onlineOnly }: IndexReport): string[] =>
  [
    [moved, 'moved'] as const,
    [copied, 'known already'] as const,
    [metadataOnly, 'with new metadata'] as const,
    [offline, 'offline'] as const,
    [onlineOnly, 'only online'] as const,
  ].flatMap(([count, what]) => (count > 0 ? `${String(count)} ${what}, ` : []));

/** What the program says, and below it the command that helps. */
const noticeLines = ({ message, command }: Pick<Notice, 'message' | 'command'>, indent: string): string[] => [
  message,
  ...(command === null ? [] : [`${indent}${command}`]),
];

export const reportLines = (report: IndexReport): string[] => [
  `${String(report.indexed)} indexed, ${String(report.unchanged)} unchanged, ${rarities(report).join('')}${String(report.removed)} gone, ${String(report.failed)} failed in ${duration(report.seconds)}` +
    (report.indexed > 0 ? ` (${report.photosPerSecond.toFixed(1)} photos/s)` : ''),
  ...report.failures.map(({ path, message }) => `  ${JSON.stringify(path)}: ${message}`),
  ...report.offlineFolders.map(
    (path) =>
      `  ${JSON.stringify(path)} cannot be reached; its photos stay in the library. If it was moved, “afterimage roots relink” follows it.`,
  ),
  ...report.waitingFolders.map(
    (path) =>
      `  ${JSON.stringify(path)} was not looked at: you have not approved it, or another folder lies there now. Its photos stay in the library. If it is yours, “afterimage roots add” approves it.`,
  ),
  ...(report.unreadVideos > 0 ? noticeLines(videosNotice(report.unreadVideos), '  ') : []),
  ...(report.postponed > 0
    ? [`${counted(report.postponed, 'file is', 'files are')} still being written. Index again when that is done.`]
    : []),
  ...(report.cancelled ? ['Stopped before the end. Index again to go on where it stopped.'] : []),
];

export const printReport = (report: IndexReport): void => {
  print(...reportLines(report));
};

/** Marks of results that were found by their words, and of those past the divider “weaker matches”. */
const [LITERAL, WEAK] = ['=', '~'];

export const printResults = (
  { results, total, literal, sure, notes, tookMs }: SearchOutput,
  unknownWords: readonly string[],
): void => {
  const marks = new Set<string>();
  for (const [index, { id, match, path, literal: isLiteral }] of results.entries()) {
    const mark = isLiteral ? LITERAL : index >= literal + sure && match < 0.5 ? WEAK : ' ';
    marks.add(mark);
    print(`${(100 * match).toFixed(0).padStart(3)} % ${mark} ${id}  ${path}`);
  }
  print(`${String(results.length)} of ${counted(total, 'photo')}, ${tookMs.toFixed(0)} ms`);
  if (marks.has(LITERAL)) print(`${LITERAL} has the words in its name, title, description or keywords`);
  if (marks.has(WEAK)) print(`${WEAK} weaker match`);
  for (const note of notes) print(note);
  if (unknownWords.length > 0) print(`The model does not understand: ${unknownWords.join(', ')}`);
};

const watchedAs = ({ watching, follow }: Root): string => {
  if (watching === 'events') return 'changes are noticed at once';
  if (watching !== null) return `scanned every ${duration(watching)}`;
  return follow === 'manual' ? 'scanned when asked' : 'followed while Afterimage is open';
};

/** A folder in a line: how many photos it has, what is done about it, and what of it is missing. */
export const rootLine = (root: Root): string =>
  [
    `${root.path}: ${counted(root.photos, 'photo')}`,
    root.state === 'offline' ? 'not reachable now' : root.paused ? 'paused' : watchedAs(root),
    ...(root.movedTo === null ? [] : [`moved to ${root.movedTo}?`]),
    ...(root.onlineOnly === 0 ? [] : [`${counted(root.onlineOnly, 'file')} only online`]),
    ...(root.excludes.length === 0 ? [] : [`without ${root.excludes.join(' ')}`]),
  ].join(', ');

export const printStatus = ({
  version,
  library,
  roots,
  model,
  modelProblem,
  upgrade,
  notices,
  progress,
}: Status): void => {
  print(`Afterimage ${version}`);
  print(
    `Library  ${library.directory}: ${counted(library.photos, 'photo')}, ${counted(library.failed, 'file')} refused${library.incomplete > 0 ? `, ${String(library.incomplete)} indexed without a part of what describes them` : ''}`,
  );
  print(
    `Model    ${model === null ? (modelProblem ?? 'none yet: index a folder, or use “afterimage models use starter”') : `${model.name} (${model.kind}), ${counted(model.photos, 'photo')} embedded`}`,
  );
  if (upgrade !== null) print(`Upgrade  ${upgradeLine(upgrade)}`);
  for (const root of roots) print(`Folder   ${rootLine(root)}`);
  for (const notice of notices) {
    const [message = '', ...command] = noticeLines(notice, '         ');
    print(`Notice   ${message}`, ...command);
  }
  if (progress.phase !== 'idle') print(`Working  ${progressLine(progress)}`);
};

const fixed = (value: number): string => value.toFixed(3);

/** Lines of a table; the first column to the left, the others to the right, as befits numbers, unless said otherwise. */
export const table = (rows: readonly (readonly string[])[], side: 'left' | 'right' = 'right'): string[] => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row.map((cell, column) =>
        column === 0 || side === 'left' ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      ),
    )
    .map((row) => row.join('  ').trimEnd());
};

type Composed = NonNullable<Evaluation['composed']>;

/** mAP by kind of query, one row per name. */
const composedTable = (title: string, rows: readonly (readonly [name: string, composed: Composed])[]): string[] => {
  const kinds = [...new Set(rows.flatMap(([, composed]) => Object.keys(composed)))];
  return table([
    [title, ...kinds],
    ...rows.map(([name, composed]) => [name, ...kinds.map((kind) => fixed(composed[kind]?.mAP ?? 0))]),
  ]);
};

/** Each table as its lines. */
const tablesOf = (evaluation: Evaluation): string[][] => {
  const { textToImage, imageToText, photos, captions, composed, calibration, fitted, operators, refinements } =
    evaluation;
  const retrieval = [
    ['', 'R@1', 'R@5', 'R@10', 'median rank', 'mAP'],
    ...(
      [
        ['text → image', textToImage],
        ['image → text', imageToText],
      ] as const
    ).map(([name, row]) => [
      name,
      fixed(row.r1),
      fixed(row.r5),
      fixed(row.r10),
      row.medianRank.toFixed(1),
      fixed(row.mAP),
    ]),
  ];
  return [
    [`${String(photos)} photos, ${String(captions)} captions`, ...table(retrieval)],
    ...(composed === undefined
      ? []
      : [
          table([
            ['composed', 'mAP', 'queries'],
            ...Object.entries(composed).map(([kind, { mAP, n }]) => [kind, fixed(mAP), String(n)]),
          ]),
        ]),
    ...(calibration === undefined
      ? []
      : [
          [
            `Calibration error of match ${fixed(calibration.ece)}; of the base rate ${fixed(calibration.baseRate)}, ${fixed(calibration.baseRateEce)}`,
          ],
        ]),
    ...(fitted === undefined
      ? []
      : [[`Fitted match: even odds at ${fixed(fitted.middle)}, slope ${fixed(fitted.slope)}`]]),
    ...(operators === undefined ? [] : [composedTable('operator', Object.entries(operators))]),
    ...(refinements === undefined
      ? []
      : [
          composedTable(
            'refinement (* in use)',
            refinements.map((row) => [`${row.chosen ? '*' : ' '} ${row.name}`, row.composed]),
          ),
          table([
            ['refinement', 'R@1', 'R@10', 'mAP'],
            ...refinements.map(({ name, textToImage: row }) => [name, fixed(row.r1), fixed(row.r10), fixed(row.mAP)]),
          ]),
        ]),
  ];
};

export const printEvaluation = (evaluation: Evaluation): void => {
  for (const [index, lines] of tablesOf(evaluation).entries()) print(...(index === 0 ? [] : ['']), ...lines);
};
