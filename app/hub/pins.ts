import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { OwnFolder } from '../base/disk.ts';
import { openRegular, readJsonBounded } from '../base/read.ts';
import { innerPathSchema, licenceSchema, sha256Schema, type CatalogueEntry } from './catalogue.ts';

const text = z.string().max(300);
/** Files of one model. */
const MOST_FILES = 10_000;

/** What was fetched, byte for byte. It lies beside the model, so that a folder can say where it comes from. */
const pinsSchema = z.object({
  version: z.literal(1),
  id: text,
  name: text,
  repository: text,
  revision: text,
  licence: licenceSchema,
  logitScale: z.number().nullable(),
  logitBias: z.number().nullable(),
  files: z
    .array(z.object({ path: innerPathSchema, bytes: z.int().nonnegative(), sha256: sha256Schema }))
    .max(MOST_FILES),
});
export type Pins = Readonly<z.infer<typeof pinsSchema>>;
export type Pin = Pins['files'][number];

const PINS = 'afterimage-model.json';
const MAX_PINS_BYTES = 4 * 2 ** 20;

/** @returns null where there are none, or none that can be read */
export const readPins = async (folder: string): Promise<Pins | null> => {
  try {
    return await readJsonBounded(join(folder, PINS), pinsSchema, { maxBytes: MAX_PINS_BYTES, links: 'refuse' });
  } catch {
    return null;
  }
};

/** Writes them in one step: half of a file would make a whole model look damaged. */
export const writePins = async (folder: string, entry: CatalogueEntry, files: readonly Pin[]): Promise<void> => {
  const { id, name, repository, revision, licence, logitScale, logitBias } = entry;
  const pins = { version: 1, id, name, repository, revision, licence, logitScale, logitBias, files };
  await new OwnFolder(folder).write(PINS, `${JSON.stringify(pins, null, 2)}\n`);
};

/** @returns null where there is no such file */
export const fileSize = async (path: string): Promise<number | null> => {
  const found = await stat(path).catch(() => null);
  return found?.isFile() === true ? found.size : null;
};

/** The SHA-256 of a file in hexadecimal digits. */
export const hashOf = async (path: string): Promise<string> => {
  const hash = createHash('sha256');
  const file = await openRegular(path);
  // A stream without encoding gives buffers; it closes the file.
  for await (const chunk of file.createReadStream({ highWaterMark: 2 ** 20 }) as AsyncIterable<Buffer>)
    hash.update(chunk);
  return hash.digest('hex');
};
