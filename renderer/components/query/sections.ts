import type { SearchOutput } from '../../../app/contract/index.ts';
import type { Query } from '../../../app/query/language/ast.ts';

/** Photos from position `at` on stand under a heading. */
export interface Section {
  readonly at: number;
  readonly title: string;
}

/** How an answer is divided: what was found by its words, what matches, and what only comes close. */
export const sectionsOf = (
  { literal, sure, total }: Pick<SearchOutput, 'literal' | 'sure' | 'total'>,
  { terms, tolerance, sort }: Query,
): readonly Section[] => {
  // Whoever set a limit has drawn the line already; and any other order mixes good and weak.
  const ranked = tolerance === null && sort.by === 'match' && !sort.reversed && !terms.some(({ required }) => required);
  const weak = literal + sure;
  const sections: Section[] = [];
  if (literal > 0) sections.push({ at: 0, title: 'In names and keywords' });
  if (literal > 0 && literal < total && (sure > 0 || !ranked))
    sections.push({ at: literal, title: 'By what they show' });
  if (ranked && terms.length > 0 && weak > 0 && weak < total) sections.push({ at: weak, title: 'Weaker matches' });
  return sections;
};
