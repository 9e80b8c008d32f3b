import { areas } from './areas.ts';
import { arithmetic } from './arithmetic.ts';
import { ATTRIBUTES, DIMENSIONS, MEASURES, REGIONS } from './attributes.ts';
import { measures } from './measures.ts';
import { labGraph } from './oklab.ts';
import { GraphBuilder, type Value } from './onnx.ts';

/** Side of the square pictures that the image tower takes. */
export const SIZE = 64;

/** An attribute counts for no more than this many spreads from the usual. */
const LIMIT = 3;

/** Length that pictures' vectors are brought to; everyday photos need about half of it, only extremes go beyond. */
const RADIUS = 16;

/** The image tower: `pixel_values` `[batch × 3 × SIZE × SIZE]`, sRGB in [0, 1], to `image_embeds` `[batch × DIMENSIONS]`. */
export function visionGraph(): Uint8Array {
  const graph = new GraphBuilder('starter-vision');
  const pixels = graph.input('pixel_values', 'float32', ['batch', 3, SIZE, SIZE]);
  graph.output(embedding(graph, attributes(graph, pixels)), 'image_embeds', 'float32', ['batch', DIMENSIONS]);
  return graph.toBytes();
}

/** Every attribute as it is measured, `[batch × attributes]`. */
function attributes(graph: GraphBuilder, pixels: Value): Value {
  const { concat, reshape, transpose, sqrt } = arithmetic(graph);
  const lab = labGraph(graph, transpose(reshape(pixels, [0, 3, SIZE * SIZE]), [0, 2, 1]));
  const covered = areas(graph, lab, SIZE);
  const measured = measures(graph, lab, covered, SIZE);
  return concat(
    [
      sqrt(covered.palette),
      ...REGIONS.map((region) => sqrt(covered.basic(region))),
      ...MEASURES.map((name) => measured[name]),
    ],
    1,
  );
}

/**
 * Attributes in spreads from the usual, softly limited, then completed by one more dimension to vectors of equal length.
 * So the cosine with a text is linear in the attributes (a photo is not redder for being plain otherwise) and the cosine
 * of two photos falls with the distance of their attributes. The last dimension is 0: no picture is like an unknown word.
 *
 * @see Bachrach et al. 2014, Speeding up the Xbox recommender system, for the completion
 */
function embedding(graph: GraphBuilder, values: Value): Value {
  const { sub, div, mul, sqrt, square, sum, concat, positive } = arithmetic(graph);
  const priors = [...ATTRIBUTES.values()];
  const means = graph.constant(
    priors.map((prior) => prior.mean),
    [priors.length],
  );
  const spreads = graph.constant(
    priors.map((prior) => prior.spread * LIMIT),
    [priors.length],
  );
  const limited = mul(graph.op('Tanh', [div(sub(values, means), spreads)]), LIMIT);
  const length2 = sum(square(limited), 1);
  return concat([limited, sqrt(positive(sub(RADIUS ** 2, length2))), mul(length2, 0)], 1);
}
