import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { OwnFolder } from '../base/disk.ts';
import { FileRefused } from '../base/file-refused.ts';
import { readJsonBounded, readTextBounded } from '../base/read.ts';
import type { LibraryIdentity } from './manifest.ts';

const folderSchema = z.object({
  path: z.string(),
  /** Null until something has been seen in it. */
  mark: z.object({ inode: z.string(), born: z.string().nullable() }).nullable(),
});

const modelSchema = z.object({
  directory: z.string(),
  /** Of all files that it is run from; null until they have been read. */
  contents: z.string().nullable(),
});

const recordSchema = z.object({
  /** Real path of the library. */
  library: z.string(),
  /** The library's id: another library at the same path has another one. */
  id: z.string(),
  folders: z.array(folderSchema),
  models: z.array(modelSchema),
});
export type ApprovalRecord = Readonly<z.infer<typeof recordSchema>>;

const MOST_BYTES = 16 * 2 ** 20;
const KEY = 'key';
const KEY_BYTES = 32;
/** Signatures that a library carries, of the person's several computers: the oldest goes first. */
const MOST_SIGNATURES = 16;

/**
 * What a person has approved, outside of every library: one file for each library, named by the hash of its real path, and a
 * key that signs ids of libraries. Whoever prepares a library can write neither. Reading makes nothing.
 */
export class ApprovalStore {
  readonly #folder: OwnFolder;

  constructor(folder: string) {
    this.#folder = new OwnFolder(folder);
  }

  /** @returns null where nothing is approved; a damaged record counts as none, so the person is asked again */
  async read(library: string): Promise<ApprovalRecord | null> {
    const path = join(this.#folder.path, nameOf(library));
    const record = await readJsonBounded(path, recordSchema, { maxBytes: MOST_BYTES, links: 'refuse' }).catch(
      (error: unknown) => {
        if (error instanceof FileRefused) return null;
        throw error;
      },
    );
    return record?.library === library ? record : null;
  }

  async write(record: ApprovalRecord): Promise<void> {
    await this.#folder.create();
    await this.#folder.write(nameOf(record.library), `${JSON.stringify(record, null, 2)}\n`);
  }

  async remove(library: string): Promise<void> {
    await this.#folder.remove(nameOf(library));
  }

  /** Whether this person has signed the library's id. */
  async hasSigned({ id, signatures }: LibraryIdentity): Promise<boolean> {
    const key = await this.#readKey();
    if (key === null) return false;
    const mine = Buffer.from(signatureOf(id, key));
    return signatures.some((text) => text.length === mine.length && timingSafeEqual(Buffer.from(text), mine));
  }

  /** An identity with this person's signature among others; those of another id go. */
  async signed(id: string, before: LibraryIdentity | null): Promise<LibraryIdentity> {
    const mine = signatureOf(id, await this.#ownKey());
    const others = before?.id === id ? before.signatures.filter((signature) => signature !== mine) : [];
    return { id, signatures: [...others.slice(1 - MOST_SIGNATURES), mine] };
  }

  async #ownKey(): Promise<string> {
    await this.#folder.create();
    await this.#folder.writeNew(KEY, randomBytes(KEY_BYTES).toString('hex'));
    const key = await this.#readKey();
    if (key === null) throw new FileRefused(join(this.#folder.path, KEY), 'not-a-file', 'it should hold a key');
    return key;
  }

  async #readKey(): Promise<string | null> {
    const key = await readTextBounded(join(this.#folder.path, KEY), { maxBytes: 1024, links: 'refuse' }).catch(
      (error: unknown) => {
        if (error instanceof FileRefused) return null;
        throw error;
      },
    );
    return key !== null && /^[0-9a-f]{64}$/u.test(key) ? key : null;
  }
}

export const newLibraryId = (): string => randomBytes(16).toString('hex');

const nameOf = (library: string): string => `${createHash('sha256').update(library).digest('hex').slice(0, 32)}.json`;

const signatureOf = (id: string, key: string): string =>
  createHmac('sha256', Buffer.from(key, 'hex')).update(`afterimage library ${id}`).digest('hex');
