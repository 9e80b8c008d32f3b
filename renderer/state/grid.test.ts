import { describe, expect, it } from 'vitest';
import { Grid, type ShownCell } from './grid.svelte.ts';
import { PhotoList } from './photo-list.ts';
import { idOf, photoCell } from './test-photos.ts';

const listOf = (from: number, to: number): PhotoList =>
  PhotoList.of(Array.from({ length: to - from }, (_, index) => photoCell(idOf(from + index))));

const frame = { width: 1400, height: 800, above: 140, edge: 84, rowHeight: 220 };
const gridOf = (list: PhotoList): Grid => {
  const grid = new Grid();
  grid.fit(frame);
  grid.show(list);
  return grid;
};
const cellsOf = (grid: Grid): readonly ShownCell[] => grid.rows.flatMap(({ cells }) => cells);
/** Where a photo is in the window, in px from its upper edge. */
const heightOf = (grid: Grid, id: string): number | undefined => {
  const cell = cellsOf(grid).find((shown) => shown.id === id);
  return cell === undefined ? undefined : cell.top - grid.jump.bar;
};

describe('Grid', () => {
  it('draws what is in view and little more, wherever half a million photos are scrolled to', () => {
    const grid = gridOf(listOf(0, 500_000));
    for (const bar of [0, 1_000_000, 4_000_000, grid.height - frame.height]) {
      grid.scrolled(bar);
      expect(cellsOf(grid).length).toBeLessThan(80);
      expect(cellsOf(grid).some(({ top, height }) => top < bar + 400 && top + height > bar + 300)).toBe(true);
    }
  });

  it('stays as far down when the photos take other places, and knows how many can be seen', () => {
    const grid = gridOf(listOf(0, 2000));
    grid.scrolled(3000);
    // The photo that has the focus is drawn wherever it goes.
    const inView = (): readonly ShownCell[] => cellsOf(grid).filter(({ top }) => top > 2950 && top < 3850);
    const before = inView().map(({ left, top }) => [left, top]);
    const turned = Array.from({ length: 2000 }, (_, index) => photoCell(idOf(1999 - index)));
    grid.reorder(PhotoList.of(turned));
    expect(inView().map(({ left, top }) => [left, top])).toEqual(before);
    expect(grid.reach).toBe(Math.max(...inView().map(({ index }) => index)) + 1);
  });

  it('says where headings go', () => {
    const grid = gridOf(listOf(0, 100));
    grid.reorder(listOf(0, 100), 100, [
      { at: 0, space: 30 },
      { at: 7, space: 50 },
      { at: 400, space: 50 },
    ]);
    const tops = [0, 7].map((index) => cellsOf(grid).find((cell) => cell.index === index)?.top);
    expect(grid.dividers).toEqual(tops);
    expect(tops[0]).toBe(frame.above + 30);
  });

  it('keeps the photos in view where they are when others come before them, and when the window changes', () => {
    const grid = gridOf(listOf(500, 2000));
    grid.focusOn(900);
    const id = idOf(1400);
    const before = heightOf(grid, id);
    expect(before).toBeDefined();
    grid.show(listOf(0, 2000));
    expect(grid.list.idAt(grid.focus)).toBe(id);
    expect(heightOf(grid, id)).toBe(before);
    grid.fit({ ...frame, width: 1000 });
    expect(heightOf(grid, id)).toBe(before);
    grid.fit({ ...frame, rowHeight: 400 });
    expect(heightOf(grid, id)).toBe(before);

    // Without a focus in view, the first photo that is not covered stays.
    const bar = grid.jump.bar + 20_000;
    grid.scrolled(bar);
    const first = cellsOf(grid).find(({ top, height }) => top + height > bar + 84);
    if (first === undefined) throw new Error('nothing in view');
    grid.show(listOf(100, 2000));
    expect(heightOf(grid, first.id)).toBe(first.top - bar);
  });

  it('stays at the top when photos come while the top is in view', () => {
    const grid = gridOf(listOf(10, 500));
    grid.show(listOf(0, 500));
    expect(grid.jump.bar).toBe(0);
    expect(heightOf(grid, idOf(0))).toBe(frame.above);
  });

  it('moves the focus by keys and brings it into view', () => {
    const grid = gridOf(listOf(0, 1000));
    expect(grid.moveFocus('x', false)).toBe(false);
    const keys = ['ArrowRight', 'ArrowRight', 'ArrowDown', 'Home', 'End', 'PageDown', 'PageUp', 'ArrowLeft', 'ArrowUp'];
    const reached = keys.map((key) => (grid.moveFocus(key, false), grid.focus));
    // Five photos of 4:3 fill a row.
    expect(reached).toEqual([1, 2, 7, 5, 9, 19, 9, 8, 3]);
    grid.moveFocus('End', true);
    expect(grid.focus).toBe(999);
    const bottom = heightOf(grid, idOf(999));
    expect(bottom).toBeGreaterThan(84);
    expect(bottom).toBeLessThan(frame.height - 220);
    grid.moveFocus('ArrowRight', false);
    expect(grid.focus).toBe(999);
    grid.moveFocus('Home', true);
    expect([grid.focus, grid.jump.bar]).toEqual([0, 0]);
  });

  it('draws the focused photo even when it was scrolled away', () => {
    const grid = gridOf(listOf(0, 5000));
    grid.scrolled(100_000);
    expect(cellsOf(grid).some(({ index }) => index === 0)).toBe(true);
  });

  it('asks for more when the end comes into view', () => {
    let asked = 0;
    const grid = new Grid(() => (asked += 1));
    grid.fit(frame);
    grid.start(listOf(0, 300));
    expect(asked).toBe(0);
    grid.focusOn(299);
    expect(asked).toBeGreaterThan(0);
  });

  it('bears an empty list', () => {
    const grid = gridOf(PhotoList.empty);
    expect([grid.rows, grid.rowCount, grid.moveFocus('ArrowDown', false)]).toEqual([[], 0, true]);
  });
});
