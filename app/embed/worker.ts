import { toAfterimageError } from '../contract/index.ts';
import { ImageRole } from './image-role.ts';
import { OwnMemory } from './own-memory.ts';
import { ProbeRole } from './probe-role.ts';
import {
  initSchema,
  orderSchema,
  type Identified,
  type Init,
  type Question,
  type Reply,
  type Result,
  type Task,
  type TaskHost,
} from './protocol.ts';
import { TextRole } from './text-role.ts';
import { VetRole } from './vet-role.ts';

interface Role {
  handle(task: Task, host: TaskHost): Promise<Result>;
  close(): Promise<void>;
}

const start = (init: Init): Promise<Role> => {
  switch (init.role) {
    case 'images':
      return ImageRole.start(init);
    case 'text':
      return TextRole.start(init);
    case 'probe':
      return ProbeRole.start(init);
    case 'vet':
      return VetRole.start(init);
  }
};

/** A worker process from its first message on: loads what its role needs, then answers tasks side by side. */
export class Worker {
  readonly #send: (reply: Reply) => void;
  readonly #questions = new Map<number, (identified: Identified) => void>();
  readonly #grants = new Map<number, () => void>();
  readonly #memory = new OwnMemory();
  #role: Promise<Role> | null = null;

  constructor(send: (reply: Reply) => void) {
    this.#send = send;
  }

  /** The first message says what the worker is; each other one is an order. @throws ZodError on anything else */
  async receive(message: unknown): Promise<void> {
    if (this.#role === null) {
      this.#role = start(initSchema.parse(message));
      await this.#role.then(
        () => this.#send({ type: 'ready' }),
        (error: unknown) => this.#send({ type: 'broken', error: toAfterimageError(error).toData() }),
      );
      return;
    }
    const order = orderSchema.parse(message);
    switch (order.type) {
      case 'task':
        await this.#answer(order.id, order.task);
        return;
      case 'identified':
        this.#questions.get(order.id)?.(order.identified);
        this.#questions.delete(order.id);
        return;
      case 'granted':
        this.#grants.get(order.id)?.();
        this.#grants.delete(order.id);
        return;
    }
  }

  /** Gives back what the native libraries hold; they may crash the process that ends without. */
  async close(): Promise<void> {
    await this.#role?.then((role) => role.close()).catch(() => undefined);
  }

  async #answer(id: number, task: Task): Promise<void> {
    try {
      const role = await this.#role;
      if (role === null) return;
      const result = await role.handle(task, this.#hostOf(id));
      this.#send({ type: 'result', id, result });
    } catch (error) {
      this.#send({ type: 'error', id, error: toAfterimageError(error).toData() });
    } finally {
      this.#memory.giveBack(id);
    }
  }

  #hostOf(id: number): TaskHost {
    return {
      identify: (question) => this.#identify(id, question),
      takeMemory: async (want, bytes) => {
        if (this.#memory.take(id, bytes)) return;
        await new Promise<void>((resolve) => {
          this.#grants.set(id, resolve);
          this.#send({ type: 'take', id, want, bytes });
        });
      },
      begin: (step, units = 1) => this.#send({ type: 'begin', id, step, units }),
    };
  }

  #identify(id: number, question: Question): Promise<Identified> {
    return new Promise((resolve) => {
      this.#questions.set(id, resolve);
      this.#send({ type: 'identify', id, question });
    });
  }
}
