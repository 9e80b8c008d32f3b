import type { Download, ModelInfo, Offer, Provider, Upgrade, UpgradeReport } from '../app/contract/index.ts';
import { formatBytes, formatNumber, formatPercent, formatTimeLeft } from './format.ts';

/** Execution providers as their makers write them. */
export const providerNames: Readonly<Record<Provider, string>> = {
  cpu: 'CPU',
  cuda: 'CUDA',
  webgpu: 'WebGPU',
  dml: 'DirectML',
  coreml: 'CoreML',
};

export const nameOfModel = ({ kind, name }: Pick<ModelInfo, 'kind' | 'name'>): string =>
  kind === 'starter' ? 'Starter model' : name;

/** What a model is good at: the catalogue's words, where it is in the catalogue. */
export const purposeOf = (model: ModelInfo, offers: readonly Offer[]): string => {
  if (model.kind === 'starter')
    return 'Ready at once. Finds colours, light, textures and layout (“red sunset”, “foggy”, “black and white”) and photos that look alike. It does not know the names of things, people or actions.';
  return (
    offers.find(({ id }) => id === model.catalogue)?.purpose ??
    'Finds what is in your photos: things, people, places and what is going on, in your own words, and photos that look alike.'
  );
};

const formatPace = (rate: number): string => (rate < 9.95 ? rate.toFixed(1) : formatNumber(Math.round(rate)));

/** `0.4 photos a second`, `120 photos a second`. */
export const formatRate = (photosPerSecond: number): string => `${formatPace(photosPerSecond)} photos a second`;

/** How often it is right, in a sentence; null where nothing that can be said so was published. */
export const describeQuality = ({ figures }: Offer): string | null =>
  figures.cocoTextToImage === null
    ? null
    : `Picks the right one of 5,000 photos at the first try for ${formatNumber(Math.round(figures.cocoTextToImage))} of 100 descriptions.`;

/** The published figures by name, those that there are. */
export const figuresOf = ({ figures }: Offer): readonly (readonly [name: string, percent: string])[] => {
  const rows: readonly (readonly [string, number | null])[] = [
    ['COCO, text to image, first of 5,000', figures.cocoTextToImage],
    ['Flickr30k, text to image, first of 1,000', figures.flickrTextToImage],
    ['XM3600, the same in 36 languages', figures.xm3600TextToImage],
    ['ImageNet, naming what is shown', figures.imagenet],
  ];
  return rows.flatMap(([name, value]) => (value === null ? [] : [[name, `${value.toFixed(1)} %`] as const]));
};

/** How far a download is: `210 MB of 663 MB · 12 MB a second · about 40 seconds left`. */
export const describeDownload = ({ state, done, total, bytesPerSecond, secondsLeft }: Download): string => {
  const parts = [total > 0 ? `${formatBytes(done)} of ${formatBytes(total)}` : formatBytes(done)];
  if (state === 'running' && bytesPerSecond !== null) parts.push(`${formatBytes(bytesPerSecond)} a second`);
  if (state === 'running' && secondsLeft !== null) parts.push(`${formatTimeLeft(secondsLeft)} left`);
  if (state === 'paused') parts.push('paused');
  return parts.join(' · ');
};

/** How far the photos of an upgrade's phase are: `120 of 400 photos · 12 a second · about a minute left`. */
export const describeSeen = ({ phase, done, total, photosPerSecond, secondsLeft }: Upgrade): string =>
  phase === 'anchors' && total === 0
    ? 'Finding out how it runs fastest on this computer'
    : [
        `${formatNumber(done)} of ${formatNumber(total)} photos`,
        ...(photosPerSecond === null || photosPerSecond === 0 ? [] : [`${formatPace(photosPerSecond)} a second`]),
        ...(secondsLeft === null || done >= total ? [] : [`${formatTimeLeft(secondsLeft)} left`]),
      ].join(' · ');

/** What a measured retention means. */
export const describeRetention = (retention: number, to: string): string =>
  `About ${Math.round(retention * 10)} of the 10 nearest photos are already those that ${to} will choose itself (${formatPercent(retention)} measured).`;

/** What came of changing to a model, in a sentence. */
export const describeOutcome = ({ outcome }: UpgradeReport, to: string): string => {
  switch (outcome) {
    case 'mapped':
      return `${to} answers your searches now. It looks at the rest of your photos meanwhile.`;
    case 'same-space':
      return `${to} answers your searches now. It sees photos just as the model before did: none has to be looked at again.`;
    case 'below-floor':
      return `${to} looks at your photos now. Until it has seen all of them, the model before goes on answering.`;
    case 'embedded':
      return `${to} answers your searches now. It had seen all of your photos already.`;
  }
};
