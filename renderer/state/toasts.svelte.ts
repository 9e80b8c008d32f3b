import { toAfterimageError, type AfterimageError } from '../../app/contract/index.ts';

export interface Toast {
  readonly id: number;
  readonly tone: 'plain' | 'error';
  readonly text: string;
  readonly action: ToastAction | null;
}

/** What the person can do about it, once. */
export interface ToastAction {
  readonly label: string;
  readonly run: () => void;
}

const PLAIN_MS = 6000;
/** Long enough to read a sentence with a path in it twice. */
const ERROR_MS = 15_000;

/** Short messages at the lower edge: what was done, or why it could not be. */
export class Toasts {
  list = $state.raw<readonly Toast[]>([]);
  #next = 0;

  /** @returns what closes it */
  say(text: string, tone: Toast['tone'] = 'plain', action: ToastAction | null = null): () => void {
    const id = this.#next++;
    this.list = [...this.list.filter((toast) => toast.text !== text), { id, tone, text, action }];
    const close = (): void => this.close(id);
    setTimeout(close, tone === 'plain' ? PLAIN_MS : ERROR_MS);
    return close;
  }

  close(id: number): void {
    this.list = this.list.filter((toast) => toast.id !== id);
  }

  /** Shows why `work` failed, unless the person cancelled it. @returns its value, or undefined after a failure */
  async attempt<T>(work: Promise<T>): Promise<T | undefined> {
    try {
      return await work;
    } catch (error) {
      this.report(toAfterimageError(error));
      return undefined;
    }
  }

  report(error: AfterimageError): void {
    if (error.kind !== 'cancelled') this.say(error.message, 'error');
  }
}
