import {
  cellsOf,
  layOutRows,
  nearestInRow,
  rowAt,
  rowCount,
  rowOf,
  rowsHeight,
  type Cell,
} from '../layout/justified.ts';
import { ScrollSpace } from '../layout/scroll-space.ts';
import { PhotoList } from './photo-list.ts';

/** The room the grid has, in px. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  /** What stands above the first row and scrolls with it. */
  readonly above: number;
  /** Height that the rows should come close to. */
  readonly rowHeight: number;
}

export interface ShownCell extends Cell {
  readonly id: string;
}

export interface ShownRow {
  readonly row: number;
  readonly cells: readonly ShownCell[];
}

/** A photo that is to stay where it is: the one with the focus if it can be seen, else the first that can. */
interface Anchor {
  readonly id: string;
  /** How far its row begins below the edge that the bar covers, in px. */
  readonly below: number;
}

const GAP = 6;
/** Kept free below the last row. */
const BELOW = 96;
/** Rows are drawn this far beyond both edges, so that scrolling meets finished pictures. */
const OVERSCAN = 600;
/** Height of the bar that lies over the upper edge, with some air. */
const EDGE = 84;
const SETTLE_MS = 140;

/** A scrolled, justified grid over a list of photos: which cells are to be drawn, where, and which one has the focus. */
export class Grid {
  list = $state.raw(PhotoList.empty);
  /** How many photos there are, of which the list may be only the beginning. */
  total = $state(0);
  /** Position of the photo that the Tab key reaches. */
  focus = $state(0);
  /** Height of the scrolled element. */
  height = $state(0);
  /** Where the scrolled element is to be scrolled to: a new object for every jump that is not the person's own. */
  jump = $state.raw({ bar: 0 });
  /** Rows to be drawn, with one more for the focus when it was scrolled away. */
  readonly rows = $derived.by((): readonly ShownRow[] => this.#shownRows());

  #frame = $state.raw<Frame>({ width: 0, height: 0, above: 0, rowHeight: 200 });
  #range = $state.raw({ first: 0, last: -1 });
  #shift = $state(0);
  #layout = $state.raw(layOutRows(PhotoList.empty, { width: 1, target: 200, gap: GAP }));
  readonly #space = new ScrollSpace();
  readonly #onNearEnd: () => void;
  #settling: ReturnType<typeof setTimeout> | undefined;

  /** @param onNearEnd called when the last rows come into view, for lists that can be continued */
  constructor(onNearEnd: () => void = () => undefined) {
    this.#onNearEnd = onNearEnd;
  }

  get rowCount(): number {
    return rowCount(this.#layout);
  }

  /** Takes a newer state of the list and keeps the photos in view where they are. */
  show(list: PhotoList, total = list.length): void {
    const focused = this.list.idAt(this.focus);
    const anchor = this.#anchor();
    this.list = list;
    this.total = total;
    this.#layOut();
    const index = focused === undefined ? -1 : list.indexOf(focused);
    this.focus = index === -1 ? Math.max(0, Math.min(this.focus, list.length - 1)) : index;
    this.#restore(anchor);
  }

  /** Takes another list and begins at its top. */
  start(list: PhotoList, total = list.length): void {
    this.list = list;
    this.total = total;
    this.focus = 0;
    this.#layOut();
    this.#moveTo(0);
  }

  fit(frame: Frame): void {
    const anchor = this.#anchor();
    this.#frame = frame;
    this.#layOut();
    this.#restore(anchor);
  }

  /** The person scrolled the element to `bar`. */
  scrolled(bar: number): void {
    if (bar === this.#space.bar) return;
    this.#space.scrolled(bar);
    if (this.#space.bar !== bar) this.jump = { bar: this.#space.bar };
    this.#update();
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => {
      this.#space.settle();
      if (this.#space.bar !== bar) this.jump = { bar: this.#space.bar };
      this.#update();
    }, SETTLE_MS);
  }

  /** Moves the focus by a key of the grid pattern. @returns whether the key meant anything */
  moveFocus(key: string, control: boolean): boolean {
    const target = this.#targetOf(key, control);
    if (target === undefined) return false;
    this.focusOn(target);
    return true;
  }

  /** Puts the focus on a photo and brings it into view. */
  focusOn(index: number): void {
    if (this.list.length === 0) return;
    this.focus = Math.max(0, Math.min(this.list.length - 1, index));
    const { above, height } = this.#frame;
    const row = rowOf(this.#layout, this.focus);
    const top = above + (this.#layout.tops[row] ?? 0);
    const bottom = above + (this.#layout.tops[row + 1] ?? 0);
    // The first row brings back what stands above it; the others stop short of the bar that covers the upper edge.
    const highest = row === 0 ? 0 : top - EDGE;
    if (this.#space.top > highest) this.#moveTo(highest);
    else if (this.#space.top + height < bottom + BELOW) this.#moveTo(bottom + BELOW - height);
  }

  #targetOf(key: string, control: boolean): number | undefined {
    const row = rowOf(this.#layout, this.focus);
    const screen = Math.max(0, this.#frame.height - 2 * EDGE);
    const nearest = (other: number): number => nearestInRow(this.#layout, this.list, this.focus, other);
    switch (key) {
      case 'ArrowLeft':
        return this.focus - 1;
      case 'ArrowRight':
        return this.focus + 1;
      case 'ArrowUp':
        return nearest(row - 1);
      case 'ArrowDown':
        return nearest(row + 1);
      case 'PageUp':
        return nearest(rowAt(this.#layout, Math.max(0, (this.#layout.tops[row + 1] ?? 0) - 1 - screen)));
      case 'PageDown':
        return nearest(rowAt(this.#layout, (this.#layout.tops[row] ?? 0) + screen));
      case 'Home':
        return control ? 0 : this.#layout.starts[row];
      case 'End':
        return control ? this.list.length - 1 : (this.#layout.starts[row + 1] ?? 1) - 1;
      default:
        return undefined;
    }
  }

  #layOut(): void {
    const { width, rowHeight } = this.#frame;
    this.#layout = layOutRows(this.list, { width: Math.floor(width), target: rowHeight, gap: GAP });
  }

  /** Nothing as long as the first row begins in view: there, what is new shows up by itself. */
  #anchor(): Anchor | undefined {
    const y = this.#space.top + EDGE - this.#frame.above;
    if (y <= 0) return undefined;
    const { starts, tops } = this.#layout;
    const focused = rowOf(this.#layout, this.focus);
    const top = tops[focused] ?? 0;
    const inView = top >= y && (tops[focused + 1] ?? 0) <= y - EDGE + this.#frame.height;
    const row = inView ? focused : rowAt(this.#layout, y);
    const id = this.list.idAt(inView ? this.focus : (starts[row] ?? 0));
    return id === undefined ? undefined : { id, below: (tops[row] ?? 0) - y };
  }

  #restore(anchor: Anchor | undefined): void {
    const index = anchor === undefined ? -1 : this.list.indexOf(anchor.id);
    if (anchor === undefined || index === -1) {
      this.#moveTo(this.#space.top);
      return;
    }
    const top = this.#layout.tops[rowOf(this.#layout, index)] ?? 0;
    this.#moveTo(this.#frame.above + top - anchor.below - EDGE);
  }

  #moveTo(top: number): void {
    const { above, height } = this.#frame;
    this.#space.resize(above + rowsHeight(this.#layout) + BELOW, height, Math.round(top));
    this.jump = { bar: this.#space.bar };
    this.#update();
  }

  #update(): void {
    const { above, height } = this.#frame;
    const y = this.#space.top - above;
    const first = rowAt(this.#layout, Math.max(0, y - OVERSCAN));
    const last = Math.min(this.rowCount - 1, rowAt(this.#layout, Math.max(0, y + height + OVERSCAN)));
    if (first !== this.#range.first || last !== this.#range.last) this.#range = { first, last };
    this.height = this.#space.height;
    this.#shift = this.#space.shift;
    if (this.rowCount > 0 && last === this.rowCount - 1) this.#onNearEnd();
  }

  #shownRows(): readonly ShownRow[] {
    const { first, last } = this.#range;
    const rows = Array.from({ length: Math.max(0, last - first + 1) }, (_, offset) => first + offset);
    const focused = rowOf(this.#layout, this.focus);
    if (this.rowCount > 0 && !rows.includes(focused)) rows.push(focused);
    const down = this.#frame.above - this.#shift;
    return rows.map((row) => ({
      row,
      cells: cellsOf(this.#layout, this.list, row).flatMap((cell) => {
        const id = this.list.idAt(cell.index);
        return id === undefined ? [] : [{ ...cell, id, top: cell.top + down }];
      }),
    }));
  }
}
