/** A folder that was dropped on the page, under a token. */
export interface DroppedFolder {
  readonly token: string;
  readonly name: string;
}

/** What the window's preload script lends the page: functions by name, nothing else. */
export interface Desktop {
  /** Asks for a line to the engine; its port comes as a message of the window to itself. */
  connect(): void;
  dropped(files: readonly File[]): Promise<readonly DroppedFolder[]>;
}

declare global {
  interface Window {
    readonly afterimage?: Desktop;
  }
}

/** Undefined where the page is shown by a browser. */
export const desktop: Desktop | undefined = typeof window === 'undefined' ? undefined : window.afterimage;
