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
  // Never null: what opens a library in another process always asks.
  approvals: z.object({ folder: z.string(), data: z.string() }),
  worker: z.object({ entry: z.string(), execPath: z.string().exactOptional() }),
  threads: z.int().min(1),
});

/** What the process answers: it is ready, waits for the library to be approved, or why it cannot be ready. */
export const engineReadySchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('ready') }),
  z.object({ state: z.literal('awaiting') }),
  z.object({ state: z.literal('failed'), kind: z.string(), message: z.string() }),
]);
