import { readFile } from 'node:fs/promises';
import { z } from 'zod';

const vocabularySchema = z.object({ version: z.int(), groups: z.record(z.string(), z.array(z.string())) });

/** The words of `models/vocabulary.json`, group after group. */
export const readVocabulary = async (path: string): Promise<readonly string[]> =>
  Object.values(vocabularySchema.parse(JSON.parse(await readFile(path, 'utf8'))).groups).flat();
