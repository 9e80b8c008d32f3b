import type { Init, Result, Task, TaskHost } from './protocol.ts';
import { TextTower } from './text-tower.ts';

/** What a worker process for texts does. */
export class TextRole {
  readonly #tower: TextTower;

  private constructor(tower: TextTower) {
    this.#tower = tower;
  }

  /** @throws AfterimageError `model-invalid` */
  static async start({ model, threads }: Extract<Init, { role: 'text' }>): Promise<TextRole> {
    return new TextRole(await TextTower.load(model, threads));
  }

  async handle(task: Task, { begin }: Pick<TaskHost, 'begin'>): Promise<Result> {
    if (task.kind !== 'texts') throw new TypeError('This worker takes texts.');
    return { kind: 'vectors', vectors: await this.#tower.embed(task.texts, (count) => begin('work', count)) };
  }

  close(): Promise<void> {
    return this.#tower.release();
  }
}
