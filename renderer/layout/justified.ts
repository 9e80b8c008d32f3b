/** Widths and heights of pictures in any unit, `[N]` each, all positive. */
export interface Sizes {
  readonly length: number;
  readonly widths: Uint32Array;
  readonly heights: Uint32Array;
}

export interface RowOptions {
  /** Width that every row but the last fills exactly, in whole px. */
  readonly width: number;
  /** Height the rows should come close to, in px. */
  readonly target: number;
  /** Space between neighbours, in whole px. */
  readonly gap: number;
}

/** Before picture `at` a new row begins, `space` px further down: room for a heading. */
export interface Break {
  readonly at: number;
  readonly space: number;
}

/** Where the rows lie; the cells of a row are worked out when it is drawn. */
export interface Rows {
  readonly options: RowOptions;
  /** First picture of each row, and the number of pictures at the end: `[rows + 1]`. */
  readonly starts: Uint32Array;
  /** Upper edge of each row, and where a further one would begin: `[rows + 1]`, whole px. */
  readonly tops: Uint32Array;
  /** Height of each row, `[rows]`, whole px. */
  readonly heights: Uint32Array;
  /** Width of the pictures, without gaps, of the rows that may end before the right edge, by row. */
  readonly short: ReadonlyMap<number, number>;
}

export interface Cell {
  readonly index: number;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Beyond these shapes a cell shows only the middle of its picture, so that nothing becomes a thread. */
const NARROWEST = 1 / 4;
const WIDEST = 8;

/** Width over height as the grid shows it. */
export const shapeOf = (width: number, height: number): number => Math.min(WIDEST, Math.max(NARROWEST, width / height));

const shapeAt = ({ widths, heights }: Sizes, index: number): number => shapeOf(widths[index] ?? 1, heights[index] ?? 1);

export const rowCount = ({ starts }: Rows): number => starts.length - 1;

/** Height of all rows with the gaps between them, in px. */
export const rowsHeight = (rows: Rows): number =>
  rowCount(rows) === 0 ? 0 : (rows.tops.at(-1) ?? 0) - rows.options.gap;

/** Lower edge of a row, in px. */
export const rowEnd = ({ tops, heights }: Rows, row: number): number => (tops[row] ?? 0) + (heights[row] ?? 0);

/**
 * Breaks pictures into rows in order: each row ends where its height comes closest, as a ratio, to the target. One pass,
 * nothing kept per picture, so that half a million of them take milliseconds and can simply be laid out anew.
 *
 * @param breaks in ascending order
 */
export const layOutRows = (sizes: Sizes, options: RowOptions, breaks: readonly Break[] = []): Rows => {
  const { target, gap } = options;
  const width = Math.max(1, options.width);
  const count = sizes.length;
  const starts = new Uint32Array(count + 1);
  const tops = new Uint32Array(count + 1);
  const heights = new Uint32Array(count);
  const short = new Map<number, number>();
  const pending = breaks.filter(({ at }) => at < count);
  let rows = 0;
  let start = 0;
  let shapes = 0;
  const close = (end: number, height: number): void => {
    const whole = Math.max(1, Math.round(height));
    heights[rows] = whole;
    rows += 1;
    starts[rows] = end;
    tops[rows] = (tops[rows - 1] ?? 0) + whole + gap;
    start = end;
    shapes = 0;
  };
  /** Ends a row before it is full. */
  const cut = (end: number): void => {
    if (start >= end) return;
    short.set(rows, Math.min(width - gap * (end - start - 1), Math.round(shapes * target)));
    close(end, target);
  };
  for (let index = 0; index < count; index += 1) {
    if (pending[0]?.at === index) {
      cut(index);
      tops[rows] = (tops[rows] ?? 0) + (pending.shift()?.space ?? 0);
    }
    const shape = shapeAt(sizes, index);
    let height = (width - gap * (index - start)) / (shapes + shape);
    if (height <= target && index > start) {
      const without = (width - gap * (index - start - 1)) / shapes;
      if (without * height < target * target) {
        close(index, without);
        height = width / shape;
      }
    }
    shapes += shape;
    if (height <= target) close(index + 1, height);
  }
  cut(count);
  return {
    options,
    starts: starts.slice(0, rows + 1),
    tops: tops.slice(0, rows + 1),
    heights: heights.slice(0, rows),
    short,
  };
};

/** @returns position of the last entry that is not above `value` in an ascending list that begins at 0 */
const lastNotAbove = (ascending: Uint32Array, value: number): number => {
  let low = 0;
  let high = ascending.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((ascending[middle] ?? 0) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
};

const inside = (rows: Rows, row: number): number => Math.max(0, Math.min(rowCount(rows) - 1, row));

/** The row at height `y`, or the nearest one. */
export const rowAt = (rows: Rows, y: number): number => inside(rows, lastNotAbove(rows.tops, y));

/** The row a picture lies in. */
export const rowOf = (rows: Rows, index: number): number => inside(rows, lastNotAbove(rows.starts, index));

/** The cells of one row, left to right, on whole px: neighbours share their rounding, so the row fills exactly. */
export const cellsOf = (rows: Rows, sizes: Sizes, row: number): readonly Cell[] => {
  const { width, gap } = rows.options;
  const first = rows.starts[row] ?? 0;
  const end = rows.starts[row + 1] ?? first;
  const top = rows.tops[row] ?? 0;
  const height = rows.heights[row] ?? 0;
  const filled = rows.short.get(row) ?? Math.max(1, width) - gap * (end - first - 1);
  let all = 0;
  for (let index = first; index < end; index += 1) all += shapeAt(sizes, index);
  const cells: Cell[] = [];
  let before = 0;
  let left = 0;
  for (let index = first; index < end; index += 1) {
    before += shapeAt(sizes, index);
    const right = Math.round((before / all) * filled);
    cells.push({ index, left: left + gap * (index - first), top, width: right - left, height });
    left = right;
  }
  return cells;
};

/** The picture of another row, or the nearest one there is, whose middle is nearest to the middle of this one. */
export const nearestInRow = (rows: Rows, sizes: Sizes, index: number, row: number): number => {
  const from = cellsOf(rows, sizes, rowOf(rows, index)).find((cell) => cell.index === index);
  const middle = (cell: Cell): number => cell.left + cell.width / 2;
  const distance = (cell: Cell): number => (from === undefined ? 0 : Math.abs(middle(cell) - middle(from)));
  const closer = (best: Cell, cell: Cell): Cell => (distance(cell) < distance(best) ? cell : best);
  const others = cellsOf(rows, sizes, inside(rows, row));
  return others.length === 0 ? index : others.reduce(closer).index;
};
