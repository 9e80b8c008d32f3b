import { describe, expect, it, vi } from 'vitest';
import { AfterimageError, type Handlers, type SavedSearch } from '../../app/contract/index.ts';
import { Searches } from './searches.svelte.ts';
import { connect } from './test-engine.ts';
import { Toasts } from './toasts.svelte.ts';

type Method = `searches.${'list' | 'save' | 'remove' | 'count' | 'remember' | 'forget'}`;

const searching = async () => {
  let saved: SavedSearch[] = [];
  let recent: string[] = [];
  let next = 0;
  const handlers: Handlers<Method> = {
    'searches.list': () => ({ saved, recent }),
    'searches.save': ({ id = String(next++), name, query }) => {
      saved = [...saved.filter((other) => other.id !== id), { id, name, query }];
      return { id, name, query };
    },
    'searches.remove': ({ id }) => {
      saved = saved.filter((other) => other.id !== id);
      return {};
    },
    'searches.count': ({ id }) => {
      if (saved.find((other) => other.id === id)?.query === 'gone')
        throw new AfterimageError('not-found', 'This photo is not there any more.');
      return { photos: 7 };
    },
    'searches.remember': ({ query }) => {
      recent = [query, ...recent];
      return {};
    },
    'searches.forget': () => {
      recent = [];
      return {};
    },
  };
  const { engine } = await connect(handlers);
  const toasts = new Toasts();
  return { searches: new Searches(engine, toasts), toasts, recent: () => recent };
};

describe('Searches', () => {
  it('saves, renames and deletes, and brings back what was deleted', async () => {
    const { searches, toasts } = await searching();
    expect(await searches.save('Sea', 'sea -people')).toBe(true);
    const [sea] = searches.saved;
    await searches.change({ ...sea!, name: 'Empty sea' });
    expect(searches.saved.map(({ name }) => name)).toEqual(['Empty sea']);
    await searches.remove(searches.saved[0]!);
    expect(searches.saved).toEqual([]);
    toasts.list.find(({ action }) => action !== null)?.action?.run();
    await vi.waitFor(() => expect(searches.saved).toMatchObject([{ name: 'Empty sea', query: 'sea -people' }]));
  });

  it('counts only while somebody looks, and leaves out what cannot be asked', async () => {
    const { searches } = await searching();
    await searches.save('Sea', 'sea');
    await searches.save('Gone', 'gone');
    expect(searches.counts).toEqual({});
    searches.watch(true);
    await vi.waitFor(() => expect(searches.counts).toEqual({ [searches.saved[0]!.id]: 7 }));
  });

  it('remembers a query once, and forgets all', async () => {
    const { searches, recent } = await searching();
    searches.remember('sea');
    searches.remember('sea');
    searches.remember('snow');
    expect(searches.recent).toEqual(['snow', 'sea']);
    await vi.waitFor(() => expect(recent()).toEqual(['snow', 'sea']));
    await searches.forget();
    expect([searches.recent, recent()]).toEqual([[], []]);
  });
});
