import { BASIC_COLOURS, COLOURS, PALETTE, type BasicColour, type Colour } from './palette.ts';
import { namesOf } from './records.ts';

/** Parts of the picture whose basic colours are attributes of their own. */
export const REGIONS = ['top', 'bottom', 'centre'] as const;

/** What is usual over everyday photos: the mean, and how far photos commonly lie from it. */
export interface Prior {
  readonly mean: number;
  readonly spread: number;
}

const usual = (mean: number, spread: number): Prior => ({ mean, spread });

/**
 * Measures beside areas of colour. The priors are round design constants: looked at beside a few hundred everyday
 * photos, not fitted to them.
 */
const MEASURE_PRIORS = {
  lightness: usual(0.55, 0.11),
  contrast: usual(0.18, 0.05),
  shadows: usual(0.38, 0.18),
  highlights: usual(0.22, 0.15),
  'light above': usual(0.04, 0.18),
  'light left': usual(0, 0.1),
  'light centre': usual(0, 0.09),
  silhouette: usual(0.04, 0.05),
  specks: usual(0.07, 0.03),
  'lights in the dark': usual(0.03, 0.02),
  chroma: usual(0.04, 0.02),
  vividness: usual(0.2, 0.12),
  pastel: usual(0.25, 0.14),
  monochrome: usual(0.03, 0.15),
  variety: usual(0.04, 0.015),
  'one hue': usual(0.5, 0.22),
  warmth: usual(0.015, 0.03),
  redness: usual(0, 0.02),
  'warmth above': usual(0.01, 0.04),
  'warmth below': usual(0.02, 0.03),
  'redness above': usual(0, 0.025),
  'redness below': usual(0, 0.025),
  sepia: usual(0.06, 0.15),
  detail: usual(0.18, 0.035),
  edges: usual(0.24, 0.04),
  'edges above': usual(0.23, 0.06),
  'edges below': usual(0.23, 0.05),
  structure: usual(0.09, 0.025),
  fineness: usual(0.35, 0.1),
  smoothness: usual(0.17, 0.13),
  busyness: usual(0.6, 0.12),
  'horizontal lines': usual(0.02, 0.16),
  'lines above': usual(0.04, 0.2),
  'lines below': usual(0.06, 0.2),
  'smooth above': usual(0.03, 0.2),
  'sharp centre': usual(0.25, 0.27),
  horizon: usual(0.075, 0.04),
  uprights: usual(0.065, 0.035),
  asymmetry: usual(0.6, 0.18),
  subject: usual(0.075, 0.05),
  sky: usual(0.07, 0.15),
  'warm sky': usual(0.02, 0.05),
  fog: usual(0.01, 0.1),
} as const;

export type Measure = keyof typeof MEASURE_PRIORS;
export type Attribute = Colour | `${(typeof REGIONS)[number]} ${BasicColour}` | Measure;

export const MEASURES = namesOf(MEASURE_PRIORS);

/** Rare colours lie close to none at all; common ones differ more from photo to photo, and more so in a part of it. */
const area = (root: number, least: number): Prior => usual(root, least + root / 4);

const basicRoot = (basic: BasicColour): number =>
  Math.hypot(...COLOURS.filter((name) => PALETTE[name].basic === basic).map((name) => PALETTE[name].usual));

/**
 * The attributes and their priors, in the order of the embedding: the palette's colours over the whole picture, the
 * basic colours of each region, the measures. Colours count by the root of their area, for a tenth of a picture in red
 * already makes it a picture with something red.
 */
export const ATTRIBUTES: ReadonlyMap<Attribute, Prior> = new Map<Attribute, Prior>([
  ...COLOURS.map((name) => [name, area(PALETTE[name].usual, 0.06)] as const),
  ...REGIONS.flatMap((region) =>
    BASIC_COLOURS.map((basic) => [`${region} ${basic}`, area(basicRoot(basic), 0.08)] as const),
  ),
  ...MEASURES.map((name) => [name, MEASURE_PRIORS[name]] as const),
]);

/** Length of the vectors: the attributes, what completes a picture's vector, what stands for unknown words. */
export const DIMENSIONS = ATTRIBUTES.size + 2;
