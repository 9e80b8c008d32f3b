import { z } from 'zod';
import { errorDataSchema, failureKindSchema, metadataSchema, regionSchema } from '../contract/index.ts';
import { modelSchema } from './model.ts';
import { seatSchema } from './placement.ts';

const id = z.int().nonnegative();
const size = z.int().positive();
const hash = z.string().length(64);
const vectors = z.instanceof(Float32Array<ArrayBuffer>);

/** The one message a worker process is started with. */
export const initSchema = z.discriminatedUnion('role', [
  /** `library` is the folder that thumbnails and views are written to. */
  z.object({ role: z.literal('images'), model: modelSchema, ...seatSchema.shape, library: z.string() }),
  z.object({ role: z.literal('probe'), model: modelSchema, ...seatSchema.shape }),
  z.object({ role: z.literal('text'), model: modelSchema, threads: size }),
  /** `maxBytes`: memory that the process may hold. */
  z.object({ role: z.literal('vet'), model: modelSchema, threads: size, maxBytes: size }),
]);
export type Init = z.infer<typeof initSchema>;

const taskSchema = z.discriminatedUnion('kind', [
  /** `sidecars` are paths of files that describe it; `describe` asks for what they say even of a known photo. */
  z.object({ kind: z.literal('photo'), path: z.string(), sidecars: z.array(z.string()), describe: z.boolean() }),
  /** With a region, only that part of the picture. */
  z.object({ kind: z.literal('picture'), path: z.string(), region: regionSchema.optional() }),
  /** With a second, what the video shows then. */
  z.object({
    kind: z.literal('view'),
    path: z.string(),
    target: z.string(),
    longEdge: z.int().positive(),
    at: z.number().nonnegative().optional(),
  }),
  z.object({ kind: z.literal('texts'), texts: z.array(z.string()) }),
  /** So many golden pictures a run, for so many milliseconds. */
  z.object({ kind: z.literal('probe'), batch: size, ms: z.number() }),
]);
export type Task = z.infer<typeof taskSchema>;

/** A picture as it decodes; asked for when its bytes alone do not tell which photo it is. */
const lookSchema = z.object({ pixelHash: hash, width: size, height: size });
const questionSchema = z.object({ contentHash: hash, look: lookSchema.nullable() });
/** What a worker knows of the photo in hand. */
export type Question = Readonly<z.infer<typeof questionSchema>>;

const identifiedSchema = z.object({
  /** Null while only a look at the picture can tell. */
  photoId: z.string().nullable(),
  need: z.enum(['everything', 'description', 'nothing']),
});
/** Which photo it is, and what of it is needed. */
export type Identified = Readonly<z.infer<typeof identifiedSchema>>;

/** What memory is wanted for: a file as it lies on the disk, or what it takes to decode it. */
const wantSchema = z.enum(['file', 'picture']);
export type Want = z.infer<typeof wantSchema>;

/** What a task does: it waits for bytes of a file, or it works. */
const stepSchema = z.enum(['read', 'work']);
export type Step = z.infer<typeof stepSchema>;

/** What a task may ask and tell the process that gave it. */
export interface TaskHost {
  readonly identify: (question: Question) => Promise<Identified>;
  /** Waits until so many bytes may be taken. They are given back when the task ends. */
  readonly takeMemory: (want: Want, bytes: number) => Promise<void>;
  /** The task gets on, and its time begins anew. @param units how many times its limit this step may take; 1 by default */
  readonly begin: (step: Step, units?: number) => void;
}

/** What goes to a worker. */
export const orderSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('task'), id, task: taskSchema }),
  z.object({ type: z.literal('identified'), id, identified: identifiedSchema }),
  /** The memory that the task asked for is its own. */
  z.object({ type: z.literal('granted'), id }),
]);
export type Order = z.infer<typeof orderSchema>;

/** Which of its sources of metadata were not read, and why; for the person. */
const leftOut = z.string().nullable();
const resultSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('known'), photoId: z.string(), contentHash: hash }),
  z.object({
    kind: z.literal('embedded'),
    photoId: z.string(),
    contentHash: hash,
    pixelHash: hash,
    width: size,
    height: size,
    mime: z.string(),
    metadata: metadataSchema,
    leftOut,
    phash: z.string().nullable(),
    sharpness: z.number().nullable(),
    seconds: z.number().nullable(),
    /** A picture has one; a video one for each moment that differs, in order, with its second. */
    frames: z.array(z.object({ at: z.number().nullable(), vector: vectors })).min(1),
  }),
  /** The picture is known; what its files say of it may have changed. */
  z.object({ kind: z.literal('described'), photoId: z.string(), contentHash: hash, metadata: metadataSchema, leftOut }),
  z.object({ kind: z.literal('failed'), failure: failureKindSchema, message: z.string() }),
  z.object({ kind: z.literal('picture'), width: size, height: size, vector: vectors }),
  z.object({ kind: z.literal('viewed') }),
  z.object({ kind: z.literal('vectors'), vectors }),
  /** Row `i` is the vector of golden picture `i` modulo their number. */
  z.object({ kind: z.literal('probed'), vectors, batch: size, photosPerSecond: z.number() }),
]);
export type Result = z.infer<typeof resultSchema>;

/** What a worker answers. */
export const replySchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  /** It cannot work at all, and says why before it ends. */
  z.object({ type: z.literal('broken'), error: errorDataSchema }),
  z.object({ type: z.literal('identify'), id, question: questionSchema }),
  z.object({ type: z.literal('take'), id, want: wantSchema, bytes: z.number().nonnegative() }),
  z.object({ type: z.literal('begin'), id, step: stepSchema, units: size }),
  z.object({ type: z.literal('result'), id, result: resultSchema }),
  z.object({ type: z.literal('error'), id, error: errorDataSchema }),
]);
export type Reply = z.infer<typeof replySchema>;
