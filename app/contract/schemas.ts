import { z } from 'zod';

const count = z.int().nonnegative();
/** Identifier of a photo: 16 hexadecimal digits, stable from first sight. */
export const photoIdSchema = z.string().regex(/^[0-9a-f]{16}$/u);
const opaqueToken = z.string().min(1).max(128);

/** Why one photo could not be indexed; the rest goes on. */
export const failureKindSchema = z.enum([
  'empty',
  'truncated',
  'not-an-image',
  'unsupported',
  'too-large',
  'unreadable',
  'not-a-file',
  'vanished',
  'disk-full',
  'crashed',
]);
export type FailureKind = z.infer<typeof failureKindSchema>;

export const failureSchema = z.object({ path: z.string(), kind: failureKindSchema, message: z.string() });
export type Failure = z.infer<typeof failureSchema>;

export const rootSchema = z.object({
  id: z.string(),
  /** Where the folder is, for display. */
  path: z.string(),
  state: z.enum(['ready', 'offline']),
  photos: count,
});
export type Root = z.infer<typeof rootSchema>;

export const modelInfoSchema = z.object({
  id: z.string(),
  name: z.string(),
  /** The starter model ships with the program and knows colour, light, texture and layout words only. */
  kind: z.enum(['starter', 'full']),
  layout: z.enum(['transformers', 'immich']),
  dimension: z.int().positive(),
  /** Vectors this model already has in the library. */
  photos: count,
  active: z.boolean(),
});
export type ModelInfo = z.infer<typeof modelInfoSchema>;

export const progressSchema = z.object({
  phase: z.enum(['idle', 'scanning', 'indexing', 'finishing']),
  paused: z.boolean(),
  /** Files seen by the scan so far. */
  found: count,
  /** Files that need work, and those of them that are done (failed ones included). */
  total: count,
  done: count,
  failed: count,
  /** Over the last seconds of unpaused work; null until there is something to say. */
  photosPerSecond: z.number().nonnegative().nullable(),
  secondsLeft: z.number().nonnegative().nullable(),
  /** Folder or file being worked on, for display. */
  current: z.string().nullable(),
});
export type Progress = z.infer<typeof progressSchema>;

export const indexReportSchema = z.object({
  indexed: count,
  unchanged: count,
  failed: count,
  removed: count,
  seconds: z.number().nonnegative(),
  photosPerSecond: z.number().nonnegative(),
  failures: z.array(failureSchema),
  /** Folders that could not be read; their photos stay. */
  offline: z.array(z.string()),
  cancelled: z.boolean(),
});
export type IndexReport = z.infer<typeof indexReportSchema>;

export const statusSchema = z.object({
  version: z.string(),
  library: z.object({ name: z.string(), directory: z.string(), photos: count, failed: count }),
  roots: z.array(rootSchema),
  /** Null until a model has been chosen (first start). */
  model: modelInfoSchema.nullable(),
  /** Why the model that the library names cannot be used; null when it can, or none is named. */
  modelProblem: z.string().nullable(),
  progress: progressSchema,
});
export type Status = z.infer<typeof statusSchema>;

/** A photo in a grid: what is needed to lay it out, nothing more. */
const photoCellSchema = z.object({ id: photoIdSchema, width: z.int().positive(), height: z.int().positive() });
export type PhotoCell = z.infer<typeof photoCellSchema>;

export const photoPageSchema = z.object({ total: count, photos: z.array(photoCellSchema) });

const resultSchema = photoCellSchema.extend({
  path: z.string(),
  /** The mode's own score; comparable within one answer only. */
  score: z.number(),
  /** How sure we are that the photo shows what is asked, in [0, 1]. */
  match: z.number().min(0).max(1),
});
export type Result = z.infer<typeof resultSchema>;

export const searchInputSchema = z.object({
  /** The query language: words, `photo:<id>`, `image:<token>`. */
  query: z.string().max(4000),
  limit: z.int().min(1).max(100_000).default(200),
  offset: count.default(0),
});
export const searchOutputSchema = z.object({
  tookMs: z.number().nonnegative(),
  /** Photos that satisfy the filters. */
  total: count,
  results: z.array(resultSchema),
});
export type SearchOutput = z.infer<typeof searchOutputSchema>;

/** Where and how a photo was taken, as far as its file says. */
export const metadataSchema = z.object({
  /** Milliseconds since 1970, UTC. */
  takenAt: z.number().nullable(),
  /** Where `takenAt` comes from. */
  takenAtSource: z.enum(['exif', 'file']),
  camera: z.string().nullable(),
  lens: z.string().nullable(),
  /** For example `1/250 s · f/2.8 · ISO 100 · 35 mm`. */
  exposure: z.string().nullable(),
  latitude: z.number().min(-90).max(90).nullable(),
  longitude: z.number().min(-180).max(180).nullable(),
  rating: z.int().min(0).max(5).nullable(),
  keywords: z.array(z.string()),
  title: z.string().nullable(),
  description: z.string().nullable(),
});
export type Metadata = z.infer<typeof metadataSchema>;

export const photoDetailsSchema = photoCellSchema.extend({
  mime: z.string(),
  /** Every place the photo was seen, for display. */
  files: z.array(
    z.object({ path: z.string(), bytes: count, /** Milliseconds since 1970, UTC. */ modifiedAt: z.number() }),
  ),
  metadata: metadataSchema,
});
export type PhotoDetails = z.infer<typeof photoDetailsSchema>;

export const pictureSchema = z.object({ token: opaqueToken, width: z.int().positive(), height: z.int().positive() });
export type Picture = z.infer<typeof pictureSchema>;

export const checkSchema = z.object({
  name: z.string(),
  state: z.enum(['ok', 'warning', 'error']),
  message: z.string(),
});
export type Check = z.infer<typeof checkSchema>;

const retrievalSchema = z.object({
  r1: z.number(),
  r5: z.number(),
  r10: z.number(),
  medianRank: z.number(),
  mAP: z.number(),
});
export type Retrieval = z.infer<typeof retrievalSchema>;
export const evaluationSchema = z.object({
  textToImage: retrievalSchema,
  imageToText: retrievalSchema,
  photos: count,
  captions: count,
});
export type Evaluation = z.infer<typeof evaluationSchema>;

/** A folder that a host shows for choosing; the token stands for a path that never leaves the host. */
const folderSchema = z.object({ token: opaqueToken, name: z.string() });
export type Folder = z.infer<typeof folderSchema>;
export const folderListSchema = z.object({
  here: folderSchema.extend({ path: z.string() }),
  parent: folderSchema.nullable(),
  folders: z.array(folderSchema),
  /** Pictures lying directly in the folder, to see that it is the right one. */
  pictures: count,
});
export type FolderList = z.infer<typeof folderListSchema>;
