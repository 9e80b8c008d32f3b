/** Movement under the hand that is still a click, in px. */
const THRESHOLD = 4;

export interface DragHandlers {
  /** The pointer went down and began to move. */
  readonly start: () => void;
  /** It moved by so much since it went down, in px. */
  readonly move: (dx: number, dy: number) => void;
  readonly end?: () => void;
  /** It went up where it went down. */
  readonly click?: () => void;
}

/** Follows the main button, finger or pen from `event` until it is lifted; Escape or a lost pointer end it too. */
export const drag = (event: PointerEvent, { start, move, end, click }: DragHandlers): void => {
  const element = event.currentTarget;
  if (event.button !== 0 || !(element instanceof HTMLElement)) return;
  const { pointerId, clientX, clientY } = event;
  const listening = new AbortController();
  let moving = false;
  const finish = (): void => {
    listening.abort();
    if (moving) end?.();
  };
  const on = (name: 'pointermove' | 'pointerup' | 'pointercancel', handle: (event: PointerEvent) => void): void =>
    element.addEventListener(name, (other) => other.pointerId === pointerId && handle(other), {
      signal: listening.signal,
    });
  on('pointermove', (other) => {
    const [dx, dy] = [other.clientX - clientX, other.clientY - clientY];
    if (!moving && Math.hypot(dx, dy) < THRESHOLD) return;
    if (!moving) {
      moving = true;
      element.setPointerCapture(pointerId);
      start();
    }
    move(dx, dy);
  });
  on('pointerup', () => {
    if (!moving) click?.();
    finish();
  });
  on('pointercancel', finish);
};
