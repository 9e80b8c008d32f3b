import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { z } from 'zod';

const GROUPS = [
  ...['subjects', 'scenes', 'activities', 'food', 'animals', 'plants', 'vehicles'],
  ...['buildings', 'events', 'weather', 'light', 'colour', 'style', 'composition'],
];

const { groups } = z
  .strictObject({ version: z.literal(1), groups: z.record(z.string(), z.array(z.string())) })
  .parse(JSON.parse(await readFile(new URL('vocabulary.json', import.meta.url), 'utf8')));
const entries = Object.values(groups).flat();

const singular = (word: string): string => {
  if (/.{2}ies$/.test(word)) return word.replace(/ies$/, 'y');
  if (/(ch|sh|ss|x|o)es$/.test(word)) return word.slice(0, -2);
  return /[^su]s$/.test(word) ? word.slice(0, -1) : word;
};

/** Equal for entries that differ only in case, plural, or whether a compound is written apart, hyphenated or together. */
const normalised = (entry: string): string => entry.toLowerCase().split(/[ -]/).map(singular).join('');

test('the groups are the fourteen, in their order', () => {
  expect(Object.keys(groups)).toEqual(GROUPS);
});

test('about two thousand entries, and no group too small to stand for its kind', () => {
  expect(entries.length).toBeGreaterThanOrEqual(1950);
  expect(entries.length).toBeLessThanOrEqual(2100);
  for (const [name, group] of Object.entries(groups)) expect(group.length, name).toBeGreaterThanOrEqual(60);
});

test('nothing stands twice, not even as its plural or in another spelling of a compound', () => {
  const first = new Map<string, string>();
  const twins: string[] = [];
  for (const entry of entries) {
    const twin = first.get(normalised(entry));
    if (twin === undefined) first.set(normalised(entry), entry);
    else twins.push(`${twin} / ${entry}`);
  }
  expect(twins).toEqual([]);
});

test('every entry is one to four lower-case words with single spaces', () => {
  const word = "[a-z]+(?:[-'][a-z]+)*";
  const wellWritten = new RegExp(`^${word}(?: ${word}){0,3}$`);
  expect(entries.filter((entry) => !wellWritten.test(entry))).toEqual([]);
});
