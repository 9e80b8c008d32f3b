import { access, readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
import { AfterimageError, curveSchema } from '../contract/index.ts';
import { fingerprintOf } from './model-fingerprint.ts';
import { immichPreprocessing, preprocessingSchema, transformersPreprocessing } from './preprocessing.ts';

/** What a tokenizer's own file does not say about the text tower that reads its ids. */
const textRulesSchema = z.object({
  /** Longest text in tokens, special ones included. */
  contextLength: z.int().positive(),
  /** Special tokens that go before and after a text, and fill up what is missing. */
  bos: z.string().nullable(),
  eos: z.string().nullable(),
  pad: z.string().nullable(),
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
  dimension: z.int().positive(),
  /** SHA-256 of the image graph and its preprocessing: photos' vectors of two models are the same where this is. */
  fingerprint: z.string(),
  /** What cosines are multiplied with before a softmax or sigmoid, and what is then added; null where the model does not say. */
  logitScale: z.number().nullable(),
  logitBias: z.number().nullable(),
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

const positive = z.int().positive();
const token = z.union([z.string(), z.object({ content: z.string() }).transform(({ content }) => content)]).nullish();
const tokenizerConfigSchema = z.object({
  tokenizer_class: z.string().default(''),
  // Some files say 1e30 for "any".
  model_max_length: z.number().positive().default(Infinity),
  bos_token: token,
  eos_token: token,
  pad_token: token,
});
type TokenizerConfig = z.infer<typeof tokenizerConfigSchema>;

const transformersConfigSchema = z.object({
  model_type: z.enum(['clip', 'siglip']),
  projection_dim: positive.default(512),
  logit_scale: z.number().nullable().default(null),
  logit_bias: z.number().nullable().default(null),
  text_config: z.object({ max_position_embeddings: positive.optional() }).default({}),
  vision_config: z.object({ hidden_size: positive.default(768) }).prefault({}),
  afterimage: z.object({ kind: z.literal('starter'), match: curveSchema, likeness: curveSchema }).optional(),
});

/** The part of a download's record that configurations leave out. */
const pinsSchema = z.object({
  logitScale: z.number().nullable().default(null),
  logitBias: z.number().nullable().default(null),
});

const immichConfigSchema = z.object({
  embed_dim: positive,
  text_cfg: z.object({
    context_length: positive.default(77),
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
  const folder = resolve(directory);
  const layout =
    (await exists(join(folder, 'visual'))) || (await exists(join(folder, 'textual'))) ? 'immich' : 'transformers';
  const files = FILES[layout];
  const paths = {
    imageGraph: await preferred(folder, files.imageGraphs),
    textGraph: await preferred(folder, files.textGraphs),
    tokenizer: join(folder, files.text, 'tokenizer.json'),
    tokenizerConfig: join(folder, files.text, 'tokenizer_config.json'),
  };
  const missing = await firstMissing([
    join(folder, 'config.json'),
    ...Object.values(paths),
    join(folder, files.preprocessing),
  ]);
  if (missing !== null) {
    const isEightBit = missing === paths.imageGraph && (await exists(await preferred(folder, EIGHT_BIT)));
    throw new AfterimageError(
      'model-invalid',
      isEightBit
        ? `${missing} is missing. The 8-bit graph beside it cannot stand in: what it makes of a photo changes with the photos of the same batch. Get ${files.imageGraphs[0]}, or the one in half precision (_fp16).`
        : `${missing} is missing. A model folder holds config.json, ${files.imageGraphs[0]}, ${files.textGraphs[0]}, a tokenizer and ${files.preprocessing}.`,
    );
  }
  const tokenizerConfig = await readJson(paths.tokenizerConfig, tokenizerConfigSchema);
  const about =
    layout === 'immich'
      ? await describeImmich(folder, tokenizerConfig)
      : await describeTransformers(folder, tokenizerConfig);
  const { fingerprint, bytes } = await fingerprintOf(paths.imageGraph, about.preprocessing, cache);
  const halfPath = join(folder, FILES.transformers.imageGraphHalf);
  const half = paths.imageGraph !== halfPath && (await exists(halfPath)) ? halfPath : null;
  const name = basename(folder);
  return {
    id: `${name.replaceAll(/[^\w-]+/gu, '_')}-${fingerprint.slice(0, 8)}`,
    name,
    directory: folder,
    layout,
    fingerprint,
    ...paths,
    imageGraphHalf: half,
    halfFingerprint: half === null ? null : (await fingerprintOf(half, about.preprocessing, cache)).fingerprint,
    imageGraphBytes: bytes,
    ...about,
    ...(await scaleOf(folder, about)),
  };
};

type About = Pick<
  Model,
  'kind' | 'match' | 'likeness' | 'dimension' | 'logitScale' | 'logitBias' | 'preprocessing' | 'textRules'
>;

const describeTransformers = async (folder: string, tokenizer: TokenizerConfig): Promise<About> => {
  const config = await readJson(join(folder, 'config.json'), transformersConfigSchema);
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
    preprocessing: await readJson(join(folder, FILES.transformers.preprocessing), transformersPreprocessing),
    textRules: {
      contextLength: Math.min(positions, tokenizer.model_max_length),
      ...specialTokens(tokenizer),
      padToContext: isSiglip,
      // The first SigLIP learned from texts without punctuation; SigLIP 2 (its own or a Gemma tokenizer) from lower-cased ones.
      clean: !isSiglip ? 'none' : /^Siglip(?!2)/u.test(tokenizer.tokenizer_class) ? 'canonicalize' : 'lowercase',
    },
  };
};

const describeImmich = async (folder: string, tokenizer: TokenizerConfig): Promise<About> => {
  const { embed_dim, text_cfg } = await readJson(join(folder, 'config.json'), immichConfigSchema);
  return {
    kind: 'full',
    match: null,
    likeness: null,
    dimension: embed_dim,
    logitScale: null,
    logitBias: null,
    preprocessing: await readJson(join(folder, FILES.immich.preprocessing), immichPreprocessing),
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

const readJson = async <S extends z.ZodType>(path: string, schema: S): Promise<z.output<S>> => {
  let json: unknown;
  try {
    json = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    const reason = error instanceof SyntaxError ? 'is not valid JSON' : `cannot be read (${String(error)})`;
    throw new AfterimageError('model-invalid', `${path} ${reason}. Get the model's files again.`, { cause: error });
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new AfterimageError(
    'model-invalid',
    `${path} describes something this program cannot run:\n${z.prettifyError(parsed.error)}`,
  );
};

/** What a model was published with goes before what was written down beside it when it was fetched. */
const scaleOf = async (
  folder: string,
  { logitScale, logitBias }: Pick<Model, 'logitScale' | 'logitBias'>,
): Promise<Pick<Model, 'logitScale' | 'logitBias'>> => {
  const pins = join(folder, 'afterimage-model.json');
  if ((logitScale !== null && logitBias !== null) || !(await exists(pins))) return { logitScale, logitBias };
  const known = await readJson(pins, pinsSchema);
  return { logitScale: logitScale ?? known.logitScale, logitBias: logitBias ?? known.logitBias };
};

/** The first of several files that is there, or else the first. */
const preferred = async (folder: string, files: readonly [string, ...string[]]): Promise<string> => {
  for (const file of files) if (await exists(join(folder, file))) return join(folder, file);
  return join(folder, files[0]);
};

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

const firstMissing = async (paths: readonly string[]): Promise<string | null> => {
  for (const path of paths) if (!(await exists(path))) return path;
  return null;
};
