import { z } from 'zod';
import { downloadSchema, upgradeSchema } from './models.ts';
import { progressSchema, queryTextSchema, restSchema } from './schemas.ts';

/** What a host asks its page to do, because a person chose it in a menu, or opened a link, a folder or a picture. */
const commandSchema = z.discriminatedUnion('do', [
  z.object({ do: z.literal('search'), query: queryTextSchema }),
  z.object({ do: z.literal('show'), panel: z.enum(['library', 'models', 'duplicates', 'keys']) }),
  z.object({ do: z.enum(['find', 'clear', 'add-folder', 'index']) }),
  /** Something for the person to read. */
  z.object({ do: z.literal('say'), text: z.string(), tone: z.enum(['plain', 'error']) }),
  /** The system's accent colour is another one now. */
  z.object({ do: z.literal('tint'), accent: z.string().nullable() }),
  /** Why indexing rests has changed. */
  z.object({ do: z.literal('rest'), why: restSchema.nullable() }),
]);
export type Command = z.infer<typeof commandSchema>;

/** What the engine says without being asked. */
export const events = {
  /** At most about five times a second while something is going on, and once at its end. */
  progress: progressSchema,
  /**
   * Photos, folders, the model or the saved searches changed: what was asked before may have another answer now. `library`:
   * it was approved and is open, so everything has.
   */
  changed: z.object({
    photos: z.int().nonnegative(),
    what: z.enum(['photos', 'roots', 'model', 'searches', 'library']),
  }),
  /** All downloads of models under way, paused or failed, as often as progress is told. */
  downloads: z.object({ downloads: z.array(downloadSchema) }),
  /** How a change of models stands; null when there is none any more. */
  upgrade: z.object({ upgrade: upgradeSchema.nullable() }),
  /** Said by the host, not the engine. */
  command: commandSchema,
} as const;

export type EventName = keyof typeof events;
export type EventData<E extends EventName> = z.output<(typeof events)[E]>;
