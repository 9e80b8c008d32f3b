import type { Atom, Query } from '../../query/language/ast.ts';
import type { ActiveModel } from '../active-model.ts';
import { saysNothing } from './bank.ts';

/** Words that hold sentences together and say nothing by themselves. */
const JOINING = new Set(
  'a an the and or but not no of on in at by to up off out for from with without into onto over under near is are was were be am it its his her their my our your this that these those there as than then some any all'.split(
    ' ',
  ),
);

const sentencesOf = (atom: Atom): readonly string[] => {
  if (atom.kind === 'words') return [atom.words];
  return atom.kind === 'slide' ? [...sentencesOf(atom.from), ...sentencesOf(atom.to)] : [];
};

/** The words of a query's sentences that make no difference to the model, in the order they are written. */
export const unknownWords = async ({ terms }: Query, active: ActiveModel): Promise<string[]> => {
  const words = new Set(
    terms
      .flatMap((term) => sentencesOf(term.atom))
      .flatMap((sentence) => sentence.match(/[\p{L}\p{N}][\p{L}\p{M}\p{N}'’-]*/gu) ?? [])
      .filter((word) => !JOINING.has(word.toLowerCase())),
  );
  const empty = await active.embedWays(['']);
  const unknown: string[] = [];
  for (const word of words) if (saysNothing(await active.embedWays([word]), empty)) unknown.push(word);
  return unknown;
};
