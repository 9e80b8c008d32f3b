import { ATTRIBUTES, REGIONS, type Attribute } from '../attributes.ts';
import { BASIC_COLOURS, type BasicColour } from '../palette.ts';
import { type Entries, type Weights } from './weights.ts';

type Regions = Readonly<Partial<Record<(typeof REGIONS)[number], number>>>;

/** What a basic colour is made of, wherever it is. */
const BASIC: Readonly<Record<BasicColour, Weights>> = {
  black: { black: 1, shadows: 0.2, chroma: -0.2 },
  grey: { grey: 1, 'dark grey': 0.4, 'light grey': 0.4, chroma: -0.5, vividness: -0.3 },
  white: { white: 1, highlights: 0.3 },
  red: { red: 1, 'dark red': 0.2 },
  orange: { orange: 1, gold: 0.1 },
  brown: { brown: 1, warmth: 0.2 },
  beige: { tan: 0.9, cream: 0.6, peach: 0.3 },
  yellow: { yellow: 1, gold: 0.3 },
  green: { green: 1, 'dark green': 0.2, 'light green': 0.4, olive: 0.1 },
  cyan: { turquoise: 1, teal: 0.5 },
  blue: { blue: 1, 'light blue': 0.4, navy: 0.1 },
  purple: { purple: 1, lavender: 0.5 },
  pink: { pink: 1, magenta: 0.5 },
};

/** Where a colour is looked for when nothing is said: most of all in the middle. */
const ANYWHERE: Regions = { centre: 0.7, top: 0.2, bottom: 0.2 };

/** The words that stand for a basic colour, alone and in front of another word ("violet sky"). */
const BASIC_WORDS: Readonly<Record<BasicColour, string>> = {
  black: 'black|blackish|jet black|pitch black',
  grey: 'grey|greyish',
  white: 'white|whitish',
  red: 'red|reddish',
  orange: 'orange',
  brown: 'brown|brownish',
  beige: 'beige',
  yellow: 'yellow|yellowish',
  green: 'green|greenish',
  cyan: 'cyan|aqua',
  blue: 'blue|bluish',
  purple: 'purple|violet',
  pink: 'pink|pinkish',
};

// prettier-ignore
const SHADES: Entries = {
  'charcoal|dark grey':
    { 'dark grey': 1, black: 0.4, shadows: 0.5, chroma: -0.3 },
  'light grey|pale grey|silver|silvery':
    { 'light grey': 1, grey: 0.3, chroma: -0.4, lightness: 0.3 },
  'off white|ivory|cream|creamy|eggshell':
    { cream: 1, white: 0.4, 'centre beige': 0.3, lightness: 0.5 },
  'snow white|pure white|bright white':
    { white: 1, 'centre white': 0.6, highlights: 0.8, lightness: 0.5 },
  'bright red|vivid red|scarlet|vermilion':
    { red: 1, 'centre red': 0.6, vividness: 0.4 },
  'dark red|deep red|maroon|burgundy|crimson|wine red|ruby|garnet':
    { 'dark red': 1, red: 0.4, 'centre red': 0.5, lightness: -0.2 },
  'rust|rusty|rusted|terracotta|brick red':
    { 'dark red': 0.5, brown: 0.7, orange: 0.4, 'centre red': 0.3, warmth: 0.4 },
  'coral|salmon|salmon pink':
    { orange: 0.4, pink: 0.7, peach: 0.5, 'centre pink': 0.3, redness: 0.4 },
  'light pink|pale pink|baby pink|pastel pink|rosy|blush':
    { pink: 1, peach: 0.3, pastel: 0.6, 'centre pink': 0.5, lightness: 0.3 },
  'hot pink|magenta|fuchsia|bright pink|deep pink|neon pink':
    { magenta: 1, pink: 0.4, 'centre pink': 0.6, vividness: 0.4 },
  'bright orange|vivid orange|tangerine':
    { orange: 1, 'centre orange': 0.6, vividness: 0.4 },
  'dark orange|burnt orange|copper|coppery|bronze|amber':
    { orange: 0.8, brown: 0.4, gold: 0.5, 'centre orange': 0.3, warmth: 0.4 },
  'light orange|apricot|peach|peachy|skin tone+|flesh tone+':
    { peach: 1, orange: 0.3, pink: 0.2, 'centre beige': 0.5, warmth: 0.3 },
  'dark brown|chocolate brown|chestnut|mahogany|umber':
    { brown: 1, black: 0.3, 'centre brown': 0.5, shadows: 0.4, warmth: 0.3 },
  'light brown|tan|khaki|camel brown|caramel|sandy brown|fawn':
    { tan: 1, brown: 0.4, 'centre beige': 0.5, warmth: 0.4 },
  'golden|gold|golden yellow|mustard|mustard yellow|ochre':
    { gold: 1, yellow: 0.4, orange: 0.2, 'centre yellow': 0.4, warmth: 0.5 },
  'bright yellow|vivid yellow|lemon yellow|canary yellow':
    { yellow: 1, 'centre yellow': 0.7, vividness: 0.4 },
  'light yellow|pale yellow|pastel yellow|blond|blonde':
    { cream: 0.7, yellow: 0.4, gold: 0.3, pastel: 0.3, 'centre yellow': 0.3 },
  'dark yellow|olive|olive green|khaki green|army green|camouflage':
    { olive: 1, 'dark green': 0.3, 'centre green': 0.3, chroma: -0.1 },
  'lime|lime green|light green|pale green|mint|mint green|pastel green|yellow green':
    { 'light green': 1, green: 0.4, 'centre green': 0.4, lightness: 0.3 },
  'bright green|vivid green|emerald|emerald green|neon green|grass green':
    { green: 1, 'light green': 0.4, 'centre green': 0.5, vividness: 0.5 },
  'dark green|deep green|forest green|bottle green|moss green|hunter green':
    { 'dark green': 1, green: 0.2, 'centre green': 0.5, lightness: -0.3 },
  'teal|petrol|petrol blue|blue green|greenish blue|sea green|jade':
    { teal: 1, turquoise: 0.4, 'centre cyan': 0.6 },
  'turquoise|aquamarine|light cyan|bright cyan':
    { turquoise: 1, teal: 0.3, 'centre cyan': 0.6, lightness: 0.2 },
  'dark cyan|dark teal|deep teal':
    { teal: 1, 'centre cyan': 0.5, lightness: -0.4 },
  'light blue|sky blue|baby blue|pale blue|powder blue|pastel blue|ice blue':
    { 'light blue': 1, 'centre blue': 0.4, lightness: 0.4, warmth: -0.3 },
  'azure|cerulean|bright blue|vivid blue|royal blue|cobalt|cobalt blue|electric blue|sapphire|ultramarine':
    { blue: 1, 'light blue': 0.2, 'centre blue': 0.5, vividness: 0.4, warmth: -0.3 },
  'steel blue|slate|slate blue|grey blue|blue grey|dusty blue':
    { slate: 1, 'centre blue': 0.5, chroma: -0.2, warmth: -0.3 },
  'dark blue|deep blue|navy|navy blue|midnight blue|indigo|denim|jeans':
    { navy: 1, blue: 0.2, 'centre blue': 0.5, warmth: -0.4, lightness: -0.3 },
  'lavender|lilac|mauve|light purple|pale purple|pastel purple|wisteria':
    { lavender: 1, purple: 0.2, pink: 0.2, 'centre purple': 0.6, pastel: 0.3 },
  'dark purple|deep purple|plum|aubergine|eggplant purple':
    { purple: 1, 'centre purple': 0.6, 'dark red': 0.1, lightness: -0.4 },
  'bright purple|vivid purple|neon purple|amethyst':
    { purple: 1, magenta: 0.2, 'centre purple': 0.6, vividness: 0.5 },
};

