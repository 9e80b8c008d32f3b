import { EMPTY_QUERY, type Atom, type Mode, type Query, type SortKey } from '../../app/query/language/ast.ts';
import * as edit from '../../app/query/language/edit.ts';
import { offerNegation } from '../../app/query/language/negation.ts';
import { parseQuery } from '../../app/query/language/parse.ts';
import { printQuery } from '../../app/query/language/print.ts';
import { fromShareText } from '../../app/query/language/share.ts';
import { describeTerm, nameOfAtom } from '../describe.ts';
import { after, back, Bursts, emptyHistory, forth, type History } from './history.ts';
import { misread, type Misread } from './misread.ts';
import { isEmpty, merged } from './whole-query.ts';

/** How the query came to be another one: words being typed, an edit of what is there, or something else altogether. */
export type Change = 'typed' | 'edited' | 'new';

/** What undo brings back. */
interface Written {
  readonly query: Query;
  readonly draft: string;
}

export interface ComposerListener {
  changed(change: Change): void;
  said(text: string): void;
}

/** While somebody writes, half a word is no error worth mentioning. */
const PATIENCE_MS = 700;

/** The query under the hand: terms that are set, words still being typed, its text in step, and the way back. */
export class Composer {
  /** What has been set; the draft comes on top. */
  query = $state.raw<Query>(EMPTY_QUERY);
  /** What is being written in the box, in the query language. */
  draft = $state('');
  /** The newest whole query that could be read, with the draft in it: what is asked. */
  meant = $state.raw<Query>(EMPTY_QUERY);
  problem = $state.raw<Misread | null>(null);

  /** `meant` as text; empty when nothing is asked. */
  readonly asked = $derived(isEmpty(this.meant) ? '' : printQuery(this.meant));
  readonly empty = $derived(isEmpty(this.query) && this.draft.trim() === '');
  /** The whole query as text: as it is being written, or as it is printed. */
  readonly text = $derived.by((): string => this.#written ?? this.#printed());
  /** What the words seem to ask to avoid; to be applied only when the person says so. */
  readonly offer = $derived(offerNegation(this.meant));
  readonly canUndo = $derived.by(() => this.#history.past.length > 0);
  readonly canRedo = $derived.by(() => this.#history.future.length > 0);

  readonly #listener: ComposerListener;
  readonly #bursts = new Bursts();
  /** The text form as the person writes it, until something else changes the query. */
  #written = $state.raw<string | null>(null);
  #history = $state.raw<History<Written>>(emptyHistory());
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(listener: ComposerListener) {
    this.#listener = listener;
  }

  /** Takes what is in the box so far. */
  type(draft: string): void {
    if (this.open(draft)) return;
    this.#set({ query: this.query, draft }, this.#bursts.next(), 'typed');
  }

  /** Makes terms of what is in the box. @returns whether there was something that could be read */
  enter(): boolean {
    if (this.draft.trim() === '') return false;
    try {
      const more = parseQuery(this.draft);
      this.#set({ query: merged(this.query, more), draft: '' }, null, 'edited');
      this.#say(more.terms.map(describeTerm).join(', '), 'added');
      return true;
    } catch (error) {
      this.problem = misread(error, 'draft');
      return false;
    }
  }

  /** Takes the whole query as text. What cannot be read stays as it is written, beside the last query that could. */
  write(text: string, gesture: number): void {
    if (this.open(text)) return;
    try {
      const query = parseQuery(text);
      this.#set({ query, draft: '' }, gesture, 'edited');
    } catch (error) {
      this.#complain(misread(error, 'text'), true);
    }
    this.#written = text;
  }

  /** Opens the search that a link names. @returns whether the text is a link to one */
  open(text: string): boolean {
    try {
      const shared = fromShareText(text);
      if (shared === null) return false;
      this.load(shared);
    } catch (error) {
      this.draft = text;
      this.problem = misread(error, 'draft');
    }
    return true;
  }

  /** Goes over to another query altogether, written in the query language. */
  load(text: string, change: Change = 'new'): void {
    try {
      this.#set({ query: parseQuery(text), draft: '' }, null, change);
    } catch (error) {
      // Nothing is lost: it stands in the box to be mended.
      this.#set({ query: EMPTY_QUERY, draft: text }, null, change);
      this.problem = misread(error, 'draft');
    }
  }

  clear(): void {
    if (this.empty && this.asked === '') return;
    this.#set({ query: EMPTY_QUERY, draft: '' }, null, 'new');
    this.#listener.said('Search cleared.');
  }

  undo(): void {
    this.#go(back(this.#history, this.#now), 'Undone');
  }

  redo(): void {
    this.#go(forth(this.#history, this.#now), 'Redone');
  }

  /** Exchanges what is set. Edits of one gesture are one step back. */
  edit(query: Query, gesture: number | null = null): void {
    this.#set({ query, draft: this.draft }, gesture, 'edited');
  }

  add(atom: Atom, avoid = false): void {
    try {
      this.edit(edit.addTerm(this.query, { ...edit.termOf(atom), avoid }));
      this.#say(nameOfAtom(atom), avoid ? 'added, to avoid' : 'added');
    } catch (error) {
      this.problem = misread(error, 'query');
    }
  }

  addWords(words: string, avoid = false): void {
    this.add({ kind: 'words', words }, avoid);
  }

  remove(index: number): void {
    const term = this.query.terms[index];
    if (term === undefined) return;
    this.edit(edit.removeTerm(this.query, index));
    this.#say(nameOfAtom(term.atom), 'removed');
  }

  setWeight(index: number, weight: number, gesture: number): void {
    this.edit(edit.setWeight(this.query, index, weight), gesture);
  }

  /** Exchanges what a term is about: its words, its look, where it slides. */
  setAtom(index: number, atom: Atom, gesture: number | null = null): void {
    const term = this.query.terms[index];
    if (term !== undefined) this.edit(edit.replaceTerm(this.query, index, { ...term, atom }), gesture);
  }

  toggleAvoid(index: number): void {
    this.edit(edit.toggleAvoid(this.query, index));
    this.#sayTerm(index);
  }

  toggleRequired(index: number): void {
    this.edit(edit.toggleRequired(this.query, index));
    this.#sayTerm(index);
  }

  /** Makes two terms one that slides from the first to the second. */
  blend(index: number, other: number): void {
    const to = this.query.terms[other]?.atom;
    if (to === undefined || index === other) return;
    const without = edit.removeTerm(this.query, other);
    this.#blend(without, other < index ? index - 1 : index, to);
  }

  /** Blends a term with something that is not in the query. */
  blendWith(index: number, to: Atom): void {
    this.#blend(this.query, index, to);
  }

  /** Makes two terms again of one that slides. */
  part(index: number): void {
    const term = this.query.terms[index];
    if (term?.atom.kind !== 'slide') return;
    const { from, to } = term.atom;
    const terms = this.query.terms.flatMap((other, at) =>
      at === index
        ? [
            { ...term, atom: from },
            { ...term, atom: to },
          ]
        : [other],
    );
    this.edit({ ...this.query, terms });
    this.#say(`${nameOfAtom(from)} and ${nameOfAtom(to)}`, 'are two terms again');
  }

  setMode(mode: Mode): void {
    this.edit(edit.setMode(this.query, mode));
  }

  setSort(by: SortKey, reversed: boolean): void {
    this.edit(edit.setSort(this.query, by, reversed));
  }

  setTolerance(tolerance: number | null, gesture: number | null = null): void {
    this.edit(edit.setTolerance(this.query, tolerance), gesture);
  }

  /** Marks a photo as an example of what is wanted, or is not; once more takes the mark away. */
  mark(id: string, like: boolean): void {
    try {
      this.edit((like ? edit.like : edit.unlike)(this.query, id));
    } catch (error) {
      this.problem = misread(error, 'query');
      return;
    }
    const marked = this.query.terms.some(
      ({ atom }) => atom.kind === 'set' && atom.like === like && atom.ids.includes(id),
    );
    this.#listener.said(marked ? `${like ? 'More' : 'Less'} like this photo.` : 'Mark taken away.');
  }

  /** “This, but … instead of …”. Either of the two words may be empty. */
  analogy(photo: Atom, instead: string, but: string): void {
    this.#set({ query: edit.analogy(photo, instead, but), draft: '' }, null, 'new');
    this.#listener.said(this.query.terms.map(describeTerm).join(', '));
  }

  removeFilter(index: number): void {
    this.edit(edit.removeFilter(this.query, index));
    this.#listener.said('Condition removed.');
  }

  /** Takes the offer to avoid what the words only mention. */
  accept(): void {
    if (this.offer === null) return;
    this.#set({ query: this.offer.query, draft: '' }, null, 'edited');
    this.#listener.said(this.query.terms.map(describeTerm).join(', '));
  }

  get #now(): Written {
    return { query: this.query, draft: this.draft };
  }

  #printed(): string {
    const drafted = this.problem?.where === 'draft' || this.problem?.where === 'query';
    if (!drafted) return printQuery(this.meant);
    return [printQuery(this.query), this.draft].filter((part) => part !== '').join(' ');
  }

  #blend(query: Query, index: number, to: Atom): void {
    const term = query.terms[index];
    if (term === undefined || to.kind === 'set' || term.atom.kind === 'set') return;
    this.edit(edit.replaceTerm(query, index, { ...term, atom: { kind: 'slide', from: term.atom, to, at: 0.5 } }));
    this.#sayTerm(index);
  }

