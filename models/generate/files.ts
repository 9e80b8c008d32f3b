import { DIMENSIONS } from './attributes.ts';
import { columnsGraph } from './columns.ts';
import { goldenJson } from './golden.ts';
import { textGraph } from './text.ts';
import { idOf, MAX_LENGTH, tokenizerConfig, tokenizerJson, VOCABULARY_SIZE } from './tokenizer.ts';
import { SIZE, visionGraph } from './vision.ts';

/** Every generated file by its path under `models/`; the same on each run. */
export async function generatedFiles(): Promise<ReadonlyMap<string, Uint8Array>> {
  return new Map([
    ['columns.onnx', columnsGraph()],
    ['starter/onnx/vision_model.onnx', visionGraph()],
    ['starter/onnx/text_model.onnx', textGraph()],
    ['starter/tokenizer.json', json(tokenizerJson())],
    ['starter/tokenizer_config.json', json(tokenizerConfig())],
    ['starter/preprocessor_config.json', json(preprocessorConfig())],
    ['starter/config.json', json(config())],
    ['starter/golden.json', json(await goldenJson(), 0)],
  ]);
}

/** Squashed to a square, not cropped: sky and edges of the picture count. */
function preprocessorConfig(): object {
  return {
    do_convert_rgb: true,
    do_resize: true,
    size: { height: SIZE, width: SIZE },
    resample: 3,
    do_center_crop: false,
    do_rescale: true,
    rescale_factor: 1 / 255,
    do_normalize: false,
    image_mean: [0, 0, 0],
    image_std: [1, 1, 1],
    image_processor_type: 'CLIPImageProcessor',
  };
}

function config(): object {
  return {
    model_type: 'clip',
    architectures: ['CLIPModel'],
    _name_or_path: 'starter',
    // Tells the program that this model has limits of its own kind to explain.
    // Its similarities lie closer together than a trained model's: a match is told from a lower level, more sharply.
    afterimage: { kind: 'starter', match: { middle: 1.8, slope: 2 }, likeness: { middle: 1.6, slope: 2 } },
    projection_dim: DIMENSIONS,
    text_config: {
      model_type: 'clip_text_model',
      vocab_size: VOCABULARY_SIZE,
      max_position_embeddings: MAX_LENGTH,
      projection_dim: DIMENSIONS,
      bos_token_id: idOf('<|startoftext|>'),
      eos_token_id: idOf('<|endoftext|>'),
      pad_token_id: idOf('<|pad|>'),
    },
    vision_config: {
      model_type: 'clip_vision_model',
      image_size: SIZE,
      num_channels: 3,
      projection_dim: DIMENSIONS,
    },
  };
}

function json(value: object, indent = 1): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(value, null, indent)}\n`);
}
