import { toAfterimageError, type ErrorData, type Result, type SearchOutput } from '../../app/contract/index.ts';
import { EMPTY_QUERY, type Query } from '../../app/query/language/ast.ts';
import { parseQuery } from '../../app/query/language/parse.ts';
import type { Change } from './composer.svelte.ts';
import type { Engine } from './engine.svelte.ts';
import { markedIn, type MarkChange } from './marks.svelte.ts';
import { PhotoList } from './photo-list.ts';

export interface Answer extends SearchOutput {
  /** The query as it was asked; `query` is how it was understood. */
  readonly asked: string;
  /** Whether it answers an edit of the query before: the person stays where they are, and the photos move. */
  readonly edited: boolean;
  readonly results: Result[];
  readonly list: PhotoList;
  /** Whether there is nothing after the last result. */
  readonly ended: boolean;
}

/** A pause in typing after which it is worth asking. */
const TYPING_PAUSE_MS = 220;
/** How long the answer to an older question may keep a newer one waiting. */
const PATIENCE_MS = 150;
/** Enough for most windows. */
const FIRST_PAGE = 120;
/** While the hand moves, no more is asked for than can be seen, in whatever shapes. */
const MARGIN = 1.25;
/** An answer that takes longer deserves a sign that it is awaited. */
const SLOW_MS = 250;
const PAGE = 300;
/** More than this is not fetched only to stay far down in the list. */
const FURTHEST = 3000;
/** While the query is still changing, its list is not continued. */
const REST_MS = 160;

/** Asks the engine: one search at a time, and the newest next. The last answer stays until the next one is there. */
export class Search {
  answer = $state.raw<Answer | null>(null);
  problem = $state.raw<ErrorData | null>(null);
  busy = $state(false);
  /** Whether the answer is long in coming. */
  slow = $state(false);
  /** The query of the answer, as the engine understood it: its terms are those that `why` speaks of. */
  readonly understood = $derived.by((): Query => {
    try {
      return parseQuery(this.answer?.query ?? '');
    } catch {
      return EMPTY_QUERY;
    }
  });

  readonly #engine: Engine;
  readonly #reach: () => number;
  #asked = '';
  #edited = true;
  #wanted = false;
  #askedAt = -Infinity;
  #working: Promise<void> | undefined;
  #running: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #rest: ReturnType<typeof setTimeout> | undefined;

  /** @param reach how many photos can be seen, with those before them */
  constructor(engine: Engine, reach: () => number = () => 0) {
    this.#engine = engine;
    this.#reach = reach;
  }

  /** Takes another query, empty for none: asks at once, or when typing pauses. */
  ask(query: string, change: Change): void {
    this.#asked = query;
    if (change !== 'edited') this.#edited = false;
    clearTimeout(this.#timer);
    if (change === 'typed' && query !== '') this.#timer = setTimeout(() => void this.run(), TYPING_PAUSE_MS);
    else void this.run();
  }

  /** Words are about to be written: the model for them is loaded meanwhile. Without one, the search itself says so. */
  prepare(): void {
    this.#engine.call('search.prepare', {}).catch(() => undefined);
  }

  /** Shows at once what photos were marked as. */
  marked(ids: readonly string[], change: MarkChange): void {
    const { answer } = this;
    if (answer?.results.some(({ id }) => ids.includes(id)) !== true) return;
    const isGone = ({ id }: Result): boolean => change.hidden !== undefined && ids.includes(id);
    const goneIn = (from: number, to: number): number => answer.results.slice(from, to).filter(isGone).length;
    const { literal, sure } = answer;
    this.answer = {
      ...answer,
      edited: true,
      literal: literal - goneIn(0, literal),
      sure: sure - goneIn(literal, literal + sure),
      total: answer.total - goneIn(0, answer.results.length),
      results: answer.results.filter((result) => !isGone(result)),
      list: markedIn(answer.list, ids, change),
    };
  }

  /** Asks for the query as it stands; resolves when its answer, or that of a newer one, is there. */
  run(): Promise<void> {
    clearTimeout(this.#timer);
    clearTimeout(this.#rest);
    this.#askedAt = performance.now();
    this.#wanted = this.#asked !== '';
    if (!this.#wanted) {
      this.#running?.abort();
      this.problem = null;
      this.answer = null;
      this.#edited = false;
      return Promise.resolve();
    }
    if (this.#working !== undefined) {
      const running = this.#running;
      setTimeout(() => this.#wanted && running?.abort(), PATIENCE_MS);
    }
    this.#working ??= this.#work();
    return this.#working;
  }

  /** Continues the answer where its list ends, once the query rests. */
  async more(): Promise<void> {
    clearTimeout(this.#rest);
    const { answer } = this;
    if (answer === null || answer.ended || this.busy || this.problem !== null || answer.asked !== this.#asked) return;
    const rested = performance.now() - this.#askedAt;
    if (rested < REST_MS) {
      this.#rest = setTimeout(() => void this.more(), REST_MS - rested);
      return;
    }
    this.#working ??= this.#continue(answer);
    await this.#working;
  }

  async #work(): Promise<void> {
    this.busy = true;
    while (this.#wanted) {
      this.#wanted = false;
      const seen = Math.ceil(MARGIN * this.#reach());
      // A list that ended before the window did says nothing about how much can be seen.
      const known = this.#edited && this.answer?.ended === false;
      const limit = known ? seen : Math.max(FIRST_PAGE, seen);
      await this.#ask(this.#asked, Math.min(FURTHEST, limit), null);
    }
    this.busy = false;
    this.#working = undefined;
  }

  async #continue(answer: Answer): Promise<void> {
    this.busy = true;
    await this.#ask(answer.asked, PAGE, answer);
    this.#working = undefined;
    // Somebody may have asked anew meanwhile.
    if (this.#wanted) await (this.#working = this.#work());
    else this.busy = false;
  }

  async #ask(query: string, limit: number, before: Answer | null): Promise<void> {
    const controller = new AbortController();
    this.#running = controller;
    const slow = setTimeout(() => (this.slow = true), SLOW_MS);
    // Whichever state of another query is answered first begins at the top.
    const edited = this.#edited || before !== null;
    this.#edited = true;
    try {
      const input = { query, limit, offset: before?.results.length ?? 0 };
      const output = await this.#engine.call('search', input, controller.signal);
      const known = before?.results ?? [];
      const fresh = output.results.filter(({ id }) => before === null || before.list.indexOf(id) === -1);
      const results = [...known, ...fresh];
      const ended = output.results.length < limit || results.length >= output.total;
      this.answer = { ...output, asked: query, edited, results, list: PhotoList.of(results), ended };
      this.problem = null;
    } catch (error) {
      if (!edited) this.#edited = false;
      const failure = toAfterimageError(error);
      if (failure.kind !== 'cancelled') this.problem = failure.toData();
    }
    clearTimeout(slow);
    this.slow = false;
  }
}