  #set(next: Written, gesture: number | null, change: Change): void {
    this.#history = after(this.#history, this.#now, gesture);
    this.query = next.query;
    this.draft = next.draft;
    this.#written = null;
    this.#settle(change);
  }

  #go(step: readonly [Written, History<Written>] | null, said: string): void {
    if (step === null) return;
    [{ query: this.query, draft: this.draft }, this.#history] = step;
    this.#written = null;
    this.#settle('edited');
    const terms = this.query.terms.map(describeTerm).join(', ');
    this.#listener.said(`${said}. ${terms === '' ? 'The query is empty.' : terms}`);
  }

  /** Reads the query as a whole and lets it be asked, if it can be. */
  #settle(change: Change): void {
    let where: Misread['where'] = 'draft';
    try {
      const whole = merged(this.query, parseQuery(this.draft));
      where = 'query';
      // What contradicts itself is found by reading, however it was put together.
      this.meant = isEmpty(whole) ? whole : parseQuery(printQuery(whole));
      this.#complain(null);
      this.#listener.changed(change);
    } catch (error) {
      this.#complain(misread(error, where), where === 'draft');
    }
  }

  /** @param patient whether somebody is still writing */
  #complain(problem: Misread | null, patient = false): void {
    clearTimeout(this.#timer);
    if (problem === null || !patient || this.problem !== null) this.problem = problem;
    else this.#timer = setTimeout(() => (this.problem = problem), PATIENCE_MS);
  }

  #say(what: string, happened: string): void {
    if (what !== '') this.#listener.said(`${what} ${happened}.`);
  }

  #sayTerm(index: number): void {
    const term = this.query.terms[index];
    if (term !== undefined) this.#listener.said(`${describeTerm(term)}.`);
  }
}
