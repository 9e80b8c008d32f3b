/** No browser at any pixel density cuts an element of this height; the lowest limit known is 2²⁵ device px. */
export const TALLEST = 8_000_000;

const clamp = (value: number, highest: number): number => Math.max(0, Math.min(highest, value));

/**
 * Puts a list of any height behind one scrollbar. A list that no browser can scroll is shown in an element of `TALLEST`:
 * small steps (wheel, touch, keys) move it pixel by pixel, long ones (dragging the bar) in proportion. Small steps let the
 * two drift apart, so `settle` brings the bar back to where it belongs once the movement has ended.
 */
export class ScrollSpace {
  #content = 0;
  #viewport = 0;
  #top = 0;
  #bar = 0;

  /** Where the viewport begins in the list, in px. */
  get top(): number {
    return this.#top;
  }

  /** `scrollTop` that the scrolling element should have. */
  get bar(): number {
    return this.#bar;
  }

  /** Height of the scrolled element, in px. */
  get height(): number {
    return Math.min(this.#content, TALLEST);
  }

  /** What is to be taken from a height in the list to get one in the scrolled element. */
  get shift(): number {
    return this.#top - this.#bar;
  }

  get #furthest(): number {
    return Math.max(0, this.#content - this.#viewport);
  }

  get #barFurthest(): number {
    return Math.max(0, this.height - this.#viewport);
  }

  /** Takes new heights of list and viewport, and stays as near to `top` as they allow. */
  resize(content: number, viewport: number, top: number): void {
    this.#content = content;
    this.#viewport = viewport;
    this.moveTo(top);
  }

  moveTo(top: number): void {
    this.#top = clamp(top, this.#furthest);
    this.settle();
  }

  /** Takes the element's `scrollTop` after it was scrolled. */
  scrolled(bar: number): void {
    const step = bar - this.#bar;
    this.#bar = clamp(bar, this.#barFurthest);
    const long = Math.abs(step) > 2 * this.#viewport;
    const atEnd = this.#bar === 0 || this.#bar === this.#barFurthest;
    if (this.height === this.#content) this.#top = this.#bar;
    else if (long) this.#top = (this.#bar / this.#barFurthest) * this.#furthest;
    else this.#top = clamp(this.#top + step, this.#furthest);
    if (atEnd && !long) this.settle();
  }

  /** Puts the bar where it belongs for `top`; call it when scrolling has come to rest. */
  settle(): void {
    const end = this.#barFurthest;
    if (this.height === this.#content) this.#bar = this.#top;
    else if (this.#top === 0 || this.#top === this.#furthest) this.#bar = this.#top === 0 ? 0 : end;
    // Short of the ends by a pixel at least, so that there is always a step left to take.
    else this.#bar = Math.max(1, Math.min(end - 1, Math.round((this.#top / this.#furthest) * end)));
  }
}
