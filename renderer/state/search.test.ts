import { describe, expect, it, vi } from 'vitest';
import { AfterimageError, HISTOGRAM_BINS, type Handlers, type Result } from '../../app/contract/index.ts';
import { Search } from './search.svelte.ts';
import { connect } from './test-engine.ts';
import { idOf, photoCell } from './test-photos.ts';

const resultOf = (index: number): Result => ({
  ...photoCell(idOf(index)),
  path: `/photos/${index}.jpg`,
  score: 1 / (index + 1),
  match: 0.5,
  literal: false,
  why: [{ share: 1, match: 0.5 }],
  at: null,
});

/** A library of `total` photos that answers every query with all of them after a while, and remembers what it was asked. */
const searchOver = async (total: number, { wait = 0, reach = 0 } = {}) => {
  const asked: string[] = [];
  const limits: number[] = [];
  let running = 0;
  let most = 0;
  const handlers: Handlers<'search'> = {
    search: async ({ query, limit, offset }, signal) => {
      asked.push(query);
      limits.push(limit);
      most = Math.max(most, ++running);
      await new Promise((resolve) => {
        const timer = setTimeout(resolve, query.startsWith('slow') ? 60_000 : wait);
        signal.addEventListener('abort', () => {
          clearTimeout(timer);
          resolve(undefined);
        });
      });
      running--;
      if (query.includes('gone')) throw new AfterimageError('not-found', 'This photo is not there any more.');
      const count = Math.max(0, Math.min(limit, total - offset));
      return {
        tookMs: 1,
        query,
        total,
        candidates: total,
        literal: 0,
        sure: total,
        histogram: Array.from({ length: HISTOGRAM_BINS }, () => 0),
        notes: [],
        results: Array.from({ length: count }, (_, index) => resultOf(offset + index)),
      };
    },
  };
  const { engine } = await connect(handlers);
  return { asked, limits, most: () => most, search: new Search(engine, () => reach) };
};

const rest = (search: Search): Promise<void> => vi.waitFor(() => expect(search.busy).toBe(false));

describe('Search', () => {
  it('asks once typing pauses, for the last words only', async () => {
    const { asked, search } = await searchOver(3);
    for (const words of ['s', 'sn', 'snow']) search.ask(words, 'typed');
    await vi.waitFor(() => expect(search.answer?.asked).toBe('snow'));
    expect(asked).toEqual(['snow']);
    expect(search.answer?.list.length).toBe(3);
    expect(search.busy).toBe(false);
  });

  it('asks at once for edits, one at a time, skips those that a newer one has overtaken, and ends with the newest', async () => {
    const { asked, most, search } = await searchOver(3, { wait: 10 });
    for (let weight = 1; weight <= 40; weight++) {
      search.ask(`snow^${String(weight / 10)}`, 'edited');
      if (weight % 8 === 0) await new Promise((resolve) => setTimeout(resolve, 12));
    }
    await rest(search);
    expect(search.answer?.asked).toBe('snow^4');
    expect(most()).toBe(1);
    expect(asked.length).toBeLessThan(20);
    // An answer is shown although a newer question waits: the grid moves while the hand does.
    expect(asked.length).toBeGreaterThan(3);
  });

  it('does not let a question that takes long keep a newer one waiting', async () => {
    const { search } = await searchOver(3);
    search.ask('slow', 'new');
    search.ask('snow', 'edited');
    await vi.waitFor(() => expect(search.answer?.asked).toBe('snow'));
    expect(search.problem).toBeNull();
  });

  it('begins at the top for another query, and stays where it is for an edit', async () => {
    const { search } = await searchOver(3);
    const told: (boolean | undefined)[] = [];
    for (const [query, change] of [
      ['snow', 'new'],
      ['snow^2', 'edited'],
      ['sea', 'new'],
      ['', 'new'],
      ['snow', 'edited'],
    ] as const) {
      search.ask(query, change);
      await rest(search);
      told.push(search.answer?.edited);
    }
    // After the library was shown, anything begins at the top.
    expect(told).toEqual([false, true, false, undefined, false]);
  });

  it('asks for as many as can be seen, and continues the answer to its end and no further', async () => {
    const { asked, limits, search } = await searchOver(700, { reach: 250 });
    search.ask('snow', 'new');
    await rest(search);
    expect(limits).toEqual([313]);
    await vi.waitFor(async () => {
      await search.more();
      expect(search.answer?.ended).toBe(true);
    });
    expect(search.answer?.results.map(({ id }) => id)).toEqual(Array.from({ length: 700 }, (_, index) => idOf(index)));
    const calls = asked.length;
    await search.more();
    expect(asked.length).toBe(calls);
  });

  it('keeps the last answer when a query cannot be answered, and says why', async () => {
    const { search } = await searchOver(3);
    search.ask('snow', 'new');
    await rest(search);
    search.ask('snow gone', 'edited');
    await rest(search);
    expect(search.answer?.asked).toBe('snow');
    expect(search.problem).toMatchObject({ kind: 'not-found', message: 'This photo is not there any more.' });
    search.ask('', 'new');
    await rest(search);
    expect([search.answer, search.problem, search.busy]).toEqual([null, null, false]);
  });

  it('knows the terms that the answer speaks of', async () => {
    const { search } = await searchOver(3);
    search.ask('snow -people', 'new');
    await rest(search);
    expect(search.understood.terms.map(({ avoid }) => avoid)).toEqual([false, true]);
  });

  it('shows at once what photos were marked as, and takes out what was hidden', async () => {
    const { search } = await searchOver(10);
    search.ask('dog', 'new');
    await search.run();
    search.marked([idOf(3)], { favourite: true });
    expect(search.answer?.list.badgesAt(3).favourite).toBe(true);
    expect(search.answer).toMatchObject({ total: 10, sure: 10 });
    search.marked([idOf(0), idOf(77)], { hidden: true });
    expect(search.answer).toMatchObject({ total: 9, sure: 9, edited: true });
    expect(search.answer?.results.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9].map(idOf));
    expect([search.answer?.list.length, search.answer?.list.indexOf(idOf(0))]).toEqual([9, -1]);
    const before = search.answer;
    search.marked([idOf(77)], { hidden: true });
    expect(search.answer).toBe(before);
  });
});
