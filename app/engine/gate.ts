/** Holds back whoever asks to pass while it is closed. */
export class Gate {
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
