import { z } from 'zod';
import { failureSchema } from './failures.ts';
import { modelInfoSchema, providerChoiceSchema, upgradeSchema } from './models.ts';

const count = z.int().nonnegative();
/** Identifier of a photo: 16 hexadecimal digits, stable from first sight. */
export const photoIdSchema = z.string().regex(/^[0-9a-f]{16}$/u);
const opaqueToken = z.string().min(1).max(128);

/** How a folder is kept up to date: by its own events, by the clock, or only when asked. */
export const followSchema = z.enum(['watch', 'hourly', 'daily', 'manual']);
export type Follow = z.infer<typeof followSchema>;

/** Characters of one rule, rules for one folder, and characters of those together: each costs time for every file. */
export const EXCLUSION_LENGTH = 200;
export const MOST_EXCLUSIONS = 200;
export const MOST_EXCLUSION_CHARACTERS = 4000;
/** A glob rule for folders and files that are left out, relative to the root: `Trash`, `2019/*.png`. */
const exclusionSchema = z.string().trim().min(1).max(EXCLUSION_LENGTH);
const exclusionsSchema = z.array(exclusionSchema).max(MOST_EXCLUSIONS);

export const rootSchema = z.object({
  id: z.string(),
  /** Where the folder is, for display. */
  path: z.string(),
  /** `waiting`: the library names it, but the person has not approved it: it is not even looked at. */
  state: z.enum(['ready', 'offline', 'waiting']),
  photos: count,
  /** Left alone until it is resumed; its photos stay searchable. */
  paused: z.boolean(),
  excludes: exclusionsSchema,
  follow: followSchema,
  /** Whether changes are told by the system right now, or looked for every so many seconds; null: neither. */
  watching: z.union([z.literal('events'), z.number().positive()]).nullable(),
  /** Files whose content a cloud service has not brought to this computer: they are not fetched by scanning. */
  onlineOnly: count,
  /** Where a folder that is gone seems to be now, for display; null when it is in its place or was not found. */
  movedTo: z.string().nullable(),
});
export type Root = z.infer<typeof rootSchema>;

/** What a person should know and can do something about; it stands until it no longer holds. */
const noticeSchema = z.object({
  kind: z.enum(['watching', 'moved', 'online-only', 'videos', 'repaired', 'broken-off', 'approval']),
  rootId: z.string().nullable(),
  /** What is the matter, and the remedy. */
  message: z.string(),
  /** A command that helps, to be copied. */
  command: z.string().nullable(),
});
export type Notice = z.infer<typeof noticeSchema>;

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

/** Why a host lets indexing rest, or go on by turns only, without a person having said so. */
export const restSchema = z.enum(['battery', 'heat', 'turns']);
export type Rest = z.infer<typeof restSchema>;

export const indexReportSchema = z.object({
  /** Photos that were decoded and embedded. */
  indexed: count,
  unchanged: count,
  /** Files of known photos under a new path: renamed, moved, or moved to another volume. */
  moved: count,
  /** Files with the content of known photos beside those: copies, and photos that came back. */
  copied: count,
  /** Photos whose file says something else of them now, while the picture is the same. */
  metadataOnly: count,
  /** Files that are gone; what is known of their photos is kept for the grace period. */
  removed: count,
  /** Photos in folders that cannot be reached: they stay. */
  offline: count,
  failed: count,
  seconds: z.number().nonnegative(),
  photosPerSecond: z.number().nonnegative(),
  failures: z.array(failureSchema),
  /** Folders that could not be read. */
  offlineFolders: z.array(z.string()),
  /** Folders that were not looked at because the person has yet to approve them; their photos count as `offline`. */
  waitingFolders: z.array(z.string()),
  /** Files that only a cloud service has. */
  onlineOnly: count,
  /** Videos that were left out because ffmpeg, which reads them, is not installed. */
  unreadVideos: count,
  /** Files that somebody was still writing: a later run finds them. */
  postponed: count,
  cancelled: z.boolean(),
});
export type IndexReport = z.infer<typeof indexReportSchema>;

