import { z } from 'zod';

const count = z.int().nonnegative();

/** Numbers of a vector: several times what any published model has. */
export const MAX_DIMENSION = 8192;
const dimension = z.int().positive().max(MAX_DIMENSION);

/** Where a graph runs: ONNX Runtime's execution providers that this program uses. */
export const providerSchema = z.enum(['cpu', 'cuda', 'webgpu', 'dml', 'coreml']);
export type Provider = z.infer<typeof providerSchema>;

/** What came of trying a provider on this machine, with golden pictures, in a process of its own. */
const trialSchema = z.object({
  provider: providerSchema,
  /** The image graph as it is, or in half precision. */
  graph: z.enum(['full', 'half']),
  state: z.enum(['chosen', 'accepted', 'refused', 'unavailable']),
  /** For the person: "cosine 0.94 to the CPU", "there is no adapter". */
  reason: z.string(),
  /** Least cosine to the vectors that the CPU gives of the golden pictures. */
  cosine: z.number().nullable(),
  photosPerSecond: z.number().nonnegative().nullable(),
});
export type Trial = z.infer<typeof trialSchema>;

/** How a model runs on this machine. */
export const executionSchema = z.object({
  provider: providerSchema,
  graph: z.enum(['full', 'half']),
  /** Pictures per run, processes, and threads of each. */
  batch: z.int().positive(),
  processes: z.int().positive(),
  threads: z.int().positive(),
  /** Of the image tower alone, as measured; null where it has not been. */
  photosPerSecond: z.number().nonnegative().nullable(),
  /** Why it is this provider, for the person. */
  reason: z.string(),
  trials: z.array(trialSchema),
});
export type Execution = z.infer<typeof executionSchema>;

const licenceSchema = z.object({
  /** SPDX identifier. */
  spdx: z.string(),
  name: z.string(),
  url: z.string(),
  /** What else the person should know: who converted it, what part has other terms. */
  notice: z.string().nullable(),
});
export type Licence = z.infer<typeof licenceSchema>;

export const modelInfoSchema = z.object({
  id: z.string(),
  name: z.string(),
  /** The starter model ships with the program and knows colour, light, texture and layout words only. */
  kind: z.enum(['starter', 'full']),
  layout: z.enum(['transformers', 'immich']),
  dimension,
  /** Photos of the library that have a vector of this model. */
  photos: count,
  active: z.boolean(),
  /** Ships with the program; was downloaded or unpacked by it; or lies in a folder of the person's. */
  source: z.enum(['shipped', 'installed', 'folder']),
  /** Entry of the catalogue that it is; null for others. */
  catalogue: z.string().nullable(),
  licence: licenceSchema.nullable(),
  /** Of its files on disk. */
  bytes: count,
  /** Of the image tower on this machine; null until it has been measured. */
  photosPerSecond: z.number().nonnegative().nullable(),
  /** Folder, for display, of a model that the library names and the person has not approved; null for those that may be loaded. */
  awaiting: z.string().nullable(),
});
export type ModelInfo = z.infer<typeof modelInfoSchema>;

/** A download of a model; those that are whole are models. */
export const downloadSchema = z.object({
  /** Entry of the catalogue. */
  id: z.string(),
  /** What is there of a paused or failed one is kept. */
  state: z.enum(['running', 'paused', 'failed']),
  /** Bytes. */
  done: count,
  total: count,
  bytesPerSecond: z.number().nonnegative().nullable(),
  secondsLeft: z.number().nonnegative().nullable(),
  /** Why it failed, and what to do; null for others. */
  problem: z.string().nullable(),
});
export type Download = z.infer<typeof downloadSchema>;

/** A model that can be downloaded. */
const offerSchema = z.object({
  /** Short, fit for a command line. */
  id: z.string(),
  name: z.string(),
  /** What it is good at, in a sentence. */
  purpose: z.string(),
  /** `default`: the one to take unless something speaks for another. */
  slot: z.enum(['default', 'small', 'fast', 'multilingual', 'best']),
  /** For the person: "English", "about 100 languages". */
  languages: z.string(),
  dimension,
  /** To be downloaded; null where the hub has not told yet. */
  bytes: count.nullable(),
  licence: licenceSchema,
  /** Published figures, in percent; null where none was published. */
  figures: z.object({
    imagenet: z.number().nullable(),
    cocoTextToImage: z.number().nullable(),
    flickrTextToImage: z.number().nullable(),
    xm3600TextToImage: z.number().nullable(),
  }),
  /** Id of the model once it is there. */
  installed: z.string().nullable(),
});
export type Offer = z.infer<typeof offerSchema>;

const named = z.object({ id: z.string(), name: z.string() });

/** The change from one model to another. */
export const upgradeSchema = z.object({
  from: named,
  to: named,
  /**
   * `anchors`: some photos are embedded with both models. `fitting`: the map between their spaces is fitted. `mapped`: the
   * new model answers, through the map where it has not seen a photo itself. `embedding`: the map is not good enough, so the
   * old model answers until the new one has seen all photos. `done`: the new one has seen all that it can; the old vectors
   * are kept.
   */
  phase: z.enum(['anchors', 'fitting', 'mapped', 'embedding', 'done']),
  /** Photos that the new model has seen, of those that this phase is about. */
  done: count,
  total: count,
  photosPerSecond: z.number().nonnegative().nullable(),
  secondsLeft: z.number().nonnegative().nullable(),
  /** Photos that the map was fitted to. */
  anchors: count,
  /** Overlap of the ten nearest among held-out photos with those in the new space itself, from 0 to 1; null before it is measured. */
  retention: z.number().min(0).max(1).nullable(),
});
export type Upgrade = z.infer<typeof upgradeSchema>;

export const upgradeReportSchema = z.object({
  /**
   * `mapped`: the new model answers through the map. `same-space`: both see photos alike, nothing had to be mapped.
   * `below-floor`: the map is too poor, the old model goes on answering. `embedded`: the new model has seen all photos.
   */
  outcome: z.enum(['mapped', 'same-space', 'below-floor', 'embedded']),
  anchors: count,
  retention: z.number().min(0).max(1).nullable(),
  seconds: z.number().nonnegative(),
  dimOld: dimension,
  dimNew: dimension,
});
export type UpgradeReport = z.infer<typeof upgradeReportSchema>;

export const modelsListSchema = z.object({
  models: z.array(modelInfoSchema),
  offers: z.array(offerSchema),
  downloads: z.array(downloadSchema),
  /** How the model in use runs here; null while none is in use or nothing has been tried yet. */
  execution: executionSchema.nullable(),
});
export type ModelsList = z.infer<typeof modelsListSchema>;

/** What a person may ask the image tower to run on. */
export const providerChoiceSchema = z.enum(['auto', ...providerSchema.options]);
export type ProviderChoice = z.infer<typeof providerChoiceSchema>;
