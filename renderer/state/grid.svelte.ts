import type { PhotoCell } from '../../app/contract/index.ts';
import {
  cellsOf,
  layOutRows,
  nearestInRow,
  rowAt,
  rowCount,
  rowEnd,
  rowOf,
  rowsHeight,
  type Break,
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
  /** Height of the bar that lies over the upper edge, with some air. */
  readonly edge: number;
  /** Height that the rows should come close to. */
  readonly rowHeight: number;
}

export interface ShownCell extends Cell, Pick<PhotoCell, 'id' | 'offline' | 'favourite' | 'seconds'> {}

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
/** While the order keeps changing, what lies out of sight is not worth drawing. */
const OVERSCAN_IN_MOTION = 60;
const REST_MS = 200;
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
  /** Lower edges of the rooms for headings, one per break, in the scrolled element. */
  readonly dividers = $derived.by((): readonly number[] =>
    this.#breaks.map(({ at }) => this.#down + (this.#layout.tops[rowOf(this.#layout, at)] ?? 0)),
  );

  #frame = $state.raw<Frame>({ width: 0, height: 0, above: 0, edge: 0, rowHeight: 200 });
  #breaks = $state.raw<readonly Break[]>([]);
  #range = $state.raw({ first: 0, last: -1 });
  #shift = $state(0);
  #layout = $state.raw(layOutRows(PhotoList.empty, { width: 1, target: 200, gap: GAP }));
  readonly #space = new ScrollSpace();
  readonly #onNearEnd: () => void;
  #settling: ReturnType<typeof setTimeout> | undefined;
  #resting: ReturnType<typeof setTimeout> | undefined;
  #overscan = OVERSCAN;

  /** @param onNearEnd called when the last rows come into view, for lists that can be continued */
  constructor(onNearEnd: () => void = () => undefined) {
    this.#onNearEnd = onNearEnd;
  }

  /** What is to be added to a height in the rows to get one in the scrolled element. */
  get #down(): number {
    return this.#frame.above - this.#shift;
  }

  get rowCount(): number {
    return rowCount(this.#layout);
  }

  /** How many photos a list needs that is to reach as far down as this one is scrolled. */
  get reach(): number {
    return this.#layout.starts[this.#range.last + 1] ?? 0;
  }

  /** Takes a newer state of the list and keeps the photos in view where they are. */
  show(list: PhotoList, total = list.length, breaks: readonly Break[] = []): void {
    const anchor = this.#anchor();
    this.#exchange(list, total, breaks);
    this.#restore(anchor);
  }

  /** Takes the list in another order and stays as far down as it is: the photos move. */
  reorder(list: PhotoList, total = list.length, breaks: readonly Break[] = []): void {
    this.#overscan = OVERSCAN_IN_MOTION;
    this.#exchange(list, total, breaks);
    this.#moveTo(this.#space.top);
    clearTimeout(this.#resting);
    this.#resting = setTimeout(() => {
      this.#overscan = OVERSCAN;
      this.#update();
    }, REST_MS);
  }

  /** Takes another list and begins at its top. */
  start(list: PhotoList, total = list.length, breaks: readonly Break[] = []): void {
    this.#exchange(list, total, breaks);
    this.focus = 0;
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
    const { above, height, edge } = this.#frame;
    const row = rowOf(this.#layout, this.focus);
    const top = above + (this.#layout.tops[row] ?? 0);
    const bottom = above + rowEnd(this.#layout, row);
    // The first row brings back what stands above it; the others stop short of the bar that covers the upper edge.
    const highest = row === 0 ? 0 : top - edge;
    if (this.#space.top > highest) this.#moveTo(highest);
    else if (this.#space.top + height < bottom + BELOW) this.#moveTo(bottom + BELOW - height);
  }

  #targetOf(key: string, control: boolean): number | undefined {
    const row = rowOf(this.#layout, this.focus);
    const screen = Math.max(0, this.#frame.height - 2 * this.#frame.edge);
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
        return nearest(rowAt(this.#layout, Math.max(0, rowEnd(this.#layout, row) + GAP - 1 - screen)));
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

  #exchange(list: PhotoList, total: number, breaks: readonly Break[]): void {
    const focused = this.list.idAt(this.focus);
    this.list = list;
    this.total = total;
    this.#breaks = breaks.filter(({ at }) => at < list.length);
    this.#layOut();
    const index = focused === undefined ? -1 : list.indexOf(focused);
    this.focus = index === -1 ? Math.max(0, Math.min(this.focus, list.length - 1)) : index;
  }

  #layOut(): void {
    const { width, rowHeight } = this.#frame;
    const options = { width: Math.floor(width), target: rowHeight, gap: GAP };
    this.#layout = layOutRows(this.list, options, this.#breaks);
  }

  /** Nothing as long as the first row begins in view: there, what is new shows up by itself. */
  #anchor(): Anchor | undefined {
    const { above, edge, height } = this.#frame;
    const y = this.#space.top + edge - above;
    if (y <= 0) return undefined;
    const { starts, tops } = this.#layout;
    const focused = rowOf(this.#layout, this.focus);
    const inView = (tops[focused] ?? 0) >= y && rowEnd(this.#layout, focused) <= y - edge + height;
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
    this.#moveTo(this.#frame.above + top - anchor.below - this.#frame.edge);
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
    const first = rowAt(this.#layout, Math.max(0, y - this.#overscan));
    const last = Math.min(this.rowCount - 1, rowAt(this.#layout, Math.max(0, y + height + this.#overscan)));
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
    const down = this.#down;
    return rows.map((row) => ({
      row,
      cells: cellsOf(this.#layout, this.list, row).flatMap((cell) => {
        const id = this.list.idAt(cell.index);
        return id === undefined ? [] : [{ ...cell, ...this.list.badgesAt(cell.index), id, top: cell.top + down }];
      }),
    }));
  }
}
