import { AfterimageError, type Region } from '../../contract/index.ts';
import type { Atom, PhotoReference, Term } from '../../query/language/ast.ts';
import { printAtom } from '../../query/language/print.ts';
import { meanDirection, slerp } from '../../space/vector.ts';

/** The atom of a term as a direction of the embedding space. */
export interface TermVector {
  /** Same key, same vector, as long as model and library stay the same. */
  readonly key: string;
  /** Unit vector, `[d]`. */
  readonly vector: Float32Array;
  /** Whether it was made of pictures: those lie in another part of the space than sentences. */
  readonly isPicture: boolean;
  /** See `Atom`. */
  readonly look: number | null;
  /** Photos it was made of, which are no answers to it. */
  readonly sources: readonly string[];
}

/** Where vectors come from. */
export interface VectorSource {
  /** Mean direction of several ways to say the same. */
  readonly sentence: (ways: readonly string[]) => Promise<Float32Array>;
  /** @throws AfterimageError `not-found` */
  readonly photoId: (reference: PhotoReference) => string;
  readonly photo: (id: string) => Float32Array;
  readonly region: (id: string, region: Region) => Promise<Float32Array>;
  readonly picture: (token: string) => Promise<Float32Array>;
}

const isWords = (atom: Atom): boolean =>
  atom.kind === 'words' || (atom.kind === 'slide' && (isWords(atom.from) || isWords(atom.to)));

/**
 * @returns the direction that an atom stands for
 * @throws AfterimageError `not-found` when a photo or picture of it is gone
 */
export const vectorOf = async (atom: Atom, source: VectorSource): Promise<TermVector> => {
  const made = (vector: Float32Array, sources: readonly string[] = [], look: number | null = null): TermVector => ({
    key: printAtom(atom),
    vector,
    isPicture: !isWords(atom),
    look,
    sources,
  });
  switch (atom.kind) {
    case 'words':
      return made(await source.sentence(waysToSay(atom.words)));
    case 'photo': {
      const id = source.photoId(atom.photo);
      return made(source.photo(id), [id], atom.look);
    }
    case 'region': {
      const id = source.photoId(atom.photo);
      return made(await source.region(id, atom.region), [id]);
    }
    case 'picture':
      if (atom.source.by === 'path')
        throw new AfterimageError(
          'query-syntax',
          'Pictures are named by path on the command line only. Drop or paste the picture instead.',
        );
      return made(await source.picture(atom.source.value));
    case 'slide': {
      if ([atom.from, atom.to].some((end) => end.kind === 'photo' && end.look !== null))
        throw new AfterimageError(
          'query-syntax',
          'Between the ends of a slide photos are compared as a whole. Leave out the ~ there, or take the photo out of the slide.',
        );
      const [from, to] = await Promise.all([vectorOf(atom.from, source), vectorOf(atom.to, source)]);
      const sources = [...from.sources, ...to.sources];
      // At its ends a slide is what stands there, read on the scale of that.
      if (atom.at === 0 || atom.at === 1) return { ...(atom.at === 0 ? from : to), key: printAtom(atom), sources };
      return made(slerp(from.vector, to.vector, atom.at), sources);
    }
    case 'set':
      // Photos that were liked stay among the results: the person has just pointed at them there.
      return made(meanDirection(atom.ids.map((id) => source.photo(source.photoId({ by: 'id', id })))));
  }
};

/** Texts of so many words or fewer are said in several ways: models learned from sentences. */
const SHORT = 2;

/** @see Radford et al., arXiv 2103.00020, section 3.1.4 on prompt ensembles; chosen by measurement, see docs/retrieval.md */
const waysToSay = (words: string): readonly string[] =>
  words.split(/\s+/u).length > SHORT ? [words] : [words, `a photo of ${words}`, `${words} in the photo`];

/** Sentences that are also said as one: with more of them a joined sentence means little. */
const MOST_JOINED = 4;

/**
 * The wanted sentences said as one, forwards and backwards: encoders learned from whole sentences, and know from them what
 * goes together.
 *
 * @returns null unless two to four sentences are wanted
 */
export const joinedOf = async (terms: readonly Term[], source: VectorSource): Promise<TermVector | null> => {
  const wanted = terms.flatMap((term) => (!term.avoid && term.atom.kind === 'words' ? [term.atom.words] : [])).sort();
  if (wanted.length < 2 || wanted.length > MOST_JOINED) return null;
  const orders = [wanted, [...wanted].reverse()];
  const vector = await source.sentence(orders.flatMap((words) => [words.join(' '), words.join(' with ')]));
  return { key: `joined\n${wanted.join('\n')}`, vector, isPicture: false, look: null, sources: [] };
};
