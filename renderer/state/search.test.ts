import { afterEach, describe, expect, it, vi } from 'vitest';
import { AfterimageError, type Handlers, type Result } from '../../app/contract/index.ts';
import { Search } from './search.svelte.ts';
import { connect } from './test-engine.ts';

const idOf = (index: number): string => index.toString(16).padStart(16, '0');
const resultOf = (index: number): Result => ({
  id: idOf(index),
  width: 3,
  height: 2,
  path: `/photos/${index}.jpg`,
  score: 1 / (index + 1),
  match: 0.5,
});

/** A library of `total` photos that answers every query with all of them, and remembers what it was asked. */
const library = (total: number) => {
  const asked: string[] = [];
  const handlers: Handlers<'search'> = {
    search: ({ query, limit, offset }) => {
      asked.push(query);
      if (query.includes('(')) throw new AfterimageError('query-syntax', 'Close the bracket.');
      const count = Math.max(0, Math.min(limit, total - offset));
      return { tookMs: 1, total, results: Array.from({ length: count }, (_, index) => resultOf(offset + index)) };
    },
  };
  return { asked, handlers };
};

const searchOver = async (total: number) => {
  const { asked, handlers } = library(total);
  const { engine } = await connect(handlers);
  return { asked, search: new Search(engine) };
};

describe('Search', () => {
  afterEach(() => vi.restoreAllMocks());

  it('asks once typing pauses, for the last words only', async () => {
    const { asked, search } = await searchOver(3);
    for (const words of ['s', 'sn', 'snow']) search.type(words);
    await vi.waitFor(() => expect(search.answer?.query).toBe('snow'));
    expect(asked).toEqual(['snow']);
    expect(search.answer?.list.length).toBe(3);
    expect(search.busy).toBe(false);
  });

  it('asks at once when told to, and shows the newest answer only', async () => {
    const { search } = await searchOver(3);
    search.type('first');
    const first = search.run();
    search.type('second');
    await Promise.all([first, search.run()]);
    expect(search.answer?.query).toBe('second');
    expect(search.problem).toBeNull();
  });

  it('combines an example with words, and lets go of either', async () => {
    const { asked, search } = await searchOver(3);
    const example = { kind: 'photo', id: idOf(7) } as const;
    search.like(example);
    await vi.waitFor(() => expect(search.answer).not.toBeNull());
    search.type('  snow ');
    await search.run();
    search.remove(example);
    await vi.waitFor(() => expect(search.answer?.query).toBe('snow'));
    expect(asked).toEqual([`photo:${idOf(7)}`, `photo:${idOf(7)} snow`, 'snow']);
    search.clear();
    expect([search.answer, search.query]).toEqual([null, '']);
  });

  it('gives back the memory of a dropped picture when it leaves the query', async () => {
    const revoke = vi.spyOn(URL, 'revokeObjectURL').mockReturnValue();
    const { search } = await searchOver(3);
    search.like({ kind: 'picture', token: 'abc', url: 'blob:one' });
    expect(search.query).toBe('image:abc');
    search.like({ kind: 'photo', id: idOf(1) });
    expect(revoke.mock.calls).toEqual([['blob:one']]);
  });

  it('continues an answer to its end and no further', async () => {
    const { asked, search } = await searchOver(700);
    search.type('snow');
    await search.run();
    expect(search.answer?.results.length).toBe(300);
    for (let times = 0; times < 4; times += 1) await search.more();
    expect(search.answer?.results.map(({ id }) => id)).toEqual(Array.from({ length: 700 }, (_, index) => idOf(index)));
    expect(asked.length).toBe(3);
  });

  it('keeps the last answer when a query cannot be understood, and says why', async () => {
    const { search } = await searchOver(3);
    search.type('snow');
    await search.run();
    search.type('slide:(');
    await search.run();
    expect(search.answer?.query).toBe('snow');
    expect(search.problem).toMatchObject({ kind: 'query-syntax', message: 'Close the bracket.' });
  });
});