/** What a library that was not made here would do, if the person approves it; for display. */
const awaitingSchema = z.object({
  /** Folders that it would watch. */
  folders: z.array(z.string()),
  /** Models that it would load. */
  models: z.array(z.object({ name: z.string(), directory: z.string() })),
});
export type Awaiting = z.infer<typeof awaitingSchema>;

export const statusSchema = z.object({
  version: z.string(),
  library: z.object({
    name: z.string(),
    directory: z.string(),
    photos: count,
    /** Files that could not be indexed. */
    failed: count,
    /** Files that are indexed without a part of what describes them. */
    incomplete: count,
  }),
  /** Null once the library is approved; until then nothing in it is opened, and the rest of this says nothing. */
  awaiting: awaitingSchema.nullable(),
  roots: z.array(rootSchema),
  /** Null until a model has been chosen (first start). */
  model: modelInfoSchema.nullable(),
  /** Why the model that the library names cannot be used; null when it can, or none is named. */
  modelProblem: z.string().nullable(),
  /** The change from another model; it stands until the old vectors are let go. */
  upgrade: upgradeSchema.nullable(),
  notices: z.array(noticeSchema),
  progress: progressSchema,
});
export type Status = z.infer<typeof statusSchema>;

/** A photo in a grid: what is needed to lay it out, nothing more. */
const photoCellSchema = z.object({
  id: photoIdSchema,
  width: z.int().positive(),
  height: z.int().positive(),
  /** None of its files can be reached now. */
  offline: z.boolean(),
  favourite: z.boolean(),
  /** Length of a video; null for a picture. */
  seconds: z.number().nonnegative().nullable(),
});
export type PhotoCell = z.infer<typeof photoCellSchema>;

export const photoPageSchema = z.object({ total: count, photos: z.array(photoCellSchema) });

/** Probability in [0, 1]. */
const probability = z.number().min(0).max(1);

/** A logistic curve of the level of a similarity: even odds at `middle`, steeper for a greater `slope`. */
export const curveSchema = z.object({ middle: z.number(), slope: z.number().positive() });
export type Curve = z.infer<typeof curveSchema>;

const fraction = z.number().min(0).max(1);
/** Part of a photo in fractions of the upright picture: 0 ≤ x, 0 ≤ y, 0 < w ≤ 1 − x, 0 < h ≤ 1 − y. */
export const regionSchema = z.object({ x: fraction, y: fraction, w: fraction, h: fraction }).readonly();
export type Region = z.infer<typeof regionSchema>;

const resultSchema = photoCellSchema.extend({
  path: z.string(),
  /** The mode's own score; comparable within one answer only. */
  score: z.number(),
  /** How sure we are that the photo shows what is asked. */
  match: probability,
  /** Whether the words of the query stand in the photo's file name, title, description or keywords. */
  literal: z.boolean(),
  /** One per term: what it adds to the score (negative: takes away), and the probability that it is in the photo. */
  why: z.array(z.object({ share: z.number(), match: probability })),
  /** The second of a video that fits best; null for a picture. */
  at: z.number().nonnegative().nullable(),
});
export type Result = z.infer<typeof resultSchema>;

/** In the query language: see docs/query-language.md. */
export const queryTextSchema = z.string().max(8000, 'A query takes at most 8,000 characters.');

/** Bins of `searchOutput.histogram`. */
export const HISTOGRAM_BINS = 48;

