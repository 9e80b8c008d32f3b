import { type Entries } from './weights.ts';

/** How a picture looks: style, saturation, texture, composition, mood. */
// prettier-ignore
export const styleEntries: Entries = {
  'black and white|b and w|monochrome|monochromatic|greyscale|grayscale|bw|black white|noir|film noir|colourless|without colour|no colour':
    { monochrome: 2, chroma: -0.8, variety: -0.6, vividness: -0.5, contrast: 0.3 },
  'sepia|sepia toned|vintage|retro|old photo+|old photograph+|antique|nostalgic|aged':
    { sepia: 1.2, 'one hue': 0.6, tan: 0.5, brown: 0.4, vividness: -0.4, variety: -0.4, warmth: 0.3 },
  'colourful|colour|colours|bright colours|many coloured|multicolour|full of colour':
    { variety: 1, vividness: 0.9, chroma: 0.8 },
  'vivid|vibrant|saturated|bold|bold colours|vivid colours|intense|strong colours|psychedelic|punchy':
    { vividness: 1.1, chroma: 1, variety: 0.3 },
  'muted|desaturated|faded|washed out|subdued|pale|dull colours|muted colours|drab':
    { chroma: -1, vividness: -0.9, variety: -0.5 },
  'pastel|pastels|pastel colours|pastel tones|soft colours|candy coloured':
    { pastel: 1.3, lightness: 0.5, contrast: -0.4, vividness: -0.3 },
  'warm|warm tones|warm colours|warm light|hot|heat':
    { warmth: 1.2, 'warmth above': 0.5, 'warmth below': 0.5, redness: 0.3 },
  'cool|cold|cool tones|cool colours|cold light|chilly|cold tones':
    { warmth: -1.2, 'warmth above': -0.4, 'warmth below': -0.4, slate: 0.3 },
  'earthy|earth tones|earth colours|natural tones':
    { brown: 0.8, tan: 0.6, olive: 0.6, warmth: 0.4, vividness: -0.3 },
  'one colour|single colour|solid colour|plain colour|same colour|tone on tone|tinted':
    { 'one hue': 1, variety: -0.8, smoothness: 0.3 },
  'complementary colours|contrasting colours|colour contrast':
    { variety: 1, 'one hue': -0.6, vividness: 0.5, subject: 0.3 },
  'minimal|minimalist|minimalism|minimalistic|negative space|sparse|uncluttered|simple':
    { smoothness: 1.2, busyness: -0.9, edges: -0.6, detail: -0.4, subject: 0.2 },
  'empty|plain|blank|clean|bare|featureless':
    { smoothness: 1, edges: -0.8, busyness: -0.8, structure: -0.6, subject: -0.3 },
  'smooth|silky|sleek|glassy|polished':
    { smoothness: 1.2, detail: -0.7, edges: -0.5 },
  'texture+|textured|rough|coarse|grainy|gritty|rugged|weathered':
    { detail: 1, busyness: 0.7, smoothness: -0.7, edges: 0.3 },
  'detailed|fine detail|intricate|details|sharp|crisp|in focus|ornate|lace|filigree':
    { detail: 1.1, edges: 0.7, busyness: 0.5, smoothness: -0.3 },
  'blurry|blurred|blur|out of focus|soft focus|defocused|unsharp|motion blur|dreamy|dreamlike|ethereal':
    { detail: -1.1, edges: -0.8, busyness: -0.6, structure: -0.2 },
  'pattern+|patterned|repetition|repeating|geometric|geometry|tiles|tiled|checkered|chequered|polka dot+':
    { edges: 0.7, detail: 0.5, asymmetry: -0.6, 'one hue': 0.2, structure: 0.2, busyness: 0.3 },
  'stripe+|striped|stripy|lines|zebra+|zebra crossing+':
    { edges: 0.7, contrast: 0.6, structure: 0.4, detail: 0.3, uprights: 0.2 },
  'close up|close ups|closeup+|macro|macro shot+|up close|extreme close up|detail shot':
    { 'sharp centre': 0.9, subject: 0.9, detail: -0.6, busyness: -0.5, horizon: -0.4, structure: -0.2, smoothness: 0.3,
      'light above': -0.2 },
  'bokeh|blurred background+|blurry background+|shallow depth of field|background blur|out of focus background+':
    { 'sharp centre': 1.1, smoothness: 0.6, detail: -0.4, subject: 0.4, busyness: -0.3 },
  'portrait+|headshot+':
    { 'sharp centre': 0.7, 'centre beige': 0.9, peach: 0.9, subject: 0.6, smoothness: 0.3, 'bottom green': -0.2,
      horizon: -0.3 },
  'centred|centred subject+|in the centre|in the middle|central|middle|subject in the centre|lone subject|single object|isolated':
    { subject: 1.1, 'sharp centre': 0.9, asymmetry: -0.3 },
  'symmetry|symmetric|symmetrical|mirror image+|balanced':
    { asymmetry: -1.5 },
  'asymmetric|asymmetrical|asymmetry|unbalanced|off centre':
    { asymmetry: 1.5 },
  'wide angle|wide shot+|wide view|distant|far away|from afar|aerial|aerial view+|bird s eye view|from above|drone shot+':
    { busyness: 0.4, detail: 0.4, subject: -0.5, 'sharp centre': -0.5, horizon: 0.2 },
  'gradient+|ombre|fading|colour gradient+':
    { smoothness: 0.9, edges: -0.7, busyness: -0.7, variety: 0.4, 'light above': 0.2 },
  'abstract|abstraction|abstract art|nonrepresentational':
    { variety: 0.4, smoothness: 0.4, vividness: 0.4, sky: -0.3, horizon: -0.3, 'one hue': 0.2 },
  'airy|light and airy|ethereal light|bright and airy|fresh':
    { lightness: 0.9, highlights: 0.6, shadows: -0.7, contrast: -0.3, pastel: 0.4 },
  'dark and moody|sombre|somber|sinister|ominous|gothic|spooky|eerie|creepy|haunted':
    { shadows: 1, lightness: -0.8, chroma: -0.5, black: 0.6, fog: 0.2 },
  'calm|calming|serene|serenity|peaceful|tranquil|tranquility|quiet|relaxing|zen':
    { smoothness: 0.9, busyness: -0.7, edges: -0.5, contrast: -0.3, horizon: 0.3, slate: 0.2, 'light blue': 0.2 },
  'energetic|dynamic|lively|loud|exciting':
    { vividness: 0.8, contrast: 0.5, busyness: 0.5, edges: 0.3, variety: 0.4 },
  'romantic|romance|tender|sweet':
    { pink: 0.6, peach: 0.4, warmth: 0.5, pastel: 0.5, detail: -0.3, contrast: -0.3 },
  'melancholy|melancholic|sad|lonely|bleak|desolate|solitude':
    { chroma: -0.7, slate: 0.4, grey: 0.5, 'dark grey': 0.3, smoothness: 0.4, lightness: -0.3, warmth: -0.4 },
  'cheerful|happy|joyful|playful|fun':
    { vividness: 0.7, lightness: 0.5, variety: 0.7, yellow: 0.4, warmth: 0.2 },
  'elegant|classy|luxurious|luxury':
    { black: 0.5, gold: 0.5, smoothness: 0.3, contrast: 0.3, shadows: 0.3 },
  'christmas|christmassy|christmas tree+|xmas':
    { red: 0.7, 'dark green': 0.7, gold: 0.4, 'lights in the dark': 0.4, warmth: 0.3 },
  'halloween':
    { orange: 0.9, black: 0.8, shadows: 0.6, 'centre orange': 0.5 },
  'cartoon+|comic+|poster+|logo+|illustration+|clip art|drawing+':
    { smoothness: 0.8, vividness: 0.6, contrast: 0.5, edges: 0.2, detail: 0.2, white: 0.3 },
  'sketch|sketches|line art|pencil drawing+|line drawing+|ink drawing+|engraving+':
    { white: 0.8, monochrome: 0.8, chroma: -0.6, highlights: 0.5, detail: 0.4 },
};
