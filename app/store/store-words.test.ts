import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { all, failed, file, none, photo } from '../../test/support/rows.ts';
import type { FileRow, PhotoRow } from './rows.ts';
import { Store } from './store.ts';

let directory = '';
let store: Store;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'afterimage-store-'));
  store = await Store.open(join(directory, 'database'));
});
afterEach(async () => {
  await store.close();
  await rm(directory, { recursive: true, force: true });
});

const reopen = async (): Promise<void> => {
  await store.close();
  store = await Store.open(join(directory, 'database'));
};
describe('words of photos in the store', () => {
  it('finds photos by the words of names and of what is written in them, at once and after tidying up', async () => {
    const named = (fileId: string, photoId: string, relPath: string): FileRow => ({
      ...file,
      fileId,
      photoId,
      relPath,
    });
    const described = (photoId: string, title: string, keywords: string[]): PhotoRow => ({
      ...photo,
      photoId,
      metadata: { ...photo.metadata, title, keywords, description: null },
    });
    await store.commit(
      {
        vectors: [],
        photos: [described('p1', 'A day out', ['dog', 'Sea']), described('p2', 'Winter', []), described('p3', '', [])],
        files: [named('f1', 'p1', '2019/Beach_2019.jpg'), named('f2', 'p2', 'IMG_2041.JPG'), failed],
      },
      none,
    );
    const check = async (): Promise<void> => {
      expect(await store.literal('beach', 9)).toEqual(['p1']);
      expect(await store.literal('the dog by the sea', 9)).toEqual(['p1']);
      expect(await store.literal('IMG_2041', 9)).toEqual(['p2']);
      expect(await store.literal('dog winter', 9)).toEqual([]);
      expect(await store.literal('beach nowhere', 9)).toEqual([]);
      expect(await store.literal('“…”', 9)).toEqual([]);
    };
    await check();
    await store.optimize();
    await check();
    await reopen();
    await check();
    // A copy, found by the words of the photo that is known; a move; a removal.
    await store.commit({ vectors: [], photos: [], files: [named('f3', 'p1', 'copy of dunes.jpg')] }, none);
    await store.commit({ vectors: [], photos: [], files: [named('f2', 'p2', 'harbour.jpg')] }, all);
    expect(await store.literal('dunes dog', 9)).toEqual(['p1']);
    expect(await store.literal('dog', 9)).toEqual(['p1']);
    expect(await store.literal('harbour', 9)).toEqual(['p2']);
    expect(await store.literal('2041', 9)).toEqual([]);
    await store.removeFiles(['f1']);
    expect(await store.literal('beach', 9)).toEqual([]);
    await store.optimize();
    expect(await store.literal('dunes dog', 9)).toEqual(['p1']);
    expect(await store.literal('beach', 9)).toEqual([]);
  });

  it('finds all words even where rows with some of them would fill the answer', async () => {
    const files = Array.from({ length: 60 }, (_, index) => ({
      ...file,
      fileId: `a${String(index)}`,
      photoId: `a${String(index)}`,
      relPath: index === 59 ? `${'long '.repeat(60)} beach hidden.jpg` : 'beach.jpg',
    }));
    await store.commit({ vectors: [], photos: [], files: files.slice(0, 30) }, none);
    await store.optimize();
    await store.commit({ vectors: [], photos: [], files: files.slice(30) }, none);
    expect(await store.literal('beach hidden', 10)).toEqual(['a59']);
  });

  it('builds an index of many words, however few the cores', async () => {
    const letters = (number: number): string => number.toString(2).replaceAll('0', 'a').replaceAll('1', 'b');
    const files = Array.from({ length: 12_000 }, (_, index) => ({
      ...file,
      fileId: `m${String(index)}`,
      photoId: `m${String(index)}`,
      relPath: Array.from({ length: 40 }, (_word, word) => letters(40 * index + word)).join(' '),
    }));
    await store.commit({ vectors: [], photos: [], files }, none);
    await store.optimize();
    expect(await store.literal(letters(40 * 777), 9)).toEqual(['m777']);
  });
});
