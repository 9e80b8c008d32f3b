import { usableExclusions } from '../library/exclusions.ts';
import type { ManifestFile } from '../store/manifest-file.ts';

/**
 * Takes rules out of the library that cannot be used: only somebody else, or another program, can have written them there.
 *
 * @returns what is wrong with them, in sentences for the person
 */
export const dropUnusableRules = async (
  manifest: Pick<ManifestFile, 'value' | 'update'>,
): Promise<readonly string[]> => {
  const { settings, roots } = manifest.value;
  const problems = [settings, ...roots].flatMap(({ excludes }) => usableExclusions(excludes).problems);
  if (problems.length === 0) return [];
  const usable = <T extends { readonly excludes: readonly string[] }>(of: T): T & { excludes: string[] } => ({
    ...of,
    excludes: [...usableExclusions(of.excludes).usable],
  });
  await manifest.update(({ settings: before, roots: folders }) => ({
    settings: usable(before),
    roots: folders.map((root) => usable(root)),
  }));
  const shown = problems.slice(0, SHOWN).join(' ');
  const others = problems.length > SHOWN ? ` And ${String(problems.length - SHOWN)} more.` : '';
  return [
    `The library named rules for what is left out that cannot be used, and they were taken out of it: ${shown}${others} Look whether the rules are as you want them.`,
  ];
};

const SHOWN = 3;
