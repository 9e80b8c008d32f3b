import { describe, expect, it, vi } from 'vitest';
import type { Handlers } from '../../app/contract/index.ts';
import { Photos } from './photos.svelte.ts';
import { connect } from './test-engine.ts';
import { idOf, photoCell } from './test-photos.ts';

describe('Photos', () => {
  it('reads the whole list page by page, also when it changes meanwhile', async () => {
    let first = 0;
    const pages: number[] = [];
    const handlers: Handlers<'photos.page'> = {
      'photos.page': ({ offset, limit }) => {
        pages.push(limit);
        const ids = Array.from({ length: 12_345 }, (_, index) => idOf(first + index));
        // A new photo has come to the front after the first page: everything else moves back by one.
        if (offset > 0) ids.unshift(idOf(99_999));
        return {
          total: ids.length,
          photos: ids.slice(offset, offset + limit).map((id) => photoCell(id)),
        };
      },
    };
    const { engine } = await connect(handlers);
    const photos = new Photos(engine);
    photos.refresh();
    await vi.waitFor(() => expect(photos.complete).toBe(true));
    expect(pages).toEqual([1000, 10_000, 10_000]);
    expect(photos.list.length).toBe(12_345);
    expect([0, 999, 1000, 12_344].map((index) => photos.list.idAt(index))).toEqual([0, 999, 1000, 12_344].map(idOf));

    first = 5;
    photos.refresh();
    await vi.waitFor(() => expect(photos.list.idAt(0)).toBe(idOf(5)), { timeout: 5000 });
  });

  it('says why the list cannot be read, and keeps what it had', async () => {
    const handlers: Handlers<'photos.page'> = {
      'photos.page': () => ({ total: 1, photos: [photoCell(idOf(1))] }),
    };
    const { engine, cut } = await connect(handlers);
    const photos = new Photos(engine);
    photos.refresh();
    await vi.waitFor(() => expect(photos.complete).toBe(true));
    cut();
    await vi.waitFor(() => expect(engine.line).toBe('away'));
    photos.refresh();
    await vi.waitFor(() => expect(photos.problem).toMatchObject({ kind: 'engine-stopped' }), { timeout: 5000 });
    expect(photos.list.length).toBe(1);
  });
});
