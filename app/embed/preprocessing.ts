import sharp from 'sharp';
import { z } from 'zod';
import { scaled, type Pixels, type Size } from '../media/decode.ts';
import { reducedSize } from '../media/reduced.ts';

/** Pixels: published towers see 224 to 512. */
const MAX_EDGE = 2048;
const edge = z.int().positive().max(MAX_EDGE);
const sizeSchema = z.object({ width: edge, height: edge });
const resizeSchema = z.union([z.object({ shortestEdge: edge }), sizeSchema]);
const mean = z.number().min(-1e4).max(1e4);
const deviation = z.number().min(1e-6).max(1e4);
const factor = z.number().min(1e-6).max(1e4);
const means = z.tuple([mean, mean, mean]);
const deviations = z.tuple([deviation, deviation, deviation]);

/** How a picture becomes the input of an image tower: resize, keep the centre, then `(level × rescale − mean) / std`. */
export const preprocessingSchema = z.object({
  resize: resizeSchema,
  /** libvips' names of Pillow's bilinear and bicubic; both widen with the step, so that shrinking skips no pixel. */
  kernel: z.enum(['linear', 'cubic']),
  crop: sizeSchema,
  rescale: factor,
  mean: means,
  std: deviations,
});
export type Preprocessing = z.infer<typeof preprocessingSchema>;

const square = (side: number): Size => ({ width: side, height: side });

/** `preprocessor_config.json` of Hugging Face transformers. */
export const transformersPreprocessing = z
  .object({
    size: z.union([
      edge.transform((shortestEdge) => ({ shortestEdge })),
      z.object({ shortest_edge: edge }).transform(({ shortest_edge }) => ({ shortestEdge: shortest_edge })),
      sizeSchema,
    ]),
    // Pillow's numbers.
    resample: z.union(
      [z.literal(2).transform(() => 'linear' as const), z.literal(3).transform(() => 'cubic' as const)],
      {
        error: 'must be 2 (bilinear) or 3 (bicubic)',
      },
    ),
    do_resize: z.literal(true).default(true),
    do_center_crop: z.boolean().default(false),
    crop_size: z.union([edge.transform(square), sizeSchema]).optional(),
    do_rescale: z.boolean().default(true),
    rescale_factor: factor.default(1 / 255),
    do_normalize: z.boolean().default(true),
    image_mean: means,
    image_std: deviations,
  })
  .transform((config, context): Preprocessing => {
    const resize = config.size;
    const covered = 'shortestEdge' in resize ? square(resize.shortestEdge) : resize;
    const crop = config.do_center_crop ? config.crop_size : 'shortestEdge' in resize ? undefined : resize;
    if (crop === undefined || crop.width > covered.width || crop.height > covered.height) {
      context.addIssue({
        code: 'custom',
        path: ['crop_size'],
        message: 'must fit into size: every picture has to become equally large',
      });
      return z.NEVER;
    }
    return {
      resize,
      kernel: config.resample,
      crop,
      rescale: config.do_rescale ? config.rescale_factor : 1,
      mean: config.do_normalize ? config.image_mean : [0, 0, 0],
      std: config.do_normalize ? config.image_std : [1, 1, 1],
    };
  });

/** `visual/preprocess_cfg.json` of open_clip, as in Immich's exports. */
export const immichPreprocessing = z
  .object({
    size: z.union([edge.transform(square), z.tuple([edge, edge]).transform(([height, width]) => ({ width, height }))]),
    mode: z.literal('RGB').default('RGB'),
    mean: means,
    std: deviations,
    interpolation: z.enum(['bilinear', 'bicubic']),
    resize_mode: z.enum(['shortest', 'squash']).default('shortest'),
  })
  .transform(({ size, mean, std, interpolation, resize_mode }): Preprocessing => ({
    resize: resize_mode === 'squash' ? size : { shortestEdge: Math.max(size.width, size.height) },
    kernel: interpolation === 'bicubic' ? 'cubic' : 'linear',
    crop: size,
    rescale: 1 / 255,
    mean,
    std,
  }));

/**
 * The size a whole picture is resized to. Rounded, and cropped below, as sharp's `cover` does, which reference vectors
 * were made with; transformers cuts fractions off, which moves what the tower sees by up to one pixel.
 */
const resizedTo = ({ width, height }: Size, { resize }: Pick<Preprocessing, 'resize'>): Size => {
  if (!('shortestEdge' in resize)) return resize;
  const short = resize.shortestEdge;
  const long = Math.round((short * Math.max(width, height)) / Math.min(width, height));
  return width <= height ? { width: short, height: long } : { width: long, height: short };
};

/** What is longer is cut to its middle before it is resized: towers look at no more of it. */
const MOST_ASPECT = 40;

/** The middle part of a picture, as towers with a shortest edge see it. */
const middleOf = ({ width, height }: Size): Size => ({
  width: Math.min(width, height * MOST_ASPECT),
  height: Math.min(height, width * MOST_ASPECT),
});

/** How much larger than its input a tower wants the pixels: the last step has to be its own kernel's. */
const DETAIL = 1.5;

/** The size a tower's input is to be made from: `reducedSize`, or more for towers that see more than most. */
export const detailedSize = (picture: Size, preprocessing: Preprocessing): Size => {
  const resized = resizedTo(picture, preprocessing);
  const needed = scaled(picture, DETAIL * Math.max(resized.width / picture.width, resized.height / picture.height));
  const reduced = reducedSize(picture);
  return needed.width > reduced.width ? needed : reduced;
};

/**
 * Resizes a picture for a tower and keeps its centre.
 *
 * @param pixels the picture, decoded to whatever size
 * @param picture its own size, which decides where its centre is
 * @returns interleaved 8-bit sRGB, `[crop.height × crop.width × 3]`
 */
export const cropFor = (
  { crop, kernel, ...preprocessing }: Preprocessing,
  { data, ...size }: Pixels,
  picture: Size,
): Promise<Uint8Array> => {
  const isCut = 'shortestEdge' in preprocessing.resize;
  const part = isCut ? middleOf(size) : size;
  const { width, height } = resizedTo(isCut ? middleOf(picture) : picture, preprocessing);
  const left = Math.ceil((width - crop.width) / 2);
  const top = Math.ceil((height - crop.height) / 2);
  const image = sharp(data, { raw: { ...size, channels: 3 } });
  if (part.width < size.width || part.height < size.height)
    image.extract({
      left: Math.floor((size.width - part.width) / 2),
      top: Math.floor((size.height - part.height) / 2),
      ...part,
    });
  return image
    .resize(width, height, { fit: 'fill', kernel })
    .extract({ left, top, ...crop })
    .raw()
    .toBuffer();
};

/** What each of the 256 levels of each channel becomes, `[3 × 256]`. */
export const levelsOf = ({ rescale, mean, std }: Preprocessing): Float32Array =>
  Float32Array.from(
    { length: 3 * 256 },
    (_, index) => ((index & 255) * rescale - mean[index >> 8]!) / std[index >> 8]!,
  );
