/** Contrast that words need with their ground. @see WCAG 2.2, 1.4.3 */
const WANTED = 4.5;

type Colour = readonly [red: number, green: number, blue: number];

const parse = (hex: string): Colour => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)) as unknown as Colour;
const print = (colour: Colour): string =>
  `#${colour.map((channel) => Math.round(channel).toString(16).padStart(2, '0')).join('')}`;

/** Relative luminance in [0, 1]. */
const luminance = (colour: Colour): number => {
  const [red, green, blue] = colour.map((channel) => {
    const share = channel / 255;
    return share <= 0.040_45 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as unknown as Colour;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};

/** Contrast of two colours, `#rrggbb`, in [1, 21]. */
export const contrast = (a: string, b: string): number => {
  const [one, other] = [luminance(parse(a)), luminance(parse(b))];
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
};

const mixed = (hex: string, other: string, share: number): string => {
  const [a, b] = [parse(hex), parse(other)];
  return print([0, 1, 2].map((index) => a[index as 0] * (1 - share) + b[index as 0] * share) as unknown as Colour);
};

export interface Tint {
  readonly accent: string;
  readonly onAccent: string;
}

/** A system's accent colour as it can be read on a ground: no further from what the person chose than that takes. */
export const tintOn = (accent: string, ground: string): Tint => {
  const away = contrast('#000000', ground) > contrast('#ffffff', ground) ? '#000000' : '#ffffff';
  let readable = accent.toLowerCase();
  for (let share = 0.05; contrast(readable, ground) < WANTED && share <= 1; share += 0.05)
    readable = mixed(accent, away, share);
  const onAccent = contrast(readable, '#ffffff') >= contrast(readable, '#000000') ? '#ffffff' : '#000000';
  return { accent: readable, onAccent };
};
