import { z } from 'zod';
import { progressSchema } from './schemas.ts';

/** What the engine says without being asked. */
export const events = {
  /** At most about five times a second while something is going on, and once at its end. */
  progress: progressSchema,
  /** Photos, folders, the model or the saved searches changed: what was asked before may have another answer now. */
  changed: z.object({ photos: z.int().nonnegative(), what: z.enum(['photos', 'roots', 'model', 'searches']) }),
} as const;

export type EventName = keyof typeof events;
export type EventData<E extends EventName> = z.output<(typeof events)[E]>;
