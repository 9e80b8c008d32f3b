import { type Entries } from './weights.ts';

/** Food, animals and things that have a colour or a setting of their own; found by that alone. */
// prettier-ignore
export const thingEntries: Entries = {
  'tomato|tomatoes|strawberry|strawberries|cherry|cherries|raspberry|raspberries|red apple+|chilli|ketchup':
    { red: 1, 'centre red': 1, 'dark red': 0.3, subject: 0.4 },
  'carrot+|pumpkin+|oranges|orange fruit|mandarin+|apricots':
    { orange: 1, 'centre orange': 1, subject: 0.4 },
  'lemon+|banana+|corn|cheese|egg yolk+|mango|mangoes|pineapple+':
    { yellow: 0.9, gold: 0.6, 'centre yellow': 1, subject: 0.3 },
  'salad+|broccoli|lettuce|spinach|cucumber+|avocado+|lime fruit|herbs|cabbage|peas':
    { green: 0.9, 'light green': 0.6, 'centre green': 0.9, olive: 0.3, subject: 0.3 },
  'blueberry|blueberries|grapes|red wine|beetroot|aubergines|blackberry|blackberries':
    { purple: 0.7, navy: 0.6, 'dark red': 0.5, 'centre purple': 0.8, subject: 0.3 },
  'bread|toast|cake+|cookie+|biscuit+|pastry|pastries|pizza+|pancake+|pasta|noodles|fries':
    { tan: 0.8, gold: 0.6, brown: 0.5, 'centre beige': 0.7, 'centre brown': 0.4, warmth: 0.7, subject: 0.3 },
  'chocolate|coffee|espresso|cocoa|roast|steak+|grilled meat':
    { brown: 1, 'centre brown': 1, 'dark red': 0.3, warmth: 0.5, shadows: 0.3 },
  'milk|cream cheese|yoghurt|yogurt|rice|ice cream|whipped cream|meringue':
    { white: 0.8, cream: 0.7, 'centre white': 0.7, pastel: 0.3, subject: 0.3 },
  'food|meal+|dish|dishes|plate+|dinner|lunch|breakfast|cooking':
    { warmth: 0.7, 'centre beige': 0.4, 'centre brown': 0.4, 'centre orange': 0.3, subject: 0.5, 'sharp centre': 0.4,
      'one hue': -0.1 },
  'fruit+|vegetable+|berry|berries':
    { vividness: 0.7, red: 0.5, orange: 0.4, yellow: 0.4, green: 0.4, variety: 0.5, subject: 0.3 },
  'polar bear+|white dog+|white cat+|white horse+|snowman|snowmen|swan+|white bird+|seagull+|dove+':
    { white: 0.9, 'centre white': 1.2, subject: 0.4 },
  'black dog+|black cat+|black horse+|raven+|crow+|black bird+|panther+|gorilla+':
    { black: 0.8, 'centre black': 1.3, subject: 0.4 },
  'brown dog+|brown horse+|deer|bear+|brown bear+|horse+|monkey+|squirrel+|otter+|cow+':
    { brown: 0.8, 'centre brown': 1.2, tan: 0.3, 'bottom green': 0.2 },
  'golden retriever+|yellow dog+|lion+|camel+|tan dog+|labrador+|lioness':
    { tan: 0.8, gold: 0.5, 'centre beige': 1.1, peach: 0.3, warmth: 0.3 },
  'fox|foxes|tiger+|orange cat+|ginger cat+|goldfish|clownfish|orangutan+':
    { orange: 0.9, 'centre orange': 1.1, gold: 0.3, brown: 0.3, subject: 0.4 },
  'elephant+|rhino+|rhinoceros|hippo+|seal+|dolphin+|whale+|grey cat+|wolf|wolves|koala+|shark+':
    { grey: 0.9, 'centre grey': 1.1, 'dark grey': 0.4, chroma: -0.3, subject: 0.3 },
  'flamingo+|flamingoes|pig+|piglet+':
    { pink: 1, 'centre pink': 1.2, peach: 0.4, subject: 0.3 },
  'frog+|lizard+|caterpillar+|parakeet+|grasshopper+|cactus|cacti|turtle+':
    { green: 0.9, 'centre green': 1.1, olive: 0.3, 'sharp centre': 0.4, subject: 0.3 },
  'parrot+|macaw+|peacock+|butterfly|butterflies|tropical fish|hummingbird+':
    { vividness: 0.9, variety: 0.8, 'sharp centre': 0.5, subject: 0.5, blue: 0.2, orange: 0.3 },
  'ladybird+|ladybug+|red car+|fire truck+|fire engine+|lobster+|red bus|red buses|santa|santa claus|stop sign+':
    { red: 1, 'centre red': 1.2, subject: 0.4 },
  'sheep|lamb+|goat+|grazing|cattle':
    { 'bottom green': 1, green: 0.6, 'centre white': 0.5, 'centre beige': 0.3 },
  'school bus|school buses|taxi+|yellow cab+|bumblebee+|canary|canaries|rubber duck+|yellow car+':
    { yellow: 1, gold: 0.5, 'centre yellow': 1.2, subject: 0.4 },
  'bride+|wedding dress|wedding dresses|wedding+|wedding gown+':
    { white: 0.8, 'centre white': 1.2, cream: 0.4, lightness: 0.3 },
  'suit+|tuxedo+|black dress|black dresses|black shirt+|leather jacket+':
    { black: 0.9, 'centre black': 1.3, shadows: 0.3 },
  'jean jacket+|blue shirt+|blue jeans|blue dress|blue dresses':
    { navy: 0.6, blue: 0.6, slate: 0.5, 'centre blue': 1.2 },
  'blood|bloody|red lips|lipstick':
    { red: 0.9, 'dark red': 0.8, 'centre red': 0.9 },
  'coin+|jewellery|jewelry|trophy|trophies|brass|treasure':
    { gold: 1, 'centre yellow': 0.8, orange: 0.2, 'sharp centre': 0.4, subject: 0.3 },
  'bubble+|balloon+|confetti|lollipop+|candy|sweets|toy+|lego|crayon+|paint|painted':
    { variety: 0.9, vividness: 0.9, pink: 0.3, lightness: 0.2, subject: 0.2 },
};
