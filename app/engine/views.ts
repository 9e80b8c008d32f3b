import { dirname } from 'node:path';
import { z } from 'zod';
import { OwnFolder } from '../base/disk.ts';
import { readJson, writeJson } from '../store/json-file.ts';

const viewsSchema = z.record(z.string(), z.int().positive());
/** Photos that are remembered; of more than that, those looked at least are forgotten. */
const MOST = 10_000;

/** How often photos were looked at: those go first when all are embedded anew. */
export class Views {
  readonly #path: string;
  readonly #counts: Map<string, number>;
  #isSaved = true;

  private constructor(path: string, counts: Map<string, number>) {
    this.#path = path;
    this.#counts = counts;
  }

  /** What cannot be read is no loss. */
  static async open(path: string): Promise<Views> {
    const known = await readJson(path, viewsSchema).catch(() => null);
    return new Views(path, new Map(Object.entries(known ?? {}).slice(0, MOST)));
  }

  add(photoId: string): void {
    this.#counts.set(photoId, this.of(photoId) + 1);
    this.#isSaved = false;
    // A few more in between do no harm.
    if (this.#counts.size > 2 * MOST) this.#forgetLeast();
  }

  of(photoId: string): number {
    return this.#counts.get(photoId) ?? 0;
  }

  async save(): Promise<void> {
    if (this.#isSaved) return;
    this.#isSaved = true;
    this.#forgetLeast();
    await writeJson(new OwnFolder(dirname(this.#path)), this.#path, Object.fromEntries(this.#counts));
  }

  #forgetLeast(): void {
    const least = [...this.#counts].sort(([, a], [, b]) => b - a).slice(MOST);
    for (const [photoId] of least) this.#counts.delete(photoId);
  }
}
