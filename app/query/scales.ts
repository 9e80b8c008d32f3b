import type { Curve } from '../contract/index.ts';
import type { Moments } from '../space/moments.ts';
import type { Scale } from './column.ts';

/** Even odds, and how fast they turn, in levels; fitted over several models and sets of captioned photos: docs/retrieval.md. */
export const WORD_CURVE: Curve = { middle: 2.9, slope: 1.5 };
/** What is avoided disturbs at a lower level than what is wanted is seen at. */
const TRACE_EARLIER = 1;

const PICTURE_CURVE: Curve = { middle: 2, slope: 1 };

/**
 * How similarities with words are read.
 *
 * @param usual measured on each library
 * @param curve fitted for the model from captions, where somebody did so
 */
export const wordScale = (usual: Moments, curve = WORD_CURVE): Scale => ({
  usual,
  match: curve,
  trace: { ...curve, middle: curve.middle - TRACE_EARLIER },
});

/** How similarities between pictures are read: what is usual is the similarity of two photos of the library. */
export const pictureScale = (usual: Moments, curve = PICTURE_CURVE): Scale => ({ usual, match: curve, trace: curve });
