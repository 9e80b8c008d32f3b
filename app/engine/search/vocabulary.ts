import { z } from 'zod';
import { readJsonBounded } from '../../base/read.ts';

const vocabularySchema = z.object({ version: z.int(), groups: z.record(z.string(), z.array(z.string())) });

const MAX_BYTES = 4 * 2 ** 20;

/** The words of `models/vocabulary.json`, group after group. */
export const readVocabulary = async (path: string): Promise<readonly string[]> =>
  Object.values((await readJsonBounded(path, vocabularySchema, { maxBytes: MAX_BYTES })).groups).flat();
