import { describe, expect, it } from 'vitest';
import { AfterimageError, type Handlers } from '../../app/contract/index.ts';
import { Announcer } from './announcer.svelte.ts';
import { markedIn, Marks, type MarkChange } from './marks.svelte.ts';
import { PhotoList } from './photo-list.ts';
import { connect } from './test-engine.ts';
import { idOf, photoCell } from './test-photos.ts';
import { Toasts } from './toasts.svelte.ts';

const id = idOf(1);

const marksOver = async (mark: Handlers<'photos.mark'>['photos.mark']) => {
  const { engine } = await connect<'photos.mark'>({ 'photos.mark': mark });
  const [toasts, announcer] = [new Toasts(), new Announcer()];
  const shown: MarkChange[] = [];
  let stale = 0;
  const marks = new Marks(engine, toasts, announcer, {
    marked: (_ids, change) => shown.push(change),
    stale: () => (stale += 1),
  });
  return { marks, toasts, announcer, shown, stale: () => stale };
};

describe('Marks', () => {
  it('shows a mark before it is kept, and says it', async () => {
    const kept: unknown[] = [];
    const { marks, shown, announcer, toasts, stale } = await marksOver((input) => {
      kept.push([input, [...shown]]);
      return {};
    });
    await marks.favour(id, true);
    expect(kept).toEqual([[{ ids: [id], favourite: true }, [{ favourite: true }]]]);
    expect(announcer.text).toBe('Marked as a favourite.');
    await marks.rate(id, 4, true);
    expect(announcer.text).toBe('Rated 4 of 5 stars.');
    expect(toasts.list).toEqual([]);
    await marks.rate(id, 0, false);
    expect(toasts.list).toMatchObject([{ text: 'No stars.' }]);
    expect(stale()).toBe(0);
  });

  it('takes back what could not be kept, and says why', async () => {
    const { marks, toasts, announcer, stale } = await marksOver(() => {
      throw new AfterimageError('disk-full', 'The disk is full.');
    });
    await marks.favour(id, true);
    expect([stale(), announcer.text]).toEqual([1, '']);
    expect(toasts.list).toMatchObject([{ tone: 'error', text: 'The disk is full.' }]);
  });

  it('lets the person undo that a photo was hidden', async () => {
    const kept: unknown[] = [];
    const { marks, toasts, stale } = await marksOver((input) => {
      kept.push(input.hidden);
      return {};
    });
    await marks.hide([id]);
    expect(stale()).toBe(0);
    toasts.list[0]?.action?.run();
    await expect.poll(() => stale()).toBe(1);
    expect(kept).toEqual([true, false]);
  });
});

describe('markedIn', () => {
  const list = PhotoList.of([photoCell(id), photoCell(idOf(2))]);

  it('takes photos out that belong to another list now', () => {
    expect(markedIn(list, [id], { hidden: true }).length).toBe(1);
    expect(markedIn(list, [id], { hidden: false }).length).toBe(1);
  });

  it('changes nothing that a grid does not show', () => {
    expect(markedIn(list, [id], { rating: 3 })).toBe(list);
    expect(markedIn(list, [id], { favourite: true }).badgesAt(0).favourite).toBe(true);
  });
});