export const searchInputSchema = z.object({
  query: queryTextSchema,
  limit: z.int().min(0).max(100_000).default(200),
  offset: count.default(0),
});
export const searchOutputSchema = z.object({
  tookMs: z.number().nonnegative(),
  /** The query as it was understood, in its own language; its terms are those of `why`, in order. */
  query: z.string(),
  /** Photos in the list: those that satisfy filters, tolerance and required terms. */
  total: count,
  /** Photos that satisfy the filters, whatever the tolerance. */
  candidates: count,
  /** How many photos of the list lead it because the words were found literally. */
  literal: count,
  /** Photos of the list after the literal ones that match (`match` ≥ ½): the divider “weaker matches” stands after them. */
  sure: count,
  /**
   * Photos by how well they fit, in equal bins from 0 to 1: the least probability over the required terms, or over the
   * wanted ones when none is required. A tolerance ε keeps what lies at or above 1 − ε. Without wanted terms, by `match`.
   */
  histogram: z.array(count).length(HISTOGRAM_BINS),
  /** What the person should know about this query; the answer stands nevertheless. */
  notes: z.array(z.string()),
  results: z.array(resultSchema),
});
export type SearchOutput = z.infer<typeof searchOutputSchema>;

/** One query answered by two models, in the order in which they were named. */
export const comparisonSchema = z.object({
  sides: z.array(searchOutputSchema.extend({ model: z.object({ id: z.string(), name: z.string() }) })).length(2),
});
export type Comparison = z.infer<typeof comparisonSchema>;

/** Where and how a photo was taken, as far as its file says. */
export const metadataSchema = z.object({
  /** Milliseconds since 1970, UTC. */
  takenAt: z.number().nullable(),
  /** Where `takenAt` comes from; the last two are fallbacks: the name of the file, and when it was last written. */
  takenAtSource: z.enum(['exif', 'xmp', 'takeout', 'video', 'name', 'file']),
  /** Minutes that the clock where it was taken was ahead of UTC; null when nothing says so. */
  takenAtOffset: z.int().min(-1440).max(1440).nullable(),
  camera: z.string().nullable(),
  lens: z.string().nullable(),
  /** For example `1/250 s · f/2.8 · ISO 100 · 35 mm`. */
  exposure: z.string().nullable(),
  iso: z.number().nullable(),
  /** The f-number. */
  aperture: z.number().nullable(),
  exposureSeconds: z.number().nullable(),
  /** Of the lens as it was set, in millimetres. */
  focalLength: z.number().nullable(),
  latitude: z.number().min(-90).max(90).nullable(),
  longitude: z.number().min(-180).max(180).nullable(),
  rating: z.int().min(0).max(5).nullable(),
  keywords: z.array(z.string()),
  title: z.string().nullable(),
  description: z.string().nullable(),
});
export type Metadata = z.infer<typeof metadataSchema>;

const ratingSchema = z.int().min(0).max(5);
/** What the person says of a photo; nothing of it is derived, and all of it can be exported. */
export const markSchema = z.object({
  favourite: z.boolean(),
  /** Goes before the rating in the file; null leaves that one standing. */
  rating: ratingSchema.nullable(),
  /** Left out of the library and of results unless asked for. */
  hidden: z.boolean(),
});
export type Mark = z.infer<typeof markSchema>;

export const settingsSchema = z.object({
  /** Glob rules for every folder. */
  excludes: exclusionsSchema,
  /** Days that the data of photos whose files are gone is kept. */
  graceDays: z.int().min(0).max(3650),
  /** What image towers run on; `auto`: the fastest that gives the CPU's answers. */
  provider: providerChoiceSchema,
});
export type Settings = z.infer<typeof settingsSchema>;

/**
 * How photos are alike. `exact`: the same picture in several files. `same-shot`: the same moment, saved or edited again, or
 * taken in a burst. `similar`: they merely look alike.
 */
export const likenessSchema = z.enum(['exact', 'same-shot', 'similar']);
export type Likeness = z.infer<typeof likenessSchema>;

/** One file of a group of duplicates. */
const duplicateSchema = photoCellSchema.extend({
  fileId: z.string(),
  /** For display. */
  path: z.string(),
  bytes: count,
  takenAt: z.number().nullable(),
  /** Of the reduced picture; comparable within a group only. */
  sharpness: z.number().nonnegative(),
  /** Suggested to be kept: one of a group, and raw data that would go with another. */
  keep: z.boolean(),
});
export type Duplicate = z.infer<typeof duplicateSchema>;
export const duplicateGroupsSchema = z.object({
  total: count,
  /** Best reasons to look first: the most bytes that could be freed. */
  groups: z.array(z.object({ files: z.array(duplicateSchema).min(2) })),
});
export type DuplicateGroups = z.infer<typeof duplicateGroupsSchema>;

