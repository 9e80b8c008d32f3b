import type { Client, Mark, PhotoDetails } from '../../app/contract/index.ts';

type Shown = Omit<PhotoDetails, 'files' | 'tags' | 'offline'> & {
  readonly files: readonly Pick<PhotoDetails['files'][number], 'path' | 'bytes' | 'modifiedAt'>[];
};

/** What a person sees of a library. */
export interface Contents {
  /** In the order of the library. */
  readonly photos: readonly Shown[];
  /** What queries find, by query: `id score`, best first. */
  readonly answers: ReadonlyMap<string, readonly string[]>;
  /** Paths that are no photos, with the reason. */
  readonly failures: readonly string[];
}

const QUERIES = ['red', 'a dark forest', 'blue -green', 'mode:mix snow'];

/** Reads everything that a person sees of a library: two libraries of the same photos have to agree in it. */
export const contentsOf = async (client: Client): Promise<Contents> => {
  const page = await client.call('photos.page', { limit: 10_000 });
  const photos = await Promise.all(
    page.photos.map(async ({ id }): Promise<Shown> => {
      const { tags: _tags, offline: _offline, files, ...rest } = await client.call('photos.details', { id });
      const places = files.map(({ path, bytes, modifiedAt }) => ({ path, bytes, modifiedAt }));
      return { ...rest, files: places.sort((a, b) => (a.path < b.path ? -1 : 1)) };
    }),
  );
  const ids = photos.map(({ id }) => id).sort();
  const answers = new Map<string, readonly string[]>();
  for (const query of [...QUERIES, ...[ids[0], ids.at(-1)].flatMap((id) => (id === undefined ? [] : `photo:${id}`))]) {
    const { results } = await client.call('search', { query, limit: 10_000 });
    answers.set(
      query,
      results.map(({ id, score }) => `${id} ${score.toFixed(4)}`),
    );
  }
  const { failures } = await client.call('index.failures', { limit: 10_000 });
  return { photos, answers, failures: failures.map(({ path, kind }) => `${path} ${kind}`).sort() };
};

/** Marks of the photos that are marked. */
export const marksIn = ({ photos }: Contents): Map<string, Mark> =>
  new Map(
    photos.flatMap(({ id, mark }) =>
      mark.favourite || mark.rating !== null || mark.hidden ? [[id, mark] as const] : [],
    ),
  );
