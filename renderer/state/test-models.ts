import type { ModelInfo, ModelsList, Offer, Status } from '../../app/contract/index.ts';

/** For tests: an ordinary model that has seen the whole library. */
export const modelInfo = (id: string, more: Partial<ModelInfo> = {}): ModelInfo => ({
  id,
  name: id,
  kind: 'full',
  layout: 'transformers',
  dimension: 512,
  photos: 10,
  active: false,
  source: 'folder',
  catalogue: null,
  licence: null,
  bytes: 1000,
  photosPerSecond: null,
  awaiting: null,
  ...more,
});

/** For tests: an entry of the catalogue. */
export const offer = (id: string, more: Partial<Offer> = {}): Offer => ({
  id,
  name: id,
  purpose: 'Finds things.',
  slot: 'default',
  languages: 'English',
  dimension: 512,
  bytes: 1000,
  licence: { spdx: 'MIT', name: 'MIT License', url: 'https://example.org', notice: null },
  figures: { imagenet: null, cocoTextToImage: null, flickrTextToImage: null, xm3600TextToImage: null },
  installed: null,
  ...more,
});

/** For tests: what there is of models. */
export const modelsList = (more: Partial<ModelsList> = {}): ModelsList => ({
  models: [],
  offers: [],
  downloads: [],
  execution: null,
  ...more,
});

/** For tests: a library of ten photos at rest. */
export const libraryStatus = (more: Partial<Status> = {}): Status => ({
  version: '0.1.0',
  library: { name: 'main', directory: '/library', photos: 10, failed: 0, incomplete: 0 },
  awaiting: null,
  roots: [],
  notices: [],
  model: null,
  modelProblem: null,
  upgrade: null,
  progress: {
    phase: 'idle',
    paused: false,
    found: 0,
    total: 0,
    done: 0,
    failed: 0,
    photosPerSecond: null,
    secondsLeft: null,
    current: null,
  },
  ...more,
});
