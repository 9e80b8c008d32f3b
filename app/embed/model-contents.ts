import { createHash } from 'node:crypto';
import type { Model } from './model.ts';
import { fingerprintOf } from './model-fingerprint.ts';
import { ModelFolder } from './model-folder.ts';

/**
 * What tells all that a model is run from, wherever it lies: its graphs with the weights beside them, its tokenizer, and what
 * its configuration says.
 *
 * @param cache see `fingerprintOf`
 * @returns a SHA-256
 */
export const contentsOf = async (model: Model, cache?: string): Promise<string> => {
  const { kind, layout, dimension, logitScale, logitBias, preprocessing, textRules } = model;
  const { imageGraph, imageGraphHalf, textGraph, tokenizer, tokenizerConfig } = model;
  const said = { kind, layout, dimension, logitScale, logitBias, preprocessing, textRules };
  const folder = await ModelFolder.open(model.directory);
  const prepared = JSON.stringify(preprocessing);
  const hash = createHash('sha256').update(JSON.stringify(said));
  for (const path of [imageGraph, imageGraphHalf, textGraph, tokenizer, tokenizerConfig])
    if (path !== null) hash.update((await fingerprintOf(await folder.graphFiles(path), prepared, cache)).fingerprint);
  return hash.digest('hex');
};
