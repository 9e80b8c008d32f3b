import { type Entries } from './weights.ts';

/** Streets, buildings, rooms and materials, as far as colour, light and lines tell them. */
// prettier-ignore
export const placeEntries: Entries = {
  'city|cities|cityscape+|urban|downtown|metropolis|town+':
    { uprights: 0.7, grey: 0.7, 'dark grey': 0.4, structure: 0.5, busyness: 0.4, chroma: -0.3, 'bottom green': -0.4 },
  'skyline+|city skyline+':
    { uprights: 0.5, horizon: 0.6, 'smooth above': 0.8, sky: 0.5, 'light above': 0.5, slate: 0.4, silhouette: 0.2 },
  'street+|road+|sidewalk+|pavement+|highway+|asphalt|tarmac|parking lot+|traffic|driveway+|alley+':
    { 'bottom grey': 1.2, grey: 0.8, 'dark grey': 0.6, 'bottom green': -0.4, chroma: -0.4, 'warmth below': -0.2,
      'edges above': 0.3, 'smooth above': -0.3 },
  'building+|house+|facade+|architecture|architectural|skyscraper+|tower block+|apartment+|tower+':
    { uprights: 0.9, 'horizontal lines': -0.2, structure: 0.5, grey: 0.4, 'light grey': 0.3, 'centre beige': 0.3,
      contrast: 0.2 },
  'concrete|cement|brutalist|brutalism|industrial':
    { grey: 1, 'light grey': 0.5, 'dark grey': 0.4, chroma: -0.6, vividness: -0.4 },
  'brick+|brick wall+|bricks and mortar':
    { 'dark red': 0.8, brown: 0.8, peach: 0.3, 'top red': 0.4, detail: 0.3, warmth: 0.4, busyness: 0.2 },
  'bridge+':
    { 'horizontal lines': 0.5, horizon: 0.3, slate: 0.4, 'bottom blue': 0.3, 'dark grey': 0.3, structure: 0.3 },
  'fence+|railing+|grid+|columns|pillars|vertical lines|verticals|upright lines':
    { 'horizontal lines': -1, uprights: 0.7, edges: 0.3 },
  'horizontal lines|horizontals|layers|layered|steps|stairs|staircase+|blinds':
    { 'horizontal lines': 1.2, horizon: 0.6 },
  'indoor|indoors|inside|interior+|room+|living room+|bedroom+|home':
    { warmth: 0.5, 'top beige': 0.7, tan: 0.5, brown: 0.4, sky: -0.5, 'top blue': -0.6, green: -0.4,
      'bottom green': -0.4, 'light above': -0.2, 'top green': -0.4, 'redness above': 0.3 },
  'kitchen+|bathroom+|bath|bathtub+|office+|hospital+|laboratory|classroom+|gym':
    { white: 0.5, 'light grey': 0.6, cream: 0.4, 'top beige': 0.3, 'top white': 0.4, sky: -0.4, 'bottom green': -0.4,
      green: -0.3 },
  'bar+|pub+|restaurant+|cafe+|tavern+|cosy|cozy|snug':
    { warmth: 0.8, brown: 0.6, gold: 0.5, shadows: 0.5, orange: 0.3, sky: -0.3, 'lights in the dark': 0.3 },
  'concert+|stage+|gig+|nightclub+|disco|club|party|parties|theatre':
    { shadows: 0.8, black: 0.8, 'lights in the dark': 0.6, 'top black': 0.5, vividness: 0.4, magenta: 0.3,
      purple: 0.4 },
  'church|churches|cathedral+|temple+|chapel+':
    { uprights: 0.6, asymmetry: -0.5, tan: 0.4, gold: 0.3, shadows: 0.3, 'light above': 0.2 },
  'tunnel+|cellar+|basement+|subway|metro|underground':
    { black: 0.7, shadows: 0.7, 'light centre': 0.6, asymmetry: -0.3, 'top black': 0.4 },
  'tennis|tennis court+|basketball court+|basketball|court':
    { 'one hue': 0.3, 'bottom green': 0.4, 'bottom blue': 0.4, smoothness: 0.2, 'bottom brown': 0.3 },
  'ice rink+|hockey|ice hockey|ice skating|skating rink+':
    { 'bottom white': 1, 'light grey': 0.6, white: 0.6, 'light blue': 0.3, lightness: 0.4 },
  'wood grain|wooden|timber|plank+|lumber|log+|wooden floor+|hardwood|parquet':
    { brown: 1, tan: 0.7, 'bottom brown': 0.5, warmth: 0.6, 'one hue': 0.3 },
  'metal|metallic|steel|chrome|iron|aluminium|stainless steel':
    { grey: 0.8, 'light grey': 0.6, 'dark grey': 0.4, chroma: -0.6, contrast: 0.3 },
  'marble|porcelain|ceramic|alabaster|plaster':
    { white: 0.7, 'light grey': 0.6, cream: 0.4, chroma: -0.3, lightness: 0.5 },
  'leather':
    { brown: 0.9, 'dark red': 0.3, black: 0.4, 'centre brown': 0.6, warmth: 0.4 },
  'blackboard+|chalkboard+|slate board+':
    { 'dark grey': 0.8, black: 0.6, 'dark green': 0.3, smoothness: 0.3, chroma: -0.4 },
  'document+|paper+|page+|receipt+|letter+|screenshot+|whiteboard+|printed text|newspaper+|scan+':
    { white: 1, 'centre white': 0.8, highlights: 0.6, chroma: -0.5, lightness: 0.7, 'top white': 0.4,
      'bottom white': 0.4, detail: 0.2 },
  'graffiti|mural+|street art':
    { variety: 0.8, vividness: 0.6, busyness: 0.4, 'top grey': 0.2, magenta: 0.3, blue: 0.3, red: 0.3 },
  'stained glass|mosaic+|kaleidoscope':
    { variety: 0.9, vividness: 0.7, contrast: 0.5, busyness: 0.4, asymmetry: -0.2 },
  'market+|bazaar+|fair+|carnival+|parade+|festival+|fairground+|amusement park+|circus':
    { variety: 0.8, vividness: 0.6, busyness: 0.6, edges: 0.3, red: 0.3 },
  'crowd+|crowded|cluttered|clutter|busy|chaotic|messy|full of detail|packed':
    { busyness: 1, edges: 0.8, detail: 0.6, smoothness: -0.7, structure: 0.3 },
  'window light|by the window|window+':
    { 'light centre': 0.4, contrast: 0.5, highlights: 0.4, shadows: 0.3, uprights: 0.3 },
  'aeroplane+|airplane+|plane+|aircraft|kite+|bird in the sky|birds in the sky|hot air balloon+|flying':
    { sky: 1, 'top blue': 0.8, 'bottom blue': 0.6, smoothness: 0.7, 'smooth above': 0.3, subject: 0.4,
      'light blue': 0.5 },
  'boat+|ship+|sailing|sailboat+|yacht+|kayak+|canoe+|kayaking|rowing':
    { 'bottom blue': 0.8, slate: 0.6, 'horizontal lines': 0.3, 'bottom cyan': 0.4, horizon: 0.3, 'warmth below': -0.5 },
};
