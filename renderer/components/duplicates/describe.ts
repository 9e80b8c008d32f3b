import type { Duplicate, Likeness } from '../../../app/contract/index.ts';

/** Photos of a burst differ in their seconds. */
const dates = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium' });

export const kinds: readonly { readonly likeness: Likeness; readonly name: string; readonly meaning: string }[] = [
  {
    likeness: 'exact',
    name: 'Identical files',
    meaning: 'The same picture lies in several places. No picture is lost when all of them but one go.',
  },
  {
    likeness: 'same-shot',
    name: 'Same shot',
    meaning: 'One moment: saved again in another size or format, edited, or taken in a burst. Look before you choose.',
  },
  {
    likeness: 'similar',
    name: 'Look alike',
    meaning: 'Different photos that look much alike. Nothing says that any of them is one too many.',
  },
];

/** `Jun 1, 2024, 12:00:05 PM`; empty where no time is known. */
export const describeTime = ({ takenAt }: Duplicate): string => (takenAt === null ? '' : dates.format(takenAt));

/** Share of the sharpest photo's sharpness that can be seen to be less. */
const BLURRED = 0.5;

/** What a group's photos say of the sharpness of one of them; null when there is nothing to be seen. */
export const describeSharpness = ({ sharpness }: Duplicate, group: readonly Duplicate[]): string | null => {
  const known = group.map((file) => file.sharpness).filter((value) => value > 0);
  const sharpest = Math.max(...known);
  if (sharpness === 0 || Math.min(...known) >= BLURRED * sharpest) return null;
  if (sharpness < BLURRED * sharpest) return 'Less sharp';
  return sharpness === sharpest ? 'Sharpest' : null;
};
