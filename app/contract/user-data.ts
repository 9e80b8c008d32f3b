import { z } from 'zod';
import { markSchema } from './schemas.ts';

const count = z.int().nonnegative();
const foreignHash = z.string().max(128);
/** Everything in a library that only the person knows, as JSON. Photos are named by content and by where they lay. */
export const userDataSchema = z.object({
  afterimage: z.literal('user-data'),
  version: z.literal(1),
  photos: z
    .array(
      markSchema.extend({
        contentHashes: z.array(foreignHash).max(1000),
        pixelHash: foreignHash,
        paths: z.array(z.string().max(32_768)).max(1000),
      }),
    )
    .max(1_000_000),
  // Their queries and names are looked at one by one: one that cannot be used keeps nothing else out.
  searches: z.array(z.object({ name: z.string().max(10_000), query: z.string().max(100_000) })).max(10_000),
});
export type UserData = z.infer<typeof userDataSchema>;

/** A part of an export that is too large for one message: nothing is taken over before the last part. */
export const userDataPartSchema = userDataSchema.extend({
  part: z.object({ of: z.string().min(1).max(64), isLast: z.boolean() }).exactOptional(),
});
export const importReportSchema = z.object({
  /** Photos that are marked. */
  photos: count,
  /** Photos that are not in this library: what is said of them waits until they come. */
  unknown: count,
  /** Searches that are saved. */
  searches: count,
  /** Searches that were not taken over, and why. */
  refused: z.array(z.object({ name: z.string(), reason: z.string() })),
});
export type ImportReport = z.infer<typeof importReportSchema>;
