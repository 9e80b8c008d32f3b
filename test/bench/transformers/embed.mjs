// @ts-check
// Embeds every picture of a folder as a plain script would: load, preprocess, run, normalise. Prints seconds per run.
// usage: node embed.mjs <models folder> <model name> <photos folder> <batch size> <runs>
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { AutoProcessor, CLIPVisionModelWithProjection, env, RawImage } from '@huggingface/transformers';

const [models = '', name = '', photos = '', batchSize = '1', runs = '1'] = process.argv.slice(2);
env.allowRemoteModels = false;
env.localModelPath = models;
const processor = await AutoProcessor.from_pretrained(name);
const model = await CLIPVisionModelWithProjection.from_pretrained(name, { dtype: 'fp32', device: 'cpu' });
const paths = readdirSync(photos)
  .filter((file) => /\.(?:jpe?g|png)$/iu.test(file))
  .map((file) => join(photos, file));
const size = Number(batchSize);

const embedAll = async () => {
  let count = 0;
  for (let start = 0; start < paths.length; start += size) {
    const images = await Promise.all(paths.slice(start, start + size).map((path) => RawImage.read(path)));
    const { image_embeds: embeddings } = await model(await processor(images));
    count += embeddings.normalize().dims[0];
  }
  return count;
};

/** @type {number[]} */
const seconds = [];
let photosDone = 0;
for (let run = 0; run < Number(runs) + 1; run++) {
  const began = performance.now();
  photosDone = await embedAll();
  // The first run warms up files and sessions.
  if (run > 0) seconds.push((performance.now() - began) / 1000);
}
console.log(JSON.stringify({ photos: photosDone, seconds }));
