/** How much of a picture can be enlarged. */
const MOST = 16;

/** The part of a picture that is looked at; panes of one size that share it show the same part. */
export class Look {
  scale = $state(1);
  /** Where the picture's middle is drawn, in px from the pane's. */
  x = $state(0);
  y = $state(0);

  fit(): void {
    this.scale = 1;
    this.x = 0;
    this.y = 0;
  }

  /**
   * Enlarges by a factor around a point that stays where it is.
   *
   * @param x px from the middle of the pane
   */
  zoom(factor: number, x = 0, y = 0): void {
    const scale = Math.min(MOST, Math.max(1, this.scale * factor));
    if (scale === 1) {
      this.fit();
      return;
    }
    this.x = x - ((x - this.x) * scale) / this.scale;
    this.y = y - ((y - this.y) * scale) / this.scale;
    this.scale = scale;
  }

  /** Moves the picture by px; one that fits stays. */
  pan(x: number, y: number): void {
    if (this.scale === 1) return;
    this.x += x;
    this.y += y;
  }
}
