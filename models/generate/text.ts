import { arithmetic } from './arithmetic.ts';
import { ATTRIBUTES, DIMENSIONS } from './attributes.ts';
import { LEXICON } from './lexicon/index.ts';
import { ELEMENT, GraphBuilder } from './onnx.ts';
import { SPECIAL_TOKENS, VOCABULARY_SIZE } from './tokenizer.ts';

/** What every text has in the last dimension: nothing beside a known word, everything when no word is known. */
const BIAS = 0.01;

/**
 * The text tower: `input_ids` and `attention_mask` `[batch × sequence]` to `text_embeds` `[batch × DIMENSIONS]`, the sum
 * of the meanings of the known words.
 */
export function textGraph(): Uint8Array {
  const graph = new GraphBuilder('starter-text');
  const { add, mul, sum, reshape } = arithmetic(graph);
  const ids = graph.input('input_ids', 'int64', ['batch', 'sequence']);
  const mask = graph.input('attention_mask', 'int64', ['batch', 'sequence']);
  const table = graph.constant(meanings().flat(), [VOCABULARY_SIZE, DIMENSIONS]);
  const counted = graph.op('Unsqueeze', [graph.op('Cast', [mask], { to: ELEMENT.float32 }), graph.integers([2])]);
  const total = sum(mul(graph.op('Gather', [table, ids]), counted), 1);
  const bias = graph.constant([...new Array<number>(DIMENSIONS - 1).fill(0), BIAS], [DIMENSIONS]);
  graph.output(add(reshape(total, [0, DIMENSIONS]), bias), 'text_embeds', 'float32', ['batch', DIMENSIONS]);
  return graph.toBytes();
}

/** One row per token: special tokens mean nothing, lexemes have unit length. */
function meanings(): number[][] {
  const nothing = new Array<number>(DIMENSIONS).fill(0);
  const names = [...ATTRIBUTES.keys()];
  return [
    ...SPECIAL_TOKENS.map(() => nothing),
    ...LEXICON.map(({ weights }) => {
      const length = Math.hypot(...Object.values(weights));
      return [...names.map((name) => (weights[name] ?? 0) / length), 0, 0];
    }),
  ];
}
