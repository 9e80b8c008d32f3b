import { stat } from 'node:fs/promises';
import { basename, join, relative, resolve } from 'node:path';
import { z } from 'zod';
import { AfterimageError, curveSchema, MAX_DIMENSION } from '../contract/index.ts';
import { fingerprintOf } from './model-fingerprint.ts';
import { ModelFolder } from './model-folder.ts';
import { immichPreprocessing, preprocessingSchema, transformersPreprocessing } from './preprocessing.ts';

/** Tokens of a text: what published towers take is 16 to 512. */
const MAX_CONTEXT = 4096;
const contextLength = z.int().positive().max(MAX_CONTEXT);
const dimension = z.int().positive().max(MAX_DIMENSION);
const specialToken = z.string().max(1000);
/** What cosines are multiplied with, or what is added to them. */
const scale = z.number().min(-1e6).max(1e6).nullable();

/** What a tokenizer's own file does not say about the text tower that reads its ids. */
const textRulesSchema = z.object({
  /** Longest text in tokens, special ones included. */
  contextLength,
  /** Special tokens that go before and after a text, and fill up what is missing. */
  bos: specialToken.nullable(),
  eos: specialToken.nullable(),
  pad: specialToken.nullable(),
  /** Every text has exactly `contextLength` tokens: the tower reads its last position, whatever stands there. */
  padToContext: z.boolean(),
  clean: z.enum(['none', 'lowercase', 'canonicalize']),
});
export type TextRules = z.infer<typeof textRulesSchema>;

/** A pair of towers in a folder, described without loading it. Plain data: it goes to the workers as it is. */
export const modelSchema = z.object({
  /** The folder's name and the beginning of the fingerprint, fit for a table's name. */
  id: z.string(),
  name: z.string(),
  kind: z.enum(['starter', 'full']),
  directory: z.string(),
  layout: z.enum(['transformers', 'immich']),
  dimension,
  /** SHA-256 of the image graph and its preprocessing: photos' vectors of two models are the same where this is. */
  fingerprint: z.string(),
  /** What cosines are multiplied with before a softmax or sigmoid, and what is then added; null where the model does not say. */
  logitScale: scale,
  logitBias: scale,
  /** How sure a level of similarity makes us (QUERY.md, section 4); null where the model asks for no curve of its own. */
  match: curveSchema.nullable(),
  /** The same for a level of similarity between two pictures. */
  likeness: curveSchema.nullable(),
  /** What the CPU runs, and what other graphs and providers are measured by. */
  imageGraph: z.string(),
  /** The same in half precision, for a GPU; null where there is none besides. */
  imageGraphHalf: z.string().nullable(),
  /** As `fingerprint`, of that one. */
  halfFingerprint: z.string().nullable(),
  imageGraphBytes: z.int(),
  /** Space that both graphs with their weights take on the disk: holes in a file, which anybody can make, do not count. */
  bytesOnDisk: z.int(),
  textGraph: z.string(),
  tokenizer: z.string(),
  tokenizerConfig: z.string(),
  preprocessing: preprocessingSchema,
  textRules: textRulesSchema,
});
export type Model = Readonly<z.infer<typeof modelSchema>>;

/** By layout; of several graphs, the best in front. */
const FILES = {
  transformers: {
    imageGraphs: ['onnx/vision_model.onnx', 'onnx/vision_model_fp16.onnx', 'onnx/vision_model_q4f16.onnx'],
    imageGraphHalf: 'onnx/vision_model_fp16.onnx',
    textGraphs: [
      'onnx/text_model.onnx',
      'onnx/text_model_fp16.onnx',
      'onnx/text_model_q4f16.onnx',
      'onnx/text_model_int8.onnx',
      'onnx/text_model_quantized.onnx',
    ],
    preprocessing: 'preprocessor_config.json',
    text: '',
  },
  immich: {
    imageGraphs: ['visual/model.onnx'],
    textGraphs: ['textual/model.onnx'],
    preprocessing: 'visual/preprocess_cfg.json',
    text: 'textual',
  },
} as const;

const EIGHT_BIT = [
  'onnx/vision_model_quantized.onnx',
  'onnx/vision_model_int8.onnx',
  'onnx/vision_model_uint8.onnx',
] as const;

