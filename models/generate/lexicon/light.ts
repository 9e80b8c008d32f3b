import { type Entries } from './weights.ts';

/** Light, time of day, sources of light. */
// prettier-ignore
export const lightEntries: Entries = {
  'dark|darkness|dim|dimly lit|unlit|gloomy|gloom|murky':
    { shadows: 1, lightness: -1, black: 0.6, highlights: -0.4 },
  'bright|brightly lit|well lit|luminous|light filled':
    { lightness: 1, highlights: 0.6, shadows: -0.7, black: -0.3 },
  'sunny|sunshine|sunlit|sunlight|in the sun|clear day|sunny day':
    { highlights: 0.5, contrast: 0.5, chroma: 0.4, lightness: 0.4, sky: 0.3, 'top blue': 0.4, warmth: 0.2 },
  'shade|shady|shaded|in the shade':
    { shadows: 0.6, contrast: -0.2, lightness: -0.5, highlights: -0.4 },
  'shadow+|shadowy':
    { contrast: 0.8, shadows: 0.8, 'bottom black': 0.4 },
  'night|nighttime|night time|at night|midnight|nocturnal|by night':
    { shadows: 1, black: 0.9, 'top black': 1, lightness: -0.8, 'lights in the dark': 0.5, sky: -0.2, highlights: -0.3 },
  'evening|late evening|nightfall':
    { shadows: 0.5, lightness: -0.5, 'warmth above': 0.3, navy: 0.4, 'light above': 0.3 },
  'dusk|twilight|gloaming|crepuscular':
    { shadows: 0.5, lightness: -0.5, navy: 0.6, lavender: 0.4, 'top purple': 0.4, silhouette: 0.4, 'light above': 0.4 },
  'dawn|daybreak|first light|early morning':
    { 'warm sky': 0.7, 'light above': 0.6, 'top pink': 0.5, 'top orange': 0.3, pastel: 0.3, horizon: 0.3,
      silhouette: 0.3 },
  'sunrise|sunrises':
    { 'warm sky': 1, 'top yellow': 0.7, 'top orange': 0.8, 'warmth above': 0.5, 'light above': 0.6, silhouette: 0.3,
      horizon: 0.4, 'smooth above': 0.3, 'redness above': 0.3, peach: 0.4, 'top black': -0.5, 'top green': -0.3,
      'lines above': 0.3 },
  'sunset+|sundown|setting sun|orange sunset+|red sunset+|sunset sky':
    { 'warm sky': 0.9, 'top orange': 0.9, 'warmth above': 0.5, 'redness above': 0.5, 'top pink': 0.4,
      'light above': 0.5, silhouette: 0.4, horizon: 0.3, 'horizontal lines': 0.4, 'top green': -0.4, peach: 0.5,
      'top beige': 0.2, 'lines above': 0.3, 'top black': -0.5 },
  'pink sunset+|purple sunset+|pink sunrise+':
    { 'warm sky': 0.8, 'top pink': 1, 'top purple': 0.7, 'redness above': 0.5, silhouette: 0.5, 'light above': 0.5 },
  'golden hour|golden light|evening light|evening sun|low sun':
    { gold: 0.6, warmth: 0.7, 'warm sky': 0.8, 'warmth above': 0.5, 'top yellow': 0.4, silhouette: 0.3, contrast: 0.2,
      'light above': 0.4 },
  'blue hour':
    { navy: 1, slate: 0.7, blue: 0.5, 'top blue': 0.6, shadows: 0.4, warmth: -0.7, 'lights in the dark': 0.4 },
  'day|daytime|daylight|by day|midday|noon':
    { lightness: 0.6, shadows: -0.6, 'top black': -0.6, black: -0.4 },
  'morning|morning light':
    { lightness: 0.3, 'light above': 0.4, warmth: 0.2, contrast: -0.2, pastel: 0.2 },
  'afternoon|afternoon light':
    { lightness: 0.3, warmth: 0.4, contrast: 0.3 },
  'moon|moonlight|moonlit|full moon':
    { shadows: 0.9, 'top black': 0.9, black: 0.6, specks: 0.2, 'lights in the dark': 0.4, chroma: -0.4,
      'light centre': 0.3 },
  'star|stars|starry|starry sky|starry night|milky way|galaxy|astrophotography|night sky':
    { 'top black': 1, black: 0.8, navy: 0.5, shadows: 0.8, 'lights in the dark': 0.9, detail: 0.2, lightness: -0.6 },
  'city lights|night lights|lights|street lights|streetlights|lights at night|city at night|night city':
    { 'lights in the dark': 1, shadows: 0.8, black: 0.6, 'top black': 0.4, gold: 0.3, orange: 0.3, uprights: 0.2 },
  'fairy lights|string lights|christmas lights|lanterns|lantern':
    { 'lights in the dark': 1, shadows: 0.5, gold: 0.6, orange: 0.4, warmth: 0.5 },
  'neon|neon light+|neon sign+|neon lights at night':
    { vividness: 0.8, 'lights in the dark': 0.7, magenta: 0.6, purple: 0.5, blue: 0.3, shadows: 0.6, variety: 0.5 },
  'firework+|firecracker+|sparkler+|sparks':
    { 'lights in the dark': 1, black: 0.8, 'top black': 0.6, shadows: 0.7, red: 0.3, gold: 0.3, 'light centre': 0.4 },
  'candle+|candlelight|candlelit|by candlelight':
    { warmth: 0.8, shadows: 0.8, orange: 0.6, gold: 0.5, 'lights in the dark': 0.5, 'light centre': 0.4, black: 0.4,
      'top black': 0.5, 'warm sky': -0.4 },
  'fire+|flame+|bonfire+|campfire+|burning|blaze|fireplace+|ember+':
    { orange: 1, 'centre orange': 0.9, gold: 0.3, red: 0.3, yellow: 0.2, shadows: 0.6, black: 0.4, warmth: 0.7,
      'light centre': 0.3, 'warm sky': -0.5, 'top black': 0.5, horizon: -0.3 },
  'lamp+|lamplight|light bulb+|lightbulb+':
    { 'lights in the dark': 0.6, warmth: 0.5, shadows: 0.4, gold: 0.4, 'light above': 0.2 },
  'spotlight+|stage light+|stage lighting|concert light+|spotlit':
    { 'light centre': 0.6, shadows: 0.7, black: 0.7, 'lights in the dark': 0.6, vividness: 0.3 },
  'glow|glowing|radiant|shining|shiny|gleaming':
    { 'light centre': 0.6, highlights: 0.4, 'lights in the dark': 0.4, warmth: 0.2 },
  'lightning|thunder|lightning bolt+|thunderbolt+':
    { shadows: 0.6, 'top black': 0.4, 'top purple': 0.5, 'top blue': 0.4, 'lights in the dark': 0.6, navy: 0.4 },
  'silhouette+|silhouetted':
    { silhouette: 1.2, black: 0.7, contrast: 0.7, 'light above': 0.3, 'smooth above': 0.3, shadows: 0.5 },
  'backlit|backlight|backlighting|against the light|contre jour|sun behind|lens flare+|sunburst+':
    { silhouette: 0.8, highlights: 0.6, 'light above': 0.6, contrast: 0.6, warmth: 0.2 },
  'low key|chiaroscuro':
    { black: 1, 'top black': 0.8, 'bottom black': 0.5, shadows: 0.8, 'light centre': 0.4, lightness: -0.6 },
  'high key|overexposed|blown out|washed in light':
    { white: 1, 'top white': 0.8, 'bottom white': 0.5, highlights: 0.9, lightness: 0.8, shadows: -0.5 },
  'underexposed|too dark|very dark|pitch dark|blackness':
    { lightness: -1, black: 1, shadows: 0.9, highlights: -0.5 },
  'high contrast|contrasty|strong contrast|harsh light|hard light|harsh':
    { contrast: 1.2, shadows: 0.5, highlights: 0.6, structure: 0.4 },
  'low contrast|soft contrast|flat light|flat':
    { contrast: -1.2, shadows: -0.4, highlights: -0.4, structure: -0.4 },
  'soft light|soft|gentle|diffuse light|softness|delicate':
    { contrast: -0.7, edges: -0.5, detail: -0.4, pastel: 0.5, smoothness: 0.3 },
  'dramatic|dramatic light|dramatic lighting|moody|moody light|brooding':
    { contrast: 0.6, shadows: 0.8, lightness: -0.4, black: 0.5, chroma: -0.2, silhouette: 0.4 },
  'dramatic sky|dramatic skies|stormy sky|stormy skies|dark sky|dark skies|dark cloud+':
    { 'top grey': 1, 'top black': 0.4, 'top blue': 0.2, contrast: 0.4, shadows: 0.5, 'warmth above': -0.2,
      lightness: -0.4 },
  'vignette|vignetting|dark corners|dark edges':
    { 'light centre': 1.2, shadows: 0.3 },
  'reflection+|mirrored|reflected':
    { horizon: 0.5, asymmetry: -0.4, 'bottom blue': 0.4, 'horizontal lines': 0.4 },
};
