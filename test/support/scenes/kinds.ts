import { beachFromAbove } from './beach.ts';
import type { Painter } from './canvas.ts';
import { cityAtDusk, cityLights } from './city.ts';
import { flower } from './close.ts';
import { calmHorizon, longExposure, sunset } from './coast.ts';
import { desert, greenHills, snow } from './fields.ts';
import { lavender, tulips } from './flower-fields.ts';
import { autumnForest, autumnLake, foggyForest } from './forest.ts';
import { mistyMountains, peaks } from './mountains.ts';
import { moonlight, northernLights, starryNight } from './night.ts';

export interface Kind {
  /** File names start with it. */
  readonly name: string;
  /** How many of it for one of the others; 1 when absent. */
  readonly often?: number;
  readonly paint: Painter;
  /** Width over height, each as likely as the others. */
  readonly shapes: readonly number[];
  readonly light: 'day' | 'dusk' | 'night';
  /** Months in which it is seen, 1 to 12, and on into the next year. */
  readonly months: readonly [from: number, to: number];
  readonly keywords: readonly string[];
  readonly description: string;
  /** Somewhere near. */
  readonly place: readonly [latitude: number, longitude: number];
}

const [WIDE, FULL, SQUARE, UPRIGHT, FILM, PANORAMA] = [3 / 2, 4 / 3, 1, 2 / 3, 16 / 9, 12 / 5];

const blackAndWhite: Painter = (canvas, random, noise) => {
  random.pick([longExposure, longExposure, peaks, desert])(canvas, random, noise);
  canvas.drain();
};

