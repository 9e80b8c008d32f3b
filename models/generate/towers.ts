import { Tokenizer } from '@huggingface/tokenizers';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { textGraph } from './text.ts';
import { tokenizerConfig, tokenizerJson } from './tokenizer.ts';
import { SIZE, visionGraph } from './vision.ts';

/** Both towers of the generated model, running; vectors are unit vectors. */
export interface Towers {
  /** @param pixels sRGB bytes, `[SIZE × SIZE × 3]` */
  readonly picture: (pixels: Uint8Array) => Promise<readonly number[]>;
  readonly text: (text: string) => Promise<readonly number[]>;
  readonly ids: (text: string) => readonly number[];
}

export async function openTowers(): Promise<Towers> {
  const options = { intraOpNumThreads: 1 };
  const vision = await InferenceSession.create(visionGraph(), options);
  const text = await InferenceSession.create(textGraph(), options);
  const tokenizer = new Tokenizer(tokenizerJson(), tokenizerConfig());
  const ids = (written: string): readonly number[] => tokenizer.encode(written).ids;
  return {
    ids,
    async picture(pixels) {
      const planes = Float32Array.from({ length: 3 * SIZE * SIZE }, (_, index) => {
        const [channel, place] = [Math.floor(index / (SIZE * SIZE)), index % (SIZE * SIZE)] as const;
        return pixels[place * 3 + channel]! / 255;
      });
      const { image_embeds } = await vision.run({ pixel_values: new Tensor('float32', planes, [1, 3, SIZE, SIZE]) });
      return unit(image_embeds);
    },
    async text(written) {
      const tokens = BigInt64Array.from(ids(written), BigInt);
      const { text_embeds } = await text.run({
        input_ids: new Tensor('int64', tokens, [1, tokens.length]),
        attention_mask: new Tensor(
          'int64',
          tokens.map(() => 1n),
          [1, tokens.length],
        ),
      });
      return unit(text_embeds);
    },
  };
}

/** Similarity of two unit vectors. */
export function cosine(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, index) => sum + value * b[index]!, 0);
}

function unit(output: Tensor | undefined): readonly number[] {
  // Both graphs have one float32 output.
  const values = Array.from(output?.data as Float32Array);
  const length = Math.hypot(...values);
  return values.map((value) => value / length);
}
