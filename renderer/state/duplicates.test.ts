import { describe, expect, it } from 'vitest';
import { AfterimageError, type Duplicate, type Handlers, type Likeness } from '../../app/contract/index.ts';
import { Duplicates } from './duplicates.svelte.ts';
import { connect } from './test-engine.ts';
import { Toasts } from './toasts.svelte.ts';

type Answered = 'photos.duplicates' | 'photos.trash';

const file = (fileId: string, facts: Partial<Duplicate> = {}): Duplicate => ({
  id: '0123456789abcdef',
  fileId,
  path: `/photos/${fileId}.jpg`,
  width: 40,
  height: 30,
  bytes: 1000,
  takenAt: null,
  sharpness: 1,
  keep: false,
  offline: false,
  favourite: false,
  seconds: null,
  ...facts,
});
const groupOf = (name: string, ...others: Duplicate[]): { files: Duplicate[] } => ({
  files: [file(`${name} best`, { keep: true }), file(`${name} other`), ...others],
});

/** A library whose groups are those in `library`; what is moved to the trash is gone from it. */
const review = async (
  library: Partial<Record<Likeness, { files: Duplicate[] }[]>>,
  changes: Partial<Handlers<Answered>> = {},
) => {
  const trashed: string[][] = [];
  const { engine } = await connect<Answered>({
    'photos.duplicates': ({ likeness, offset, limit }) => {
      const gone = new Set(trashed.flat());
      const groups = (library[likeness] ?? [])
        .map(({ files }) => ({ files: files.filter(({ fileId }) => !gone.has(fileId)) }))
        .filter(({ files }) => files.length > 1);
      return { total: groups.length, groups: groups.slice(offset, offset + limit) };
    },
    'photos.trash': ({ fileIds }) => {
      trashed.push(fileIds);
      return { done: fileIds.length, failures: [] };
    },
    ...changes,
  });
  const toasts = new Toasts();
  return { duplicates: new Duplicates(engine, toasts), toasts, trashed };
};

const ids = (files: readonly Duplicate[]): string[] => files.map(({ fileId }) => fileId);

describe('Duplicates', () => {
  it('fetches groups page by page', async () => {
    const { duplicates } = await review({ exact: Array.from({ length: 90 }, (_, index) => groupOf(String(index))) });
    await duplicates.show('exact');
    expect([duplicates.groups.length, duplicates.total]).toEqual([40, 90]);
    await duplicates.more();
    await duplicates.more();
    expect(new Set(duplicates.groups.flatMap(({ files }) => ids(files))).size).toBe(180);
  });

  it('sends nothing to the trash that nobody chose', async () => {
    const { duplicates } = await review({ exact: [groupOf('a'), groupOf('b')] });
    await duplicates.show('exact');
    expect(duplicates.going).toEqual([]);
    duplicates.keepSuggested(duplicates.groups);
    expect(ids(duplicates.going)).toEqual(['a other', 'b other']);
    expect(duplicates.bytes).toBe(2000);
    duplicates.choose(duplicates.going[0]!, false);
    expect(ids(duplicates.going)).toEqual(['b other']);
    expect(duplicates.emptied).toBe(0);
    duplicates.choose(duplicates.groups[1]!.files[0]!, true);
    expect(duplicates.emptied).toBe(1);
    duplicates.clear();
    expect(duplicates.going).toEqual([]);
  });

  it('leaves files alone that cannot be reached', async () => {
    const { duplicates } = await review({ exact: [groupOf('a', file('away', { offline: true }))] });
    await duplicates.show('exact');
    duplicates.keepSuggested(duplicates.groups);
    expect(ids(duplicates.going)).toEqual(['a other']);
  });

  it('moves what was chosen, says how to undo it, and looks again', async () => {
    const { duplicates, toasts, trashed } = await review({ exact: [groupOf('a'), groupOf('b')] });
    await duplicates.show('exact');
    duplicates.keepSuggested(duplicates.groups.slice(0, 1));
    await duplicates.moveToTrash();
    expect(trashed).toEqual([['a other']]);
    expect(duplicates.groups.map(({ files }) => ids(files))).toEqual([['b best', 'b other']]);
    expect(duplicates.going).toEqual([]);
    expect(toasts.list[0]?.text).toMatch(/1 file \(1 KB\) is in the trash.*restore/u);
  });

  it('tells what could not be moved', async () => {
    const failure = { path: '/photos/a other.jpg', kind: 'unreadable' as const, message: 'It has changed.' };
    const { duplicates, toasts } = await review(
      { exact: [groupOf('a')] },
      { 'photos.trash': () => ({ done: 0, failures: [failure] }) },
    );
    await duplicates.show('exact');
    duplicates.keepSuggested(duplicates.groups);
    await duplicates.moveToTrash();
    expect(duplicates.failures).toEqual([failure]);
    expect(toasts.list).toEqual([]);
    expect(duplicates.groups).toHaveLength(1);
    await duplicates.show('same-shot');
    expect(duplicates.failures).toEqual([]);
  });

  it('says why there is nothing to show, until there is', async () => {
    let works = false;
    const { duplicates } = await review(
      {},
      {
        'photos.duplicates': () => {
          if (!works) throw new AfterimageError('no-model', 'No model.');
          return { total: 0, groups: [] };
        },
      },
    );
    await duplicates.show('similar');
    expect(duplicates.problem?.kind).toBe('no-model');
    works = true;
    await duplicates.show('similar');
    expect([duplicates.problem, duplicates.loading]).toEqual([null, false]);
  });

  it('does not show the groups of one kind among those of another', async () => {
    const waiting: (() => void)[] = [];
    const { duplicates } = await review(
      {},
      {
        'photos.duplicates': async ({ likeness }) => {
          if (likeness === 'similar') await new Promise<void>((resolve) => waiting.push(resolve));
          return { total: 1, groups: [groupOf(likeness)] };
        },
      },
    );
    const slow = duplicates.show('similar');
    await duplicates.show('exact');
    for (const go of waiting) go();
    await slow;
    expect(duplicates.groups.map(({ files }) => ids(files))).toEqual([['exact best', 'exact other']]);
    expect(duplicates.loading).toBe(false);
  });
});
