import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cellsOf,
  layOutRows,
  nearestInRow,
  rowAt,
  rowCount,
  rowOf,
  rowsHeight,
  shapeOf,
  type Cell,
  type Rows,
  type Sizes,
} from './justified.ts';

type Picture = readonly [width: number, height: number];

const sizesOf = (pictures: readonly Picture[]): Sizes => ({
  length: pictures.length,
  widths: Uint32Array.from(pictures, ([width]) => width),
  heights: Uint32Array.from(pictures, ([, height]) => height),
});

const rowsOf = (rows: Rows, sizes: Sizes): readonly (readonly Cell[])[] =>
  Array.from({ length: rowCount(rows) }, (_, row) => cellsOf(rows, sizes, row));

const side = fc.integer({ min: 1, max: 30_000 });
const pictures = fc.array(fc.tuple(side, side), { maxLength: 200 });
const options = fc.record({
  width: fc.integer({ min: 300, max: 4000 }),
  target: fc.integer({ min: 80, max: 500 }),
  gap: fc.integer({ min: 0, max: 12 }),
});

describe('layOutRows', () => {
  it('shows every picture exactly once and in order', () => {
    fc.assert(
      fc.property(pictures, options, (list, chosen) => {
        const sizes = sizesOf(list);
        const shown = rowsOf(layOutRows(sizes, chosen), sizes)
          .flat()
          .map(({ index }) => index);
        expect(shown).toEqual(list.map((_, index) => index));
      }),
    );
  });

  it('fills the width of every row but the last exactly, with the gap between neighbours', () => {
    fc.assert(
      fc.property(pictures, options, (list, chosen) => {
        const sizes = sizesOf(list);
        const rows = rowsOf(layOutRows(sizes, chosen), sizes);
        rows.forEach((cells, row) => {
          cells.forEach((cell, position) => {
            const previous = cells[position - 1];
            expect(cell.left).toBe(previous === undefined ? 0 : previous.left + previous.width + chosen.gap);
          });
          const last = cells.at(-1)!;
          if (row < rows.length - 1) expect(last.left + last.width).toBe(chosen.width);
          else expect(last.left + last.width).toBeLessThanOrEqual(chosen.width);
        });
      }),
    );
  });

  it('begins a new row at every break, with room above it, and shows every picture nevertheless', () => {
    const breaks = fc.uniqueArray(fc.nat({ max: 220 }), { maxLength: 4 });
    fc.assert(
      fc.property(pictures, options, breaks, (list, chosen, places) => {
        const sizes = sizesOf(list);
        const sorted = places.toSorted((a, b) => a - b).map((at) => ({ at, space: 50 }));
        const rows = layOutRows(sizes, chosen, sorted);
        const cells = rowsOf(rows, sizes).flat();
        expect(cells.map(({ index }) => index)).toEqual(list.map((_, index) => index));
        for (const { at } of sorted.filter((place) => place.at < list.length)) {
          expect(cells[at]!.left).toBe(0);
          const above = at === 0 ? 0 : cells[at - 1]!.top + cells[at - 1]!.height + chosen.gap;
          expect(cells[at]!.top - above).toBe(50);
        }
        for (const { left, width } of cells) expect(left + width).toBeLessThanOrEqual(chosen.width);
      }),
    );
  });

  it('keeps the shape of every picture to a pixel', () => {
    fc.assert(
      fc.property(pictures, options, (list, chosen) => {
        const sizes = sizesOf(list);
        for (const cell of rowsOf(layOutRows(sizes, chosen), sizes).flat()) {
          const shape = shapeOf(sizes.widths[cell.index]!, sizes.heights[cell.index]!);
          // The height is rounded by half a pixel at most, and so is each side edge.
          expect(Math.abs(cell.width - shape * cell.height)).toBeLessThanOrEqual(shape / 2 + 1);
        }
      }),
    );
  });

  it('stacks the rows without overlap, none far from the target', () => {
    fc.assert(
      fc.property(pictures, options, (list, chosen) => {
        const sizes = sizesOf(list);
        const layout = layOutRows(sizes, chosen);
        let bottom = -chosen.gap;
        for (const [first] of rowsOf(layout, sizes)) {
          expect(first!.top).toBe(bottom + chosen.gap);
          bottom = first!.top + first!.height;
          expect(first!.height).toBeGreaterThan(0);
          // A row is closed above the target only when its next picture, at most eight times as wide as high, brings it further below.
          expect(first!.height).toBeLessThanOrEqual(Math.max(chosen.target * 9.5, chosen.width) + 1);
        }
        expect(rowsHeight(layout)).toBe(list.length === 0 ? 0 : bottom);
      }),
    );
  });

  it('gives a panorama a row of its own and keeps a very tall picture within the row', () => {
    const chosen = { width: 1200, target: 200, gap: 4 };
    const sizes = sizesOf([
      [4000, 3000],
      [20_000, 1000],
      [300, 9000],
      [4000, 3000],
    ]);
    const rows = rowsOf(layOutRows(sizes, chosen), sizes);
    const panorama = rows.flat()[1]!;
    const tower = rows.flat()[2]!;
    expect(panorama.height).toBeGreaterThan(100);
    expect(panorama.width).toBeGreaterThan(900);
    expect(tower.height).toBeLessThanOrEqual(200);
    expect(tower.width).toBe(50);
  });

  it('leaves a short last row at the target height', () => {
    const sizes = sizesOf([[300, 200]]);
    const rows = layOutRows(sizes, { width: 1200, target: 200, gap: 4 });
    expect(cellsOf(rows, sizes, 0)).toEqual([{ index: 0, left: 0, top: 0, width: 300, height: 200 }]);
  });
});

describe('finding rows', () => {
  it('finds the row of every picture and of every height', () => {
    fc.assert(
      fc.property(pictures, options, (list, chosen) => {
        const sizes = sizesOf(list);
        const layout = layOutRows(sizes, chosen);
        rowsOf(layout, sizes).forEach((cells, row) => {
          for (const cell of cells) expect(rowOf(layout, cell.index)).toBe(row);
          expect(rowAt(layout, cells[0]!.top)).toBe(row);
          expect(rowAt(layout, cells[0]!.top + cells[0]!.height - 1)).toBe(row);
        });
      }),
    );
    expect(rowAt(layOutRows(sizesOf([]), { width: 100, target: 50, gap: 1 }), 10)).toBe(0);
  });

  it('finds the picture nearest above and below, and stays in the first and last row', () => {
    const sizes = sizesOf(Array.from({ length: 9 }, () => [100, 100] as const));
    const layout = layOutRows(sizes, { width: 300, target: 100, gap: 0 });
    expect(rowCount(layout)).toBe(3);
    expect(nearestInRow(layout, sizes, 4, 0)).toBe(1);
    expect(nearestInRow(layout, sizes, 4, 2)).toBe(7);
    expect(nearestInRow(layout, sizes, 1, -1)).toBe(1);
    expect(nearestInRow(layout, sizes, 7, 9)).toBe(7);
  });
});
