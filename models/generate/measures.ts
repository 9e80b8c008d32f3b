import { arithmetic } from './arithmetic.ts';
import { type Areas } from './areas.ts';
import { type Measure } from './attributes.ts';
import { edges } from './edges.ts';
import { type GraphBuilder, type Value } from './onnx.ts';
import { type BasicColour } from './palette.ts';
import { pool, type Window } from './pooling.ts';
import { namesOf } from './records.ts';

/** Keeps roots and quotients of a flat picture finite; below what 8-bit pixels can show. */
const TINY = 1e-6;

/**
 * Light, saturation, warmth, texture and layout, each `[batch × 1]`; their usual values are in `attributes.ts`.
 *
 * @param lab OKLab, `[batch × size² × 3]`
 */
export function measures(
  graph: GraphBuilder,
  lab: Value,
  areas: Areas,
  size: number,
): Readonly<Record<Measure, Value>> {
  const { add, sub, mul, div, sqrt, square, positive, above, below, concat, slice } = arithmetic(graph);
  const [lightness, a, b] = [slice(lab, 2, 0, 1), slice(lab, 2, 1, 2), slice(lab, 2, 2, 3)] as const;
  const chroma = sqrt(add(square(a), square(b), TINY));
  const maps = {
    lightness,
    lightnessSquared: square(lightness),
    a,
    b,
    chroma,
    chromaSquared: square(chroma),
    shadow: below(lightness, 0.32, 0.04),
    highlight: above(lightness, 0.88, 0.03),
    vivid: above(chroma, 0.13, 0.02),
    pastel: mul(above(lightness, 0.72, 0.03), above(chroma, 0.035, 0.006), below(chroma, 0.11, 0.01)),
  };
  const { mean } = pool(graph, concat(Object.values(maps), 2), namesOf(maps), size);
  const edge = edges(graph, lab, size);

  const deviation = (meanSquare: Value, squareMean: Value): Value =>
    sqrt(add(positive(sub(meanSquare, squareMean)), TINY));
  const difference = (map: keyof typeof maps, one: Window, other: Window): Value =>
    sub(mean(map, one), mean(map, other));
  const warmth = (window: Window): Value => add(mean('b', window), mul(mean('a', window), 0.5));
  const lines = (window: Window): Value => {
    const [down, across] = [edge.mean('down', window), edge.mean('across', window)] as const;
    return div(sub(down, across), add(down, across));
  };
  const standsOut = (map: 'lightness' | 'a' | 'b'): Value => square(difference(map, 'centre', 'border'));
  const onTop = (colour: BasicColour): Value => areas.share(colour, 'top');

  const contrast = deviation(mean('lightnessSquared'), square(mean('lightness')));
  const cast = sqrt(add(square(mean('a')), square(mean('b')), TINY));
  const variety = deviation(mean('chromaSquared'), square(cast));
  return {
    lightness: mean('lightness'),
    contrast,
    shadows: sqrt(mean('shadow')),
    highlights: sqrt(mean('highlight')),
    'light above': difference('lightness', 'top', 'bottom'),
    'light left': difference('lightness', 'left', 'right'),
    'light centre': difference('lightness', 'centre', 'border'),
    silhouette: sqrt(mul(areas.share('black', 'whole'), mean('shadow'), add(mean('highlight'), mean('vivid')))),
    specks: sqrt(edge.specks),
    'lights in the dark': sqrt(mul(edge.specks, mean('shadow'))),
    chroma: mean('chroma'),
    vividness: sqrt(mean('vivid')),
    pastel: sqrt(mean('pastel')),
    monochrome: below(sqrt(mean('chromaSquared')), 0.014, 0.002),
    variety,
    'one hue': div(cast, add(mean('chroma'), 0.01)),
    warmth: warmth('whole'),
    redness: mean('a'),
    'warmth above': warmth('top'),
    'warmth below': warmth('bottom'),
    'redness above': mean('a', 'top'),
    'redness below': mean('a', 'bottom'),
    sepia: mul(
      above(div(cast, mean('chroma')), 0.95, 0.012),
      above(mean('b'), 0.02, 0.004),
      below(mean('chromaSquared'), 0.01, 0.002),
    ),
    detail: sqrt(edge.mean('detail')),
    edges: sqrt(edge.mean('edge')),
    'edges above': sqrt(edge.mean('edge', 'top')),
    'edges below': sqrt(edge.mean('edge', 'bottom')),
    structure: edge.structure,
    fineness: div(edge.mean('detail'), add(edge.structure, 0.01)),
    smoothness: edge.mean('smooth'),
    busyness: sqrt(edge.mean('busy')),
    'horizontal lines': lines('whole'),
    'lines above': lines('top'),
    'lines below': lines('bottom'),
    'smooth above': sub(edge.mean('smooth', 'top'), edge.mean('smooth', 'bottom')),
    'sharp centre': div(sub(edge.mean('edge', 'centre'), edge.mean('edge', 'border')), add(edge.mean('edge'), 0.005)),
    horizon: edge.horizon,
    uprights: edge.uprights,
    asymmetry: div(edge.asymmetry, add(contrast, variety, 0.02)),
    subject: sqrt(add(standsOut('lightness'), mul(add(standsOut('a'), standsOut('b')), 4), TINY)),
    sky: mul(edge.mean('smooth', 'top'), add(onTop('blue'), mul(mean('highlight', 'top'), 0.6))),
    'warm sky': mul(
      edge.mean('smooth', 'top'),
      add(onTop('orange'), onTop('yellow'), onTop('pink'), onTop('purple'), mul(onTop('beige'), 0.25)),
    ),
    fog: mul(
      below(contrast, 0.13, 0.02),
      below(edge.mean('edge'), 0.018, 0.003),
      below(mean('chroma'), 0.045, 0.008),
      above(mean('lightness'), 0.45, 0.05),
    ),
  };
}