const token = z
  .union([specialToken, z.object({ content: specialToken }).transform(({ content }) => content)])
  .nullish();
const tokenizerConfigSchema = z.object({
  tokenizer_class: z.string().max(200).default(''),
  // Some files say 1e30 for "any".
  model_max_length: z.number().min(1).default(Infinity),
  bos_token: token,
  eos_token: token,
  pad_token: token,
});
type TokenizerConfig = z.infer<typeof tokenizerConfigSchema>;

const transformersConfigSchema = z.object({
  model_type: z.enum(['clip', 'siglip']),
  projection_dim: dimension.default(512),
  logit_scale: scale.default(null),
  logit_bias: scale.default(null),
  text_config: z.object({ max_position_embeddings: contextLength.optional() }).default({}),
  vision_config: z.object({ hidden_size: dimension.default(768) }).prefault({}),
  afterimage: z.object({ kind: z.literal('starter'), match: curveSchema, likeness: curveSchema }).optional(),
});

/** The part of a download's record that configurations leave out. */
const pinsSchema = z.object({
  logitScale: scale.default(null),
  logitBias: scale.default(null),
});

const immichConfigSchema = z.object({
  embed_dim: dimension,
  text_cfg: z.object({
    context_length: contextLength.default(77),
    tokenizer_kwargs: z.object({ clean: z.string().optional() }).default({}),
  }),
});

/**
 * Reads what a model folder says about itself. No graph is loaded: whether it fits is found out where it runs.
 *
 * @param cache a JSON file that remembers fingerprints of files that have not changed
 * @throws AfterimageError `model-invalid`, naming the file that is missing or wrong
 */
export const describeModel = async (
  directory: string,
  { cache }: { readonly cache?: string | undefined } = {},
): Promise<Model> => {
  const folder = await ModelFolder.open(resolve(directory));
  const layout = (await folder.has('visual')) || (await folder.has('textual')) ? 'immich' : 'transformers';
  const files = FILES[layout];
  const paths = {
    imageGraph: await folder.preferred(files.imageGraphs),
    textGraph: await folder.preferred(files.textGraphs),
    tokenizer: join(folder.path, files.text, 'tokenizer.json'),
    tokenizerConfig: join(folder.path, files.text, 'tokenizer_config.json'),
  };
  const needed = [join(folder.path, 'config.json'), ...Object.values(paths), join(folder.path, files.preprocessing)];
  const missing = await firstMissing(folder, needed);
  if (missing !== null) {
    const eightBit = await Promise.all(EIGHT_BIT.map((file) => folder.has(file)));
    const isEightBit = missing === paths.imageGraph && eightBit.includes(true);
    throw new AfterimageError(
      'model-invalid',
      isEightBit
        ? `${missing} is missing. The 8-bit graph beside it cannot stand in: what it makes of a photo changes with the photos of the same batch. Get ${files.imageGraphs[0]}, or the one in half precision (_fp16).`
        : `${missing} is missing. A model folder holds config.json, ${files.imageGraphs[0]}, ${files.textGraphs[0]}, a tokenizer and ${files.preprocessing}.`,
    );
  }
  await folder.needInside(paths.tokenizer);
  const textGraphFiles = await folder.graphFiles(paths.textGraph);
  const tokenizerConfig = await folder.settings(paths.tokenizerConfig, tokenizerConfigSchema);
  const about =
    layout === 'immich'
      ? await describeImmich(folder, tokenizerConfig)
      : await describeTransformers(folder, tokenizerConfig);
  const prepared = JSON.stringify(about.preprocessing);
  const imageGraphFiles = await folder.graphFiles(paths.imageGraph);
  const { fingerprint, bytes } = await fingerprintOf(imageGraphFiles, prepared, cache);
  const halfFile = FILES.transformers.imageGraphHalf;
  const halfPath = join(folder.path, halfFile);
  const half = paths.imageGraph !== halfPath && (await folder.has(halfFile)) ? halfPath : null;
  const halfFiles = half === null ? null : await folder.graphFiles(half);
  const name = basename(folder.path);
  return {
    id: `${name.replaceAll(/[^\w-]+/gu, '_')}-${fingerprint.slice(0, 8)}`,
    name,
    directory: folder.path,
    layout,
    fingerprint,
    ...paths,
    imageGraphHalf: half,
    halfFingerprint: halfFiles === null ? null : (await fingerprintOf(halfFiles, prepared, cache)).fingerprint,
    imageGraphBytes: bytes,
    bytesOnDisk: await bytesOnDisk([...imageGraphFiles, ...textGraphFiles]),
    ...about,
    ...(await scaleOf(folder, about)),
  };
};

