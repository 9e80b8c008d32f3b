import { namesOf } from './records.ts';

/** The colours told apart in each part of the picture: the eleven basic English colour terms, with beige and cyan. */
export const BASIC_COLOURS = [
  'black',
  'grey',
  'white',
  'red',
  'orange',
  'brown',
  'beige',
  'yellow',
  'green',
  'cyan',
  'blue',
  'purple',
  'pink',
] as const;

export type BasicColour = (typeof BASIC_COLOURS)[number];

/**
 * Colour names, each with the basic colour it belongs to and a few samples in sRGB.
 * A pixel is shared out among all samples by its distance to them; a name owns what its samples get. `usual` is the
 * root of the area it commonly covers in everyday photos: a rough design constant, like all priors.
 */
export const PALETTE = {
  black: { basic: 'black', usual: 0.25, samples: ['#000000', '#151515', '#101216'] },
  'dark grey': { basic: 'grey', usual: 0.3, samples: ['#363636', '#505050'] },
  grey: { basic: 'grey', usual: 0.3, samples: ['#707070', '#8c8c8c'] },
  'light grey': { basic: 'grey', usual: 0.25, samples: ['#a8a8a8', '#c4c4c4'] },
  white: { basic: 'white', usual: 0.2, samples: ['#e6e6e6', '#ffffff', '#eef3f8'] },
  red: { basic: 'red', usual: 0.04, samples: ['#c8201c', '#ff2218', '#e03a34', '#b5333a'] },
  'dark red': { basic: 'red', usual: 0.08, samples: ['#7c1218', '#560c10', '#702428'] },
  orange: { basic: 'orange', usual: 0.04, samples: ['#ff7f0e', '#f08a2a', '#e25c0c', '#ffab52'] },
  brown: { basic: 'brown', usual: 0.3, samples: ['#7b4a26', '#583a22', '#8f5f3c', '#3c2a1c'] },
  tan: { basic: 'beige', usual: 0.25, samples: ['#c8a97e', '#ad8d66', '#d8c29e'] },
  cream: { basic: 'beige', usual: 0.12, samples: ['#f3e6cc', '#fff3d6'] },
  peach: { basic: 'beige', usual: 0.12, samples: ['#e8b898', '#d39a78'] },
  yellow: { basic: 'yellow', usual: 0.02, samples: ['#ffe01b', '#fff25a', '#ecd025'] },
  gold: { basic: 'yellow', usual: 0.08, samples: ['#d4a017', '#c2922e', '#e0b64a'] },
  olive: { basic: 'green', usual: 0.2, samples: ['#6b6b2c', '#8a8642', '#4b4c24'] },
  green: { basic: 'green', usual: 0.08, samples: ['#2e9b3a', '#3cb043', '#5da648', '#4a8a3c', '#7aa85a', '#90a83c'] },
  'dark green': { basic: 'green', usual: 0.15, samples: ['#15401c', '#23522a', '#2e4726'] },
  'light green': { basic: 'green', usual: 0.04, samples: ['#9be05c', '#b4e2a0', '#62e060', '#c2d048'] },
  teal: { basic: 'cyan', usual: 0.1, samples: ['#0f7c80', '#1f8a85', '#2a686e'] },
  turquoise: { basic: 'cyan', usual: 0.05, samples: ['#30d5c8', '#62d8d2', '#90e2e0', '#00bcd4'] },
  'light blue': { basic: 'blue', usual: 0.15, samples: ['#a6ceee', '#84baf0', '#c6def4', '#6aa8e0'] },
  slate: { basic: 'blue', usual: 0.2, samples: ['#6d88a8', '#8ea4bc', '#4c6480'] },
  blue: { basic: 'blue', usual: 0.04, samples: ['#1f5fd6', '#2a52be', '#3b7dd8', '#1010f0'] },
  navy: { basic: 'blue', usual: 0.1, samples: ['#0d1b4c', '#16233f', '#1c2c60'] },
  purple: { basic: 'purple', usual: 0.01, samples: ['#6a2ca0', '#8a3fb0', '#55267a'] },
  lavender: { basic: 'purple', usual: 0.06, samples: ['#b8a2e2', '#cdbaec', '#9a84c8'] },
  pink: { basic: 'pink', usual: 0.07, samples: ['#f4a6bd', '#ec82a6', '#f6c6d2'] },
  magenta: { basic: 'pink', usual: 0.01, samples: ['#e6008a', '#ff1ea0', '#c01878'] },
} as const satisfies Record<
  string,
  { readonly basic: BasicColour; readonly usual: number; readonly samples: readonly string[] }
>;

export type Colour = keyof typeof PALETTE;

/** The names of the palette, in the order of the embedding. */
export const COLOURS = namesOf(PALETTE);
