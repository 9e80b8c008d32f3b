import { z } from 'zod';

/** Why one photo could not be indexed, or not all of it; the rest goes on. */
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
  'too-slow',
  /** It is indexed, but for what describes it, or a part of that. */
  'left-out',
]);
export type FailureKind = z.infer<typeof failureKindSchema>;

export const failureSchema = z.object({ path: z.string(), kind: failureKindSchema, message: z.string() });
export type Failure = z.infer<typeof failureSchema>;
