import { z } from 'zod';

/** The one message an engine process is started with. */
export const engineInitSchema = z.object({
  version: z.string(),
  library: z.string(),
  starterModel: z.string(),
  columnsGraph: z.string(),
  vocabulary: z.string(),
  catalogue: z.string(),
  models: z.string(),
  worker: z.object({ entry: z.string(), execPath: z.string().exactOptional() }),
  threads: z.int().min(1),
});

/** What the process answers: it is ready, or why it cannot be. */
export const engineReadySchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('ready') }),
  z.object({ state: z.literal('failed'), kind: z.string(), message: z.string() }),
]);