/** Where a colour is said to be: the regions that show it, and what else the place looks like. */
const PLACES: Readonly<Record<string, { readonly in: Regions; readonly with: Weights }>> = {
  '{} sky|{} skies|sky is {}': {
    in: { top: 3 },
    with: { sky: 0.8, 'smooth above': 0.8, 'light above': 0.6 },
  },
  '{} cloud+': {
    in: { top: 3 },
    with: { sky: 0.6, 'light above': 0.6, pastel: 0.4 },
  },
  '{} water|{} sea+|{} ocean|{} lake+|{} river+|{} pool+': {
    in: { bottom: 2.8, centre: 1 },
    with: { 'bottom blue': 0.6, 'bottom cyan': 0.4 },
  },
  '{} ground|{} floor+|{} grass|{} field+|{} sand|{} carpet+': {
    in: { bottom: 3.2, centre: 0.6 },
    with: {},
  },
  '{} background+|{} backdrop+|{} wall+': {
    in: { top: 2.4, bottom: 1 },
    with: { smoothness: 1, 'sharp centre': 0.8, busyness: -0.6 },
  },
  '{} flower+|{} blossom+|{} petal+': {
    in: { centre: 2.8 },
    with: { 'centre green': 0.4, vividness: 0.8, subject: 0.8, 'sharp centre': 0.6 },
  },
  '{} object+|{} subject+|{} in the middle|{} in the centre': {
    in: { centre: 3 },
    with: { subject: 1.2, 'sharp centre': 0.6 },
  },
  '{} light+|{} lighting|{} glow': {
    in: { centre: 2, top: 1 },
    with: { 'one hue': 0.6, 'lights in the dark': 0.6, shadows: 0.6 },
  },
};

/** Colour words, shades, and the basic colours in their places. */
export const colourEntries: Entries = {
  ...Object.fromEntries(
    BASIC_COLOURS.map((basic) => [BASIC_WORDS[basic], sum(BASIC[basic], coloured(ANYWHERE, basic))]),
  ),
  ...SHADES,
  ...Object.fromEntries(
    Object.entries(PLACES).flatMap(([pattern, place]) =>
      BASIC_COLOURS.map((basic) => [
        pattern.replaceAll('{}', basic),
        sum(BASIC[basic], coloured(place.in, basic), place.with),
      ]),
    ),
  ),
};

function coloured(regions: Regions, basic: BasicColour): Weights {
  return Object.fromEntries(REGIONS.map((region) => [`${region} ${basic}`, regions[region] ?? 0]));
}

function sum(...parts: readonly Weights[]): Weights {
  const total = (name: Attribute): number => parts.reduce((amount, part) => amount + (part[name] ?? 0), 0);
  return Object.fromEntries([...ATTRIBUTES.keys()].map((name) => [name, total(name)]));
}
