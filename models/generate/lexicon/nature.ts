import { type Entries } from './weights.ts';

/** Weather, seasons, landscapes, plants. */
// prettier-ignore
export const natureEntries: Entries = {
  'snow|snowy|snowfall|snow covered|in the snow|snowfield+|snowdrift+|snowbound':
    { 'bottom white': 1.2, white: 0.8, 'light grey': 0.3, lightness: 0.5, 'bottom green': -0.5, 'bottom brown': -0.4,
      'bottom beige': -0.4, 'warmth below': -0.7, 'bottom blue': 0.5, 'top green': -0.4, smoothness: 0.3, slate: 0.2 },
  'snowing|snowstorm+|blizzard+|whiteout':
    { white: 0.8, 'light grey': 0.8, fog: 0.5, contrast: -0.3, lightness: 0.6, chroma: -0.6, specks: 0.3 },
  'winter|wintry|winter landscape+|winter day':
    { 'bottom white': 0.8, white: 0.7, 'light grey': 0.5, slate: 0.3, chroma: -0.4, warmth: -0.5, lightness: 0.3 },
  'ice|icy|frozen|glacier+|iceberg+|frost|frosty|icicle+':
    { white: 0.6, 'light blue': 0.8, 'light grey': 0.4, turquoise: 0.3, warmth: -0.6, lightness: 0.5,
      'bottom white': 0.5 },
  'snowy mountain+|snow capped mountain+|snowy peak+|alps|alpine|ski|skiing|skier+|ski slope+|snowboard|snowboarder+|snowboarding|sledding':
    { 'bottom white': 1, white: 0.8, 'top blue': 0.6, highlights: 0.4, lightness: 0.5, 'light blue': 0.3 },
  'fog|foggy|mist|misty|hazy|haze|smog|smoggy|in the fog|in the mist':
    { fog: 1, contrast: -0.8, 'light grey': 0.6, chroma: -0.5, edges: -0.5, detail: -0.4, 'smooth above': 0.3,
      shadows: -0.4 },
  'smoke|smoky|steam|vapour|dust cloud+':
    { fog: 0.4, grey: 0.6, 'light grey': 0.6, contrast: -0.3, chroma: -0.4, smoothness: 0.3 },
  'cloud+|cloudy|cloudscape+':
    { 'top white': 0.7, 'top grey': 0.6, sky: 0.4, 'light above': 0.6, 'top blue': 0.3, pastel: 0.2 },
  'overcast|grey day|dull|gloomy sky|dreary':
    { 'top grey': 0.8, 'top white': 0.5, chroma: -0.6, contrast: -0.4, 'light above': 0.4, vividness: -0.4 },
  'clear sky|clear skies|cloudless|cloudless sky|clear blue sky':
    { 'top blue': 1.2, 'smooth above': 0.8, sky: 0.9, 'light blue': 0.6, 'warmth above': -0.5 },
  'sky|skies|heaven|heavens':
    { sky: 1, 'smooth above': 0.7, 'light above': 0.5, 'top blue': 0.7, 'top white': 0.2 },
  'rain|rainy|raining|drizzle|wet|rainy day|downpour':
    { grey: 0.6, slate: 0.5, chroma: -0.5, lightness: -0.3, contrast: -0.2, 'dark grey': 0.4, highlights: -0.2 },
  'storm+|stormy|thunderstorm+|storm cloud+|tempest':
    { 'top grey': 0.8, 'dark grey': 0.6, slate: 0.5, lightness: -0.5, shadows: 0.4, chroma: -0.4 },
  'rainbow+|rainbow colours|multicoloured|many colours|all colours':
    { variety: 1.2, vividness: 0.7, chroma: 0.5, 'one hue': -0.5 },
  'sandstorm+|dusty|dust|dust storm+':
    { tan: 0.8, peach: 0.5, contrast: -0.5, sepia: 0.4, 'one hue': 0.4, edges: -0.3 },
  'spring|springtime':
    { 'light green': 0.8, green: 0.6, pink: 0.4, pastel: 0.3, lightness: 0.3 },
  'summer|summertime|summery|summer day':
    { green: 0.6, 'top blue': 0.5, vividness: 0.4, lightness: 0.3, chroma: 0.4, warmth: 0.2 },
  'autumn|autumnal|fall colours|fall foliage|fall leaves|autumn leaves|autumn colours|autumn forest|foliage in autumn|october':
    { orange: 0.9, gold: 0.7, brown: 0.5, 'dark red': 0.4, yellow: 0.3, warmth: 0.8, busyness: 0.3, edges: 0.2 },
  'grass|grassy|lawn+|turf|on the grass|in the grass':
    { 'bottom green': 1.3, green: 0.8, olive: 0.4, 'centre green': 0.4, 'light green': 0.3 },
  'tall grass|long grass|dry grass|hay|straw|reed+|wheat|wheat field+|cornfield+|crop+|harvest|barley':
    { gold: 0.5, tan: 0.7, olive: 0.7, 'bottom yellow': 0.4, 'bottom beige': 0.5, 'bottom green': 0.3, warmth: 0.4,
      detail: 0.3 },
  'field+|meadow+|pasture+|prairie+|grassland+|farmland|countryside|rural|green meadow+':
    { 'bottom green': 1.2, green: 0.6, olive: 0.5, horizon: 0.4, 'smooth above': 0.4, 'light above': 0.4, sky: 0.3 },
  'park+|garden+|yard+|backyard+|golf course+|golf':
    { 'bottom green': 1, green: 0.8, 'centre green': 0.5, 'dark green': 0.3, olive: 0.3 },
  'football field+|soccer field+|football pitch|soccer pitch|pitch|football|soccer|cricket|baseball|baseball field+|stadium+':
    { 'bottom green': 1.1, green: 0.9, 'centre green': 0.4, 'one hue': 0.2 },
  'forest+|woods|woodland+|wood|in the forest|in the woods|wooded|rainforest+|jungle+|deep forest':
    { 'dark green': 1, olive: 0.6, green: 0.4, 'top green': 0.9, 'bottom green': 0.4, busyness: 0.5, uprights: 0.2,
      sky: -0.3, 'smooth above': -0.4, brown: 0.2, fineness: 0.5, 'lines above': -0.3, lightness: -0.3 },
  'tree+|treetop+|branch|branches|bush|bushes|shrub+|hedge+':
    { 'top green': 0.9, 'dark green': 0.8, olive: 0.5, busyness: 0.4, detail: 0.3 },
  'leaf|leaves|foliage|greenery|plant+|vegetation|leafy|lush|verdant|ivy':
    { green: 1, 'dark green': 0.5, 'centre green': 0.7, 'light green': 0.4, 'one hue': 0.2, detail: 0.2 },
  'moss|mossy|fern+|clover|algae|lichen':
    { green: 0.8, 'dark green': 0.7, olive: 0.7, 'centre green': 0.5, 'one hue': 0.3 },
  'palm tree+|palm+|tropical|tropics|tropical beach|paradise':
    { turquoise: 0.7, 'top blue': 0.6, green: 0.5, 'bottom beige': 0.4, vividness: 0.3, lightness: 0.3 },
  'flower+|floral|bouquet+|blossom+|bloom+|blooming|petal+|flowering':
    { vividness: 0.8, pink: 0.5, magenta: 0.4, red: 0.3, yellow: 0.2, 'centre pink': 0.4, 'sharp centre': 0.4,
      green: 0.3, variety: 0.5, subject: 0.3 },
  'rose+|red rose+':
    { red: 0.8, 'centre red': 0.9, pink: 0.4, 'dark green': 0.3, subject: 0.4, 'sharp centre': 0.3 },
  'tulip+|poppy|poppies|poppy field+|geranium+':
    { red: 1, 'centre red': 0.7, 'bottom red': 0.4, green: 0.5, vividness: 0.5 },
  'sunflower+|dandelion+|daffodil+|buttercup+|rapeseed|rapeseed field+|canola|marigold+':
    { yellow: 1, gold: 0.6, 'centre yellow': 0.9, green: 0.4, vividness: 0.5 },
  'lavender field+|bluebell+|hyacinth+|lilacs|iris|irises|violets':
    { lavender: 0.8, purple: 0.8, 'centre purple': 0.8, 'bottom purple': 0.5, green: 0.3 },
  'cherry blossom+|sakura|magnolia+|orchid+|apple blossom+':
    { pink: 1, 'centre pink': 0.6, 'top pink': 0.6, pastel: 0.5, lightness: 0.3, busyness: 0.2 },
  'daisy|daisies|snowdrop+|lily|lilies':
    { white: 0.7, 'centre white': 0.6, green: 0.7, yellow: 0.3, specks: 0.3 },
  'mountain+|mountainous|peak+|hill+|hilly|ridge+|mountain range+|summit+':
    { slate: 0.7, horizon: 0.4, 'top blue': 0.5, 'smooth above': 0.6, sky: 0.4, 'light above': 0.4, 'centre grey': 0.3,
      olive: 0.2 },
  'rock+|rocky|stone+|stony|boulder+|cliff+|cave+|gravel|pebble+':
    { grey: 0.8, 'dark grey': 0.5, tan: 0.4, brown: 0.3, 'bottom grey': 0.5, detail: 0.5, busyness: 0.4, chroma: -0.4 },
  'canyon+|gorge+|mesa+|sandstone|red rock+|badlands|mars':
    { brown: 0.7, orange: 0.6, 'dark red': 0.5, peach: 0.4, warmth: 0.8, 'bottom brown': 0.5, 'top blue': 0.3 },
  'desert+|dune+|sand dune+|sahara|arid|barren':
    { tan: 1, peach: 0.5, 'bottom beige': 1.1, 'bottom brown': 0.3, gold: 0.3, 'warmth below': 0.7, 'top blue': 0.4,
      smoothness: 0.3, 'bottom green': -0.4, 'smooth above': 0.3, 'light above': 0.2 },
  'sand|sandy|sandbox':
    { tan: 1, cream: 0.4, 'bottom beige': 1.2, 'warmth below': 0.4, 'bottom green': -0.4 },
  'beach|beaches|seaside|at the beach|on the beach|sandy beach|sandy beaches':
    { 'bottom beige': 1.1, tan: 0.7, 'top blue': 0.7, 'light blue': 0.5, slate: 0.3, horizon: 0.4,
      'horizontal lines': 0.4, lightness: 0.4, 'bottom green': -0.5 },
  'coast+|coastline+|coastal|shore+|shoreline+|bay+|lagoon+|harbour+':
    { 'centre blue': 0.7, slate: 0.6, 'bottom blue': 0.5, horizon: 0.6, 'horizontal lines': 0.5, 'top blue': 0.5,
      'light blue': 0.3 },
  'sea+|ocean+|seascape+|at sea|open sea|marine|open water':
    { 'bottom blue': 1, blue: 0.5, slate: 0.8, 'centre blue': 0.8, 'bottom cyan': 0.4, horizon: 0.6,
      'horizontal lines': 0.6, teal: 0.3, warmth: -0.5, 'lines below': 0.3 },
  'wave+|surf|surfing|surfer+|surfboard+|breaking wave+|sea foam':
    { 'centre white': 0.4, 'bottom blue': 0.7, slate: 0.8, teal: 0.6, 'bottom cyan': 0.5, 'horizontal lines': 0.3,
      warmth: -0.6, white: 0.3, 'centre blue': 0.5 },
  'water|watery|in the water|lake+|lakeside|river+|riverside|stream+|creek+|pond+|reservoir+':
    { 'bottom blue': 0.9, slate: 0.7, 'bottom cyan': 0.6, teal: 0.5, 'warmth below': -0.5, 'lines below': 0.3 },
  'pool+|swimming pool+|swimming|swimmer+|poolside':
    { turquoise: 1, 'light blue': 0.5, blue: 0.5, 'bottom cyan': 0.8, 'bottom blue': 0.5, 'warmth below': -0.7,
      vividness: 0.3 },
  'underwater|diving|scuba|snorkelling|snorkeling|aquarium+|coral reef+|reef+':
    { teal: 0.8, blue: 0.8, turquoise: 0.6, 'top cyan': 0.6, 'top blue': 0.5, 'one hue': 0.5, warmth: -0.9 },
  'waterfall+|cascade+|rapids|fountain+':
    { 'centre white': 0.8, uprights: 0.3, 'dark green': 0.4, 'dark grey': 0.4, white: 0.4, contrast: 0.3,
      'light grey': 0.3 },
  'splash|splashing|water drop+|droplet+|spray':
    { white: 0.4, 'light blue': 0.4, turquoise: 0.4, specks: 0.5, 'bottom blue': 0.4, warmth: -0.4 },
  'island+':
    { 'bottom blue': 0.7, turquoise: 0.5, 'centre green': 0.4, 'top blue': 0.6, horizon: 0.5 },
  'volcano|volcanoes|lava|magma|eruption+':
    { orange: 0.8, red: 0.6, black: 0.8, shadows: 0.6, 'centre orange': 0.5, warmth: 0.4, 'warm sky': -0.4,
      horizon: -0.3 },
  'mud|muddy|soil|dirt|earth|dirt road+|dirt track+|dirt bike+':
    { brown: 1, 'bottom brown': 1.1, tan: 0.4, 'warmth below': 0.4, 'bottom green': -0.3 },
  'swamp+|marsh|marshes|wetland+|bog+':
    { olive: 0.9, 'dark green': 0.5, 'bottom green': 0.5, 'dark grey': 0.3 },
  'valley+|landscape+|scenery|scenic|vista+|panorama+|panoramic|nature|outdoors|outdoor|outside':
    { 'top blue': 0.5, sky: 0.5, 'bottom green': 0.6, horizon: 0.4, 'light above': 0.5, 'smooth above': 0.4 },
  'horizon+':
    { horizon: 1.2, 'horizontal lines': 0.6, 'smooth above': 0.5, sky: 0.4, uprights: -0.3 },
  'sun|the sun':
    { highlights: 0.5, 'top yellow': 0.7, 'warmth above': 0.5, 'light above': 0.6, silhouette: 0.4 },
  'savanna+|savannah+|safari|steppe+|tundra':
    { tan: 0.7, gold: 0.5, olive: 0.6, 'bottom beige': 0.7, 'bottom yellow': 0.4, 'warmth below': 0.5, horizon: 0.3 },
  'trail+|path+|footpath+|hiking':
    { 'bottom brown': 0.4, 'bottom beige': 0.4, 'dark green': 0.5, olive: 0.5, 'top green': 0.5 },
  'aurora|northern lights|aurora borealis|polar lights':
    { 'top green': 0.9, teal: 0.6, 'top black': 0.5, shadows: 0.7, green: 0.5, 'top cyan': 0.5, 'bottom black': 0.4 },
};
