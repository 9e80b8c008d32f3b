import { isAvoided, MAX_TERMS, type Query, type Term } from './ast.ts';
import { termOf } from './edit.ts';

/** What was recognised in a sentence, and the query that takes it at its word. */
export interface NegationOffer {
  /** As it is written, for example “without people”. */
  readonly text: string;
  readonly query: Query;
}

const NEGATOR = String.raw`(?:(?:but|and|with)\s)?(?:without|no|not|minus|excluding|except(?:\sfor)?)`;
/** Where that which is negated ends: at a mark, or where the sentence goes on to something else. */
const END = String.raw`\s?(?:[,;:.!?()]|$)|\s(?:but|while|during|at|(?:and\s)?with|${NEGATOR})\s`;
const NEGATION = new RegExp(String.raw`(?<![\p{L}\p{N}'’-])${NEGATOR}\s(?<what>[^\s,;:.!?()].*?)(?=${END})`, 'giu');

/** “No entry” is a sign, “no one” a person or none, “no 5” a number, “minus 5” cold. */
const SET_PHRASE = new RegExp(
  String.raw`^(?:${[
    String.raw`(?:no|minus)\s\d.*`,
    String.raw`no\s(?:entry|exit|parking|smoking|stopping|standing|swimming|fishing|diving|trespassing|turn|vacancy)`,
    String.raw`no\s(?:one|man['’]s|longer|matter|doubt|more|idea|no)`,
    String.raw`not\s(?:far|only|yet|quite|very|too|so|even|just|much|many|all|always|every\w*)`,
    String.raw`without\s(?:a\s)?(?:doubt|question)`,
  ].join('|')})(?:\s|$)|\ssigns?$`,
  'iu',
);
/** “Is not smiling” and “do not enter”: without the verb's not, no sentence is left. */
const VERB =
  /(?:^|\s)(?:is|are|was|were|be|been|do|does|did|has|have|had|can|could|will|would|should|must|may|why|or|if)\s$/iu;
/** What may be left and names nothing that could be looked for. */
const ANYTHING = /^(?:everything|anything|(?:(?:all|any)\s)?(?:photos|pictures|images)|all)$/iu;

const withoutArticle = (words: string): string => words.replace(/^(?:the|an?|any|some)\s/iu, '');

/** What the sentence still says without a part of it. */
const rest = (before: string, after: string): string => {
  const first = before.replace(/[\s,;:]+$/u, '');
  const second =
    first === '' ? after.replace(/^[\s,;:.!?]*(?:but\s|and\s)?/iu, '') : after.replace(/^\s(?:but|and)\s/iu, ' ');
  const words = `${first}${second}`.replace(/\s?\(\s?\)/u, '').trim();
  return ANYTHING.test(words) ? '' : words;
};

const contradicts = (terms: readonly Term[]): boolean => {
  const said = (avoided: boolean): string[] =>
    terms.flatMap((term) =>
      term.atom.kind === 'words' && isAvoided(term) === avoided ? [term.atom.words.toLowerCase()] : [],
    );
  const wanted = said(false);
  return said(true).some((words) => wanted.includes(words));
};

/**
 * Looks for “without X”, “no X”, “but not X” and the like in the wanted sentences: a model takes such a sentence for one
 * about X. Nothing is changed unless the person takes the offer.
 *
 * @returns null where nothing of the kind is said
 */
export const offerNegation = (query: Query): NegationOffer | null => {
  for (const [index, term] of query.terms.entries()) {
    if (term.atom.kind !== 'words' || term.avoid) continue;
    const words = term.atom.words.trim().replace(/\s+/gu, ' ');
    for (const { 0: text, index: at, groups } of words.matchAll(NEGATION)) {
      const before = words.slice(0, at);
      if (SET_PHRASE.test(text) || VERB.test(before)) continue;
      const left = rest(before, words.slice(at + text.length));
      const avoided = (groups?.what ?? '').split(/\s(?:or|nor)\s/iu).map((what) => withoutArticle(what));
      const terms = query.terms.toSpliced(
        index,
        1,
        ...(left === '' ? [] : [{ ...term, atom: { kind: 'words', words: left } as const }]),
        ...avoided.map((what) => ({ ...termOf({ kind: 'words', words: what }), avoid: true })),
      );
      if (terms.length <= MAX_TERMS && !contradicts(terms)) return { text, query: { ...query, terms } };
    }
  }
  return null;
};
