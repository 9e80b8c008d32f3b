/**
 * Edits between two words: insertions, deletions, replacements and swaps of neighbours, in UTF-16 units (the restricted
 * form of the Damerau-Levenshtein distance, “optimal string alignment”).
 */
export const editDistance = (a: string, b: string): number => {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let edits = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        edits = Math.min(edits, beforeLast[j - 2]! + 1);
      }
      row.push(edits);
    }
    [beforeLast, last] = [last, row];
  }
  return last[b.length]!;
};

/** Longer than any word that is suggested: a long text is near to none, and is not worth comparing. */
const LONGEST = 24;

/** The choice at most two edits away, and at most half of the word; null when none is that near. */
export const nearest = (word: string, choices: readonly string[]): string | null => {
  if (word.length > LONGEST) return null;
  let best: string | null = null;
  let fewest = Math.min(2, Math.floor(word.length / 2)) + 1;
  for (const choice of choices) {
    const edits = editDistance(word, choice);
    if (edits < fewest) [best, fewest] = [choice, edits];
  }
  return best;
};
