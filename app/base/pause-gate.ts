/** While it is closed, work that awaits `passed` waits; opening it lets all of it go on. */
export class PauseGate {
  #closed: { readonly promise: Promise<void>; readonly open: () => void } | null = null;

  close(): void {
    if (this.#closed !== null) return;
    let open = (): void => undefined;
    const promise = new Promise<void>((resolve) => {
      open = resolve;
    });
    this.#closed = { promise, open };
  }

  open(): void {
    this.#closed?.open();
    this.#closed = null;
  }

  async passed(): Promise<void> {
    while (this.#closed !== null) await this.#closed.promise;
  }
}
