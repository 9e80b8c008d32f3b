import { randomBytes } from 'node:crypto';
import { AfterimageError, type Picture } from '../contract/index.ts';
import type { ActiveModel } from './active-model.ts';

/** Pictures from outside that are kept at hand; the oldest goes when another comes. */
const KEPT = 256;

/** Pictures from outside the library that a query may use. Only their vectors are kept, and only while the engine runs. */
export class Pictures {
  readonly #vectors = new Map<string, { readonly modelId: string; readonly vector: Float32Array }>();

  /** @throws AfterimageError `not-a-picture`, `unreadable` */
  async add(active: ActiveModel, path: string): Promise<Picture> {
    const { vector, width, height } = await active.images.embedPicture(path);
    const token = randomBytes(12).toString('base64url');
    this.#vectors.set(token, { modelId: active.model.id, vector });
    const oldest = this.#vectors.keys().next();
    if (this.#vectors.size > KEPT && oldest.done !== true) this.#vectors.delete(oldest.value);
    return { token, width, height };
  }

  vector(active: ActiveModel, token: string): Float32Array {
    const picture = this.#vectors.get(token);
    if (picture?.modelId !== active.model.id) {
      throw new AfterimageError('not-found', 'This picture is no longer at hand. Drop or paste it again.');
    }
    return picture.vector;
  }
}