const bytesOnDisk = async (files: readonly string[]): Promise<number> => {
  const found = await Promise.all(files.map((file) => stat(file)));
  // Some network drives say of no file how much it takes.
  const isTold = found.some(({ blocks }) => blocks > 0);
  return found.reduce((sum, { size, blocks }) => sum + (isTold ? Math.min(size, blocks * BLOCK_BYTES) : size), 0);
};

/** What systems count in, whatever the blocks of the disk are. */
const BLOCK_BYTES = 512;

type About = Pick<
  Model,
  'kind' | 'match' | 'likeness' | 'dimension' | 'logitScale' | 'logitBias' | 'preprocessing' | 'textRules'
>;

const describeTransformers = async (folder: ModelFolder, tokenizer: TokenizerConfig): Promise<About> => {
  const config = await folder.settings('config.json', transformersConfigSchema);
  const isSiglip = config.model_type === 'siglip';
  const positions = config.text_config.max_position_embeddings ?? (isSiglip ? 64 : 77);
  return {
    kind: config.afterimage?.kind ?? 'full',
    match: config.afterimage?.match ?? null,
    likeness: config.afterimage?.likeness ?? null,
    // transformers leaves out of a configuration what equals its defaults.
    dimension: isSiglip ? config.vision_config.hidden_size : config.projection_dim,
    logitScale: config.logit_scale,
    logitBias: config.logit_bias,
    preprocessing: await folder.settings(FILES.transformers.preprocessing, transformersPreprocessing),
    textRules: {
      contextLength: Math.floor(Math.min(positions, tokenizer.model_max_length)),
      ...specialTokens(tokenizer),
      padToContext: isSiglip,
      // The first SigLIP learned from texts without punctuation; SigLIP 2 (its own or a Gemma tokenizer) from lower-cased ones.
      clean: !isSiglip ? 'none' : /^Siglip(?!2)/u.test(tokenizer.tokenizer_class) ? 'canonicalize' : 'lowercase',
    },
  };
};

const describeImmich = async (folder: ModelFolder, tokenizer: TokenizerConfig): Promise<About> => {
  const { embed_dim, text_cfg } = await folder.settings('config.json', immichConfigSchema);
  return {
    kind: 'full',
    match: null,
    likeness: null,
    dimension: embed_dim,
    logitScale: null,
    logitBias: null,
    preprocessing: await folder.settings(FILES.immich.preprocessing, immichPreprocessing),
    textRules: {
      contextLength: text_cfg.context_length,
      ...specialTokens(tokenizer),
      padToContext: true,
      clean: text_cfg.tokenizer_kwargs.clean === 'canonicalize' ? 'canonicalize' : 'none',
    },
  };
};

/** SentencePiece tokenizers name a first token that no tower was trained with. */
const specialTokens = ({
  tokenizer_class,
  bos_token = null,
  eos_token = null,
  pad_token = null,
}: TokenizerConfig): Pick<TextRules, 'bos' | 'eos' | 'pad'> => ({
  bos: /^(Siglip|Gemma|T5)/u.test(tokenizer_class) ? null : bos_token,
  eos: eos_token,
  pad: pad_token,
});

/** What a model was published with goes before what was written down beside it when it was fetched. */
const scaleOf = async (
  folder: ModelFolder,
  { logitScale, logitBias }: Pick<Model, 'logitScale' | 'logitBias'>,
): Promise<Pick<Model, 'logitScale' | 'logitBias'>> => {
  const pins = 'afterimage-model.json';
  if ((logitScale !== null && logitBias !== null) || !(await folder.has(pins))) return { logitScale, logitBias };
  const known = await folder.settings(pins, pinsSchema);
  return { logitScale: logitScale ?? known.logitScale, logitBias: logitBias ?? known.logitBias };
};

const firstMissing = async (folder: ModelFolder, paths: readonly string[]): Promise<string | null> => {
  for (const path of paths) if (!(await folder.has(relative(folder.path, path)))) return path;
  return null;
};