export const kinds: readonly Kind[] = [
  {
    name: 'sunset',
    often: 3,
    paint: sunset,
    shapes: [WIDE, WIDE, FULL, UPRIGHT, FILM],
    light: 'dusk',
    months: [3, 11],
    keywords: ['sunset', 'sea'],
    description: 'The last minutes of the day, from the end of the pier.',
    place: [43.38, -4.4],
  },
  {
    name: 'misty mountains',
    often: 2,
    paint: mistyMountains,
    shapes: [WIDE, UPRIGHT, FILM, PANORAMA],
    light: 'day',
    months: [4, 11],
    keywords: ['mountains', 'mist', 'morning'],
    description: 'Ridge behind ridge, before the valley woke up.',
    place: [46.55, 8.56],
  },
  {
    name: 'starry night',
    often: 2,
    paint: starryNight,
    shapes: [WIDE, UPRIGHT, UPRIGHT, SQUARE],
    light: 'night',
    months: [5, 10],
    keywords: ['night', 'milky way'],
    description: 'No moon, no wind, and every star there is.',
    place: [44.06, 6.94],
  },
  {
    name: 'snow',
    paint: snow,
    shapes: [WIDE, FULL, SQUARE, FILM],
    light: 'day',
    months: [12, 15],
    keywords: ['winter', 'snow'],
    description: 'First tracks are still to be made.',
    place: [61.4, 12.8],
  },
  {
    name: 'green hills',
    paint: greenHills,
    shapes: [WIDE, WIDE, FILM, FULL],
    light: 'day',
    months: [4, 9],
    keywords: ['hills', 'summer'],
    description: 'The long way round, and worth it.',
    place: [43.06, 11.6],
  },
  {
    name: 'desert',
    paint: desert,
    shapes: [WIDE, FULL, UPRIGHT, PANORAMA],
    light: 'day',
    months: [2, 11],
    keywords: ['desert', 'dunes'],
    description: 'The wind rakes the sand anew every night.',
    place: [31.14, -4.01],
  },
  {
    name: 'flower',
    paint: flower,
    shapes: [WIDE, SQUARE, UPRIGHT, FULL],
    light: 'day',
    months: [6, 9],
    keywords: ['flower', 'garden', 'close-up'],
    description: 'Dahlia, in the garden behind the house.',
    place: [52.3, 4.78],
  },
  {
    name: 'city at dusk',
    paint: cityAtDusk,
    shapes: [WIDE, FILM, PANORAMA, FULL],
    light: 'dusk',
    months: [1, 12],
    keywords: ['city', 'skyline'],
    description: 'The lights come on across the river.',
    place: [40.71, -74.0],
  },
  {
    name: 'lavender field',
    paint: lavender,
    shapes: [WIDE, UPRIGHT, FULL],
    light: 'day',
    months: [6, 7],
    keywords: ['lavender', 'field'],
    description: 'It smells even better than it looks.',
    place: [43.83, 5.98],
  },
  {
    name: 'calm horizon',
    paint: calmHorizon,
    shapes: [WIDE, SQUARE, UPRIGHT, FILM],
    light: 'day',
    months: [1, 12],
    keywords: ['sea', 'minimal'],
    description: 'Not a breath of wind.',
    place: [54.6, 8.38],
  },
  {
    name: 'autumn lake',
    paint: autumnLake,
    shapes: [WIDE, FILM, FULL, PANORAMA],
    light: 'day',
    months: [10, 11],
    keywords: ['autumn', 'lake'],
    description: 'Everything twice.',
    place: [44.4, -72.7],
  },
  {
    name: 'mountain peaks',
    paint: peaks,
    shapes: [WIDE, WIDE, FULL, PANORAMA],
    light: 'day',
    months: [5, 9],
    keywords: ['mountains', 'alps'],
    description: 'The whole range, clear at last.',
    place: [46.02, 7.75],
  },
  {
    name: 'northern lights',
    paint: northernLights,
    shapes: [WIDE, UPRIGHT, FILM],
    light: 'night',
    months: [9, 15],
    keywords: ['night', 'aurora'],
    description: 'It began at midnight and went on until we froze.',
    place: [68.13, 13.6],
  },
  {
    name: 'beach from above',
    paint: beachFromAbove,
    shapes: [WIDE, SQUARE, UPRIGHT, FULL],
    light: 'day',
    months: [6, 9],
    keywords: ['beach', 'aerial'],
    description: 'The same bay, from a hundred metres up.',
    place: [39.5, 3.2],
  },
  {
    name: 'black and white',
    paint: blackAndWhite,
    shapes: [WIDE, SQUARE, WIDE, FULL],
    light: 'day',
    months: [1, 12],
    keywords: ['monochrome'],
    description: 'Two minutes of sea in one picture.',
    place: [57.3, -6.1],
  },
  {
    name: 'foggy forest',
    paint: foggyForest,
    shapes: [WIDE, UPRIGHT, SQUARE, FILM],
    light: 'day',
    months: [9, 12],
    keywords: ['forest', 'fog'],
    description: 'Thirty steps in, the path was gone.',
    place: [48.5, 8.2],
  },
  {
    name: 'tulip field',
    paint: tulips,
    shapes: [WIDE, UPRIGHT, FULL],
    light: 'day',
    months: [4, 5],
    keywords: ['tulips', 'field', 'spring'],
    description: 'Two weeks in April.',
    place: [52.27, 4.55],
  },
  {
    name: 'moonlit night',
    paint: moonlight,
    shapes: [WIDE, UPRIGHT, FULL],
    light: 'night',
    months: [1, 12],
    keywords: ['night', 'moon', 'lake'],
    description: 'Bright enough to read by, almost.',
    place: [60.4, 6.5],
  },
  {
    name: 'autumn forest',
    paint: autumnForest,
    shapes: [WIDE, UPRIGHT, SQUARE, FULL],
    light: 'day',
    months: [10, 11],
    keywords: ['autumn', 'forest'],
    description: 'Low sun between the beeches.',
    place: [50.1, 13.1],
  },
  {
    name: 'city lights',
    paint: cityLights,
    shapes: [WIDE, UPRIGHT, SQUARE],
    light: 'night',
    months: [1, 12],
    keywords: ['city', 'night', 'bokeh'],
    description: 'The boulevard, deliberately out of focus.',
    place: [35.66, 139.7],
  },
];
