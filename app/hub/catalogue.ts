import { z } from 'zod';
import { readJsonBounded } from '../base/read.ts';
import { AfterimageError, MAX_DIMENSION } from '../contract/index.ts';

/** A path inside a repository and inside the model's folder: forward slashes, nothing hidden, nothing above. */
export const innerPathSchema = z
  .string()
  .max(500)
  .regex(/^\w[\w.-]*(\/\w[\w.-]*)*$/u);
export const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/u);

const termsSchema = z.strictObject({
  name: z.string().max(300),
  url: z.url({ protocol: /^https$/u }).max(1000),
  /** A sentence that is shown with the model. */
  notice: z.string().max(2000),
});

export const licenceSchema = termsSchema.extend({
  /** Licences that forbid use in a product cannot be offered. */
  spdx: z.enum(['MIT', 'Apache-2.0']),
  /** Terms that some read into the tokenizer's file. */
  tokenizer: termsSchema.nullable(),
});

const percent = z.number().min(0).max(100).nullable();

const entrySchema = z.strictObject({
  /** What a person types, and the name of the folder. */
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/u),
  name: z.string(),
  slot: z.enum(['default', 'small', 'multilingual', 'fast', 'best']),
  goodAt: z.string(),
  languages: z.enum(['english', 'multilingual']),
  repository: z.string().regex(/^[\w.-]+\/[\w.-]+$/u),
  /** A commit: what it names never changes. */
  revision: z.string().regex(/^[0-9a-f]{40}$/u),
  layout: z.enum(['transformers', 'immich']),
  dimension: z.int().positive().max(MAX_DIMENSION),
  /** What cosines are multiplied with before a softmax or sigmoid, and what is then added; null where nobody knows. */
  logitScale: z.number().positive().nullable(),
  logitBias: z.number().nullable(),
  licence: licenceSchema,
  /** Published for the unreduced weights, in percent: zero-shot accuracy, and recall of text to image at 1. */
  figures: z.strictObject({ imagenet: percent, cocoTextToImage: percent, flickrTextToImage: percent, xm3600: percent }),
  /** Null where only the hub says it: it is believed once, then pinned beside the model. */
  files: z
    .array(
      z.strictObject({ path: innerPathSchema, bytes: z.int().positive().nullable(), sha256: sha256Schema.nullable() }),
    )
    .nonempty(),
});
export type CatalogueEntry = Readonly<z.infer<typeof entrySchema>>;

const catalogueSchema = z
  .strictObject({ version: z.literal(1), entries: z.array(entrySchema) })
  .refine(
    ({ entries }) => new Set(entries.map(({ id }) => id)).size === entries.length,
    'Two entries have the same id.',
  );

const MAX_CATALOGUE_BYTES = 4 * 2 ** 20;

/** @throws AfterimageError `internal` when the file, which ships with the program, is missing or damaged */
export const readCatalogue = async (path: string): Promise<readonly CatalogueEntry[]> => {
  try {
    return (await readJsonBounded(path, catalogueSchema, { maxBytes: MAX_CATALOGUE_BYTES })).entries;
  } catch (error) {
    throw new AfterimageError('internal', `${path} is damaged or missing. Install the program again.`, {
      cause: error,
    });
  }
};

/** @param name an entry's id, or what it is there for, as in `default`. @throws AfterimageError `not-found` */
export const findEntry = (entries: readonly CatalogueEntry[], name: string): CatalogueEntry => {
  const entry = entries.find(({ id }) => id === name) ?? entries.find(({ slot }) => slot === name);
  if (entry !== undefined) return entry;
  const offered = entries.map(({ id }) => id).join(', ');
  throw new AfterimageError('not-found', `The catalogue has no model “${name}”. It offers ${offered}.`);
};

/** Bytes of all files whose size is known: all but a few kilobytes of settings. */
export const downloadBytes = (entry: CatalogueEntry): number =>
  entry.files.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0);
