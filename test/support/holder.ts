import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const holderSchema = z.object({ pid: z.number() });

/** @returns the process that has the library open, as its lock file says; null when there is none */
export const holderOf = async (library: string): Promise<{ readonly pid: number } | null> => {
  const text = await readFile(join(library, 'engine.lock'), 'utf8').catch(() => '');
  return text === '' ? null : holderSchema.parse(JSON.parse(text));
};
