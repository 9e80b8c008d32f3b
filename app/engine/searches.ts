import type { Handlers, MethodName } from '../contract/index.ts';
import { parseQuery } from '../query/language/parse.ts';
import type { SavedSearches } from '../store/searches.ts';

/**
 * Answers the calls on saved and recent searches.
 *
 * @param changed called after each change
 * @param countMatches how many photos a query finds now
 */
export const searchesHandlers = (
  searches: SavedSearches,
  changed: () => void,
  countMatches: (query: string) => Promise<number>,
): Handlers<Extract<MethodName, `searches.${string}`>> => {
  const after = async <T>(change: Promise<T>): Promise<T> => {
    const result = await change;
    changed();
    return result;
  };
  return {
    'searches.list': () => searches.value,
    'searches.save': (input) => {
      // What cannot be read now is better mended while it is on the screen.
      parseQuery(input.query);
      return after(searches.save(input));
    },
    'searches.remove': async ({ id }) => {
      await after(searches.remove(id));
      return {};
    },
    'searches.count': async ({ id }) => ({ photos: await countMatches(searches.get(id).query) }),
    'searches.remember': async ({ query }) => {
      await after(searches.remember(query));
      return {};
    },
    'searches.forget': async () => {
      await after(searches.forget());
      return {};
    },
  };
};
