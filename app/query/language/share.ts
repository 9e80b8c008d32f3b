import type { Query } from './ast.ts';
import { printQuery } from './print.ts';
import { problem } from './problem.ts';

/** The scheme of our links, the web host on this machine, or the end of its address alone. */
const HEAD =
  /^(?:afterimage:\/\/search\/?|https?:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?(?:\/[^\s?#]*)?|\/?)$/iu;

/** A query as a link. Half characters, which no link can carry, become U+FFFD. */
export const toShareText = (query: Query): string =>
  `afterimage://search?q=${encodeURIComponent(printQuery(query).replace(/\p{Surrogate}/gu, '\uFFFD'))}`;

/**
 * The text of the query in a link: `afterimage://search?q=…`, or the web host's address with `?q=…` or `#q=…`, or the
 * end of that. `+` stands for a space there, as links have it.
 *
 * @returns null for anything else
 * @throws AfterimageError `query-syntax` when the link is damaged
 */
export const fromShareText = (text: string): string | null => {
  const link = text.trim();
  const start = link.search(/[?#]/u);
  if (start < 0 || !HEAD.test(link.slice(0, start))) return null;
  const given = link
    .slice(start + 1)
    .split(/[?&#]/u)
    .find((part) => part.startsWith('q='));
  if (given === undefined) return null;
  try {
    return decodeURIComponent(given.slice(2).replaceAll('+', ' '));
  } catch {
    const damage = /%(?![0-9a-f]{2})/iu.exec(link)?.index ?? start;
    throw problem('This link is damaged: a % in it is not followed by what it should be. Copy it again.', {
      at: damage,
      length: 1,
    });
  }
};