export const photoDetailsSchema = photoCellSchema.extend({
  mime: z.string(),
  /** Every place the photo was seen, for display. */
  files: z.array(
    z.object({
      id: z.string(),
      path: z.string(),
      bytes: count,
      /** Milliseconds since 1970, UTC. */
      modifiedAt: z.number(),
      offline: z.boolean(),
      /** What a file is that belongs to another of the same shot: its raw data, or its moving part. */
      companion: z.enum(['raw', 'live']).nullable(),
    }),
  ),
  metadata: metadataSchema,
  mark: markSchema,
  /** Words of the vocabulary that the model sees in the photo, surest first: guesses, unlike keywords. */
  tags: z.array(z.string()),
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
const composedSchema = z.record(z.string(), z.object({ mAP: z.number(), n: count }));
const calibrationSchema = z.object({
  /** Expected calibration error of `match` over the 100 best photos of each query, in ten equal bins. */
  ece: z.number(),
  /** The same of a constant: the share of relevant photos among all pairs of query and photo. */
  baseRateEce: z.number(),
  baseRate: z.number(),
  bins: z.array(z.object({ match: z.number(), relevant: z.number(), n: count })),
});
export const evaluationSchema = z.object({
  textToImage: retrievalSchema,
  imageToText: retrievalSchema,
  photos: count,
  captions: count,
  /** By kind of query, with the product's defaults. */
  composed: composedSchema.exactOptional(),
  calibration: calibrationSchema.exactOptional(),
  /** The logistic curve of `match` that the captions ask for, now the library's own for this model. */
  fitted: curveSchema.exactOptional(),
  /** By operator, then by kind of query; `mix` is plain vector arithmetic. */
  operators: z.record(z.string(), composedSchema).exactOptional(),
  /** What each refinement of the columns is worth; the product's choice is marked. */
  refinements: z
    .array(z.object({ name: z.string(), chosen: z.boolean(), textToImage: retrievalSchema, composed: composedSchema }))
    .exactOptional(),
});
export type Evaluation = z.infer<typeof evaluationSchema>;

/** Composed queries with the files that answer them. */
export const suiteSchema = z.array(
  z.object({
    kind: z.string(),
    /** In the query language; `photo:` may name a file. */
    query: z.string(),
    /** Names of the files that answer it. */
    relevant: z.array(z.string()),
  }),
);

/** A search that was given a name: a smart album. */
export const savedSearchSchema = z.object({
  id: z.string().min(1).max(64),
  name: z.string().trim().min(1).max(120),
  query: queryTextSchema.min(1),
});
export type SavedSearch = z.infer<typeof savedSearchSchema>;
export const searchesSchema = z.object({
  saved: z.array(savedSearchSchema).max(10_000),
  /** Queries, newest first. */
  recent: z.array(queryTextSchema).max(1000),
});
export type Searches = z.infer<typeof searchesSchema>;

/** A value of a field and how many photos have it. */
const valueCountSchema = z.object({ value: z.string(), photos: count });
export const valueCountsSchema = z.object({ values: z.array(valueCountSchema) });
export type ValueCount = z.infer<typeof valueCountSchema>;

/** A folder that a host shows for choosing; the token stands for a path that never leaves the host. */
const folderSchema = z.object({ token: opaqueToken, name: z.string() });
export type Folder = z.infer<typeof folderSchema>;
export const folderListSchema = z.object({
  here: folderSchema.extend({ path: z.string() }),
  parent: folderSchema.nullable(),
  folders: z.array(folderSchema).max(5000),
  /** Pictures lying directly in the folder, to see that it is the right one. */
  pictures: count,
  /** Whether these are all; a folder with very many entries is not read to its end. */
  isWhole: z.boolean(),
});
export type FolderList = z.infer<typeof folderListSchema>;
