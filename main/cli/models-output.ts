import { basename } from 'node:path';
import type {
  Comparison,
  Download,
  Execution,
  ModelInfo,
  ModelsList,
  Offer,
  Trial,
  UpgradeReport,
} from '../../app/contract/index.ts';
import { print } from '../terminal.ts';
import { counted, duration, left, percent, size, table } from './output.ts';

const speed = (photosPerSecond: number | null): string =>
  photosPerSecond === null ? 'not measured yet' : `${photosPerSecond.toFixed(1)} photos/s here`;

const SOURCES = { shipped: 'comes with Afterimage', installed: 'downloaded', folder: 'in a folder of yours' } as const;

const modelLines = (model: ModelInfo): string[] => [
  `${model.active ? '*' : ' '} ${model.catalogue ?? model.name}  ${model.id}`,
  `    ${String(model.dimension)} dimensions, ${counted(model.photos, 'photo')} embedded, ${speed(model.photosPerSecond)}`,
  `    ${SOURCES[model.source]}, ${size(model.bytes)}${model.licence === null ? '' : `, ${model.licence.spdx}`}`,
];

const offerLines = ({ id, name, bytes, languages, licence, purpose, slot }: Offer): string[] => [
  `  ${id}  ${name}${slot === 'default' ? ' (the one to take unless something speaks for another)' : ''}`,
  `    ${bytes === null ? '' : `${size(bytes)}, `}${languages}, ${licence.spdx}`,
  `    ${purpose}`,
];

/** How far a download is, for one line. */
export const downloadLine = ({ id, state, done, total, bytesPerSecond, secondsLeft, problem }: Download): string => {
  const part = `${id}: ${size(done)} of ${size(total)}`;
  switch (state) {
    case 'running':
      return `${part}${bytesPerSecond === null ? '' : `, ${size(bytesPerSecond)}/s`}${left(secondsLeft)}`;
    case 'paused':
      return `${part}, paused`;
    case 'failed':
      return `${part}, failed: ${problem ?? 'the reason is not known.'}`;
  }
};

export const printModels = ({ models, offers, downloads, execution }: ModelsList): void => {
  print('Models here (* is in use):', ...models.flatMap(modelLines));
  if (execution !== null) print(`  Runs on ${execution.provider}: ${execution.reason}`);
  const news = offers.filter(({ installed }) => installed === null);
  if (news.length > 0) print('', '“afterimage models add <id>” downloads:', ...news.flatMap(offerLines));
  if (downloads.length > 0) print('', 'Downloads:', ...downloads.map((download) => `  ${downloadLine(download)}`));
};

/** What a map is worth, and who answers from now on. */
export const bridgeLine = ({ outcome, anchors, retention, seconds }: UpgradeReport, name: string): string => {
  const kept =
    retention === null ? 'it could not be measured' : `it keeps ${percent(retention)} of the ten nearest photos`;
  const map = `A map was fitted to ${counted(anchors, 'photo')} in ${duration(seconds)}: ${kept}.`;
  switch (outcome) {
    case 'mapped':
      return `${map} ${name} answers through it from now on.`;
    case 'below-floor':
      return `${map} That is too little: the old model answers until ${name} has seen all photos.`;
    case 'same-space':
      return `${name} sees photos as the old model does: none has to be embedded anew. It answers from now on.`;
    case 'embedded':
      return `${name} has seen all photos. It answers from now on.`;
  }
};

/** Two lists side by side, best first. @param width columns of the terminal */
export const printComparison = ({ sides }: Comparison, width = 100): void => {
  const room = Math.max(20, Math.floor((width - 3) / 2));
  const fit = (text: string): string => (text.length > room ? `${text.slice(0, room - 1)}…` : text.padEnd(room));
  const columns = sides.map(({ model, results }) => [
    model.name,
    ...results.map(({ match, path }) => `${percent(match).padStart(5)}  ${basename(path)}`),
  ]);
  const rows = Math.max(...columns.map((column) => column.length));
  for (let row = 0; row < rows; row++)
    print(
      columns
        .map((column) => fit(column[row] ?? ''))
        .join(' | ')
        .trimEnd(),
    );
  for (const { model, notes } of sides) for (const note of notes) print(`${model.name}: ${note}`);
};

const trialRow = ({ provider, graph, state, cosine, photosPerSecond, reason }: Trial): string[] => [
  provider,
  graph === 'half' ? 'half precision' : 'full precision',
  state,
  cosine === null ? '' : `cosine ${cosine.toFixed(4)}`,
  photosPerSecond === null ? '' : `${photosPerSecond.toFixed(1)} photos/s`,
  reason,
];

export const printExecution = ({
  provider,
  batch,
  processes,
  threads,
  photosPerSecond,
  reason,
  trials,
}: Execution): void => {
  print(`Runs on ${provider}: ${reason}`);
  print(
    `${counted(processes, 'process', 'processes')} with ${counted(threads, 'thread')}, ${counted(batch, 'photo')} at a time, ${speed(photosPerSecond)}`,
  );
  if (trials.length > 0) print(...table(trials.map(trialRow), 'left'));
};
