import { join } from 'node:path';
import type { Licence, ModelInfo } from '../contract/index.ts';
import { fingerprintOf } from '../embed/model-fingerprint.ts';
import { readCatalogue, type CatalogueEntry } from '../hub/catalogue.ts';
import { genuineEntry } from '../hub/genuine.ts';
import { readPins, type Pins } from '../hub/pins.ts';
import type { EngineOptions } from './options.ts';

/** Which models are those of the catalogue: by their files, whatever their folders are called or say of themselves. */
export class ModelIdentity {
  readonly #entries: readonly CatalogueEntry[];
  readonly #cache: string;

  private constructor(entries: readonly CatalogueEntry[], cache: string) {
    this.#entries = entries;
    this.#cache = cache;
  }

  /** @throws AfterimageError `internal` when the program's catalogue is damaged */
  static async open({ catalogue, models }: Pick<EngineOptions, 'catalogue' | 'models'>): Promise<ModelIdentity> {
    return new ModelIdentity(await readCatalogue(catalogue), join(models, 'file-hashes.json'));
  }

  /** What is known of the model in a folder; its name only where it is one of the catalogue. */
  async of(directory: string): Promise<Pick<ModelInfo, 'catalogue' | 'licence'> & { readonly name?: string }> {
    const entry = await this.#entryIn(directory);
    if (entry !== null) return { name: entry.name, catalogue: entry.id, licence: licenceOf(entry.licence) };
    const pins = await readPins(directory);
    return { catalogue: null, licence: pins === null ? null : statedLicence(pins) };
  }

  /** Whether a folder may be meant by a name: by one that the catalogue has given away only if it holds that model. */
  async mayBeCalled(name: string, directory: string): Promise<boolean> {
    const isOffered = this.#entries.some(({ id, slot }) => id === name || slot === name);
    return !isOffered || (await this.#entryIn(directory))?.id === name;
  }

  #entryIn(directory: string): Promise<CatalogueEntry | null> {
    const hashOf = async (path: string): Promise<string> => (await fingerprintOf([path], '', this.#cache)).fingerprint;
    return genuineEntry(directory, this.#entries, hashOf);
  }
}

/** The terms of a model of the catalogue, with those of its tokenizer. */
export const licenceOf = ({ spdx, name, url, notice, tokenizer }: CatalogueEntry['licence']): Licence => ({
  spdx,
  name,
  url,
  notice: tokenizer === null ? notice : `${notice} ${tokenizer.notice}`,
});

/** What a folder says of its licence, without its own words and addresses: nobody has verified them. */
const statedLicence = ({ licence: { spdx } }: Pins): Licence => ({
  spdx,
  name: `${spdx}, as the folder says`,
  url: `https://spdx.org/licenses/${spdx}.html`,
  notice: 'So its folder says. Afterimage has not verified where these files come from.',
});
