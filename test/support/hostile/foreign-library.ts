import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect } from 'vitest';
import { z } from 'zod';
import { indexReportSchema, statusSchema, type IndexReport, type Status } from '../../../app/contract/index.ts';
import { finished, startAt, temporaryFolder, type Outcome } from '../command-line.ts';
import { writeMany } from '../paintings.ts';

/** Photos in each folder. */
export const PHOTOS = 3;

/** What stands in library.json, as far as it is changed here. */
const manifestSchema = z.looseObject({
  roots: z.array(z.looseObject({ path: z.string(), device: z.string() })),
  models: z.array(z.looseObject({ directory: z.string() })),
});
type Manifest = z.infer<typeof manifestSchema>;

/** A person's home with a folder of photos, and a stick with a library, that of the person or one that a stranger made. */
export class ForeignLibrary {
  home = '';
  stick = '';
  library = '';
  photos = '';
  readonly #removals: (() => Promise<void>)[] = [];

  /** Makes home and stick before each test of the file that calls this, and removes them after it; the library is made later. */
  static inThisFile(): ForeignLibrary {
    const made = new ForeignLibrary();
    beforeEach(async () => {
      made.home = await made.temporary();
      made.stick = await made.temporary();
      made.library = join(made.stick, 'library');
      made.photos = join(made.home, 'Pictures');
      await writeMany(made.photos, PHOTOS);
    });
    afterEach(async () => {
      for (const remove of made.#removals.splice(0)) await remove();
    });
    return made;
  }

  /** A folder that goes with the test. */
  async temporary(): Promise<string> {
    const [path, remove] = await temporaryFolder();
    this.#removals.push(remove);
    return path;
  }

  /** Runs the program as somebody whose home is there. */
  as(home: string, ...args: readonly string[]): Promise<Outcome> {
    return finished(startAt(home, ...args));
  }

  run(...args: readonly string[]): Promise<Outcome> {
    return this.as(this.home, ...args, '--library', this.library);
  }

  async json<S extends z.ZodType>(schema: S, ...args: readonly string[]): Promise<z.output<S>> {
    const { code, stdout, stderr } = await this.run(...args, '--json');
    if (code !== 0) throw new Error(`afterimage ${args.join(' ')} ended with ${String(code)}: ${stderr}`);
    return schema.parse(JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? ''));
  }

  status(...args: readonly string[]): Promise<Status> {
    return this.json(statusSchema, 'status', ...args);
  }

  index(...more: readonly string[]): Promise<IndexReport> {
    return this.json(indexReportSchema, 'index', this.photos, ...more);
  }

  get manifestPath(): string {
    return join(this.library, 'library.json');
  }

  async editManifest(edit: (manifest: Manifest) => Partial<Manifest>): Promise<void> {
    const manifest = manifestSchema.parse(JSON.parse(await readFile(this.manifestPath, 'utf8')));
    await writeFile(this.manifestPath, JSON.stringify({ ...manifest, ...edit(manifest) }));
  }

  /** Somebody else makes a library on the stick, of photos there, which also names the victim's photos. */
  async makeByStranger(): Promise<void> {
    const own = join(this.stick, 'photos');
    await writeMany(own, PHOTOS);
    expect((await this.as(await this.temporary(), 'index', own, '--library', this.library)).code).toBe(0);
    await this.editManifest(({ roots }) => ({
      roots: [...roots, { ...roots[0], id: 'stranger', path: this.photos, device: '1' }],
    }));
  }
}

/** Every file below some folders, by path, with the hash of what is in it. */
export const hashesOf = async (...folders: readonly string[]): Promise<ReadonlyMap<string, string>> => {
  const contents = new Map<string, string>();
  for (const folder of folders)
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      const hash = async (): Promise<string> =>
        createHash('sha256')
          .update(await readFile(path))
          .digest('hex');
      contents.set(path, entry.isFile() ? await hash() : 'no file');
    }
  return contents;
};
