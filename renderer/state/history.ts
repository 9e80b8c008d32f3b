/** Enough steps that nobody reaches their end. */
const LONGEST = 300;

let gestures = 0;
/** A new name for one movement of the hand: what is edited under it is undone in one step. */
export const newGesture = (): number => ++gestures;

const PAUSE_MS = 900;

/** Names bursts of key presses and wheel turns: those that follow each other quickly are one gesture. */
export class Bursts {
  #gesture = 0;
  #last = -Infinity;

  next(now = performance.now()): number {
    if (now - this.#last > PAUSE_MS) this.#gesture = newGesture();
    this.#last = now;
    return this.#gesture;
  }
}

/** States that came before and after the one at hand. The lists are exchanged, never changed. */
export interface History<T> {
  readonly past: readonly T[];
  readonly future: readonly T[];
  /** The gesture that made the newest step. */
  readonly gesture: number | null;
}

export const emptyHistory = <T>(): History<T> => ({ past: [], future: [], gesture: null });

/** The history after an edit of `before`; what was undone is forgotten. */
export const after = <T>(history: History<T>, before: T, gesture: number | null): History<T> => {
  const goesOn = gesture !== null && gesture === history.gesture;
  const past = goesOn ? history.past : [...history.past.slice(1 - LONGEST), before];
  return { past, future: [], gesture };
};

/** One step back from `now`. @returns the state to go to, and the history then; null at the beginning */
export const back = <T>({ past, future }: History<T>, now: T): readonly [T, History<T>] | null => {
  const state = past.at(-1);
  if (state === undefined) return null;
  return [state, { past: past.slice(0, -1), future: [now, ...future], gesture: null }];
};

/** One step forward from `now`, after steps back. */
export const forth = <T>({ past, future }: History<T>, now: T): readonly [T, History<T>] | null => {
  const [state, ...rest] = future;
  if (state === undefined) return null;
  return [state, { past: [...past, now], future: rest, gesture: null }];
};
