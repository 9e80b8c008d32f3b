import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, vi } from 'vitest';
import { z } from 'zod';
import { checkSchema, statusSchema, type Status } from '../../../app/contract/index.ts';
import type { GraphBuilder, Value } from '../../../models/generate/onnx.ts';
import { run, runJson, temporaryFolder, type Outcome } from '../command-line.ts';
import { changedModel } from '../model-folders.ts';
import { keepDataIn } from '../own-data.ts';
import { writePaintings } from '../paintings.ts';
import { imageGraph } from './image-graph.ts';

/** A library of ten paintings, indexed with the starter model, that the built program is given models of strangers in. */
export class LibraryForModels {
  /** Where all of it lies; known when the first test begins. */
  folder = '';

  /** Makes it before the tests of the file that calls this, and removes it after them. */
  static inThisFile(): LibraryForModels {
    const made = new LibraryForModels();
    let remove: () => Promise<void>;
    beforeAll(async () => {
      [made.folder, remove] = await temporaryFolder();
      keepDataIn(made.folder);
      await writePaintings(join(made.folder, 'photos'));
      await made.json('index', join(made.folder, 'photos'));
    });
    afterAll(async () => {
      vi.unstubAllEnvs();
      await remove();
    });
    return made;
  }

  get directory(): string {
    return join(this.folder, 'library');
  }

  afterimage(...args: readonly string[]): Promise<Outcome> {
    return run(...args, '--library', this.directory);
  }

  json(...args: readonly string[]): Promise<unknown> {
    return runJson(...args, '--library', this.directory);
  }

  async status(...args: readonly string[]): Promise<Status> {
    return statusSchema.parse(await this.json('status', ...args));
  }

  async doctor(): Promise<{ readonly code: number | null; readonly names: string[]; readonly text: string }> {
    const { code, stdout } = await this.afterimage('doctor', '--json');
    const { checks } = z.object({ checks: z.array(checkSchema) }).parse(JSON.parse(stdout));
    return { code, names: checks.map(({ name }) => name), text: checks.map(({ message }) => message).join('\n') };
  }

  /** The starter model answers for all photos. */
  async expectUnharmed(): Promise<void> {
    expect(await this.status()).toMatchObject({ model: { name: 'starter', photos: 10 }, modelProblem: null });
  }

  /** The command is refused with these words, and the model in use stays. */
  async expectRefused(says: RegExp, ...args: readonly string[]): Promise<void> {
    const { code, stderr } = await this.afterimage(...args);
    expect(code).toBe(1);
    expect(stderr).toMatch(says);
    await this.expectUnharmed();
  }

  /** A model whose image tower does something else with its vectors. @returns its folder */
  modelThat(what: string, twist: (graph: GraphBuilder, vectors: Value) => Value): Promise<string> {
    return changedModel(join(this.folder, what.replaceAll(' ', '-')), { 'onnx/vision_model.onnx': imageGraph(twist) });
  }

  /**
   * Plants a model in the library that gives absurdly large vectors: the library opens without it, everything tells of it, and
   * another model takes its place.
   *
   * @param dimension that the library's own file claims
   */
  async expectOpensWithoutPlanted(dimension: number): Promise<void> {
    const directory = await changedModel(join(this.folder, 'planted'), {
      'config.json': (config) => ({ ...config, projection_dim: 2_147_483_647 }),
    });
    const path = join(this.directory, 'library.json');
    const before = z.looseObject({ models: z.array(z.unknown()) }).parse(JSON.parse(await readFile(path, 'utf8')));
    const planted = {
      ...{ id: 'planted-00000000', name: 'planted', directory, kind: 'full', layout: 'transformers' },
      ...{ dimension, fingerprint: '0'.repeat(64), vectors: null },
    };
    await writeFile(path, JSON.stringify({ ...before, models: [planted], activeModel: planted.id }));
    // Also when the person has approved all that the library names.
    for (const trust of [[], ['--trust']])
      expect(await this.status(...trust)).toMatchObject({
        model: null,
        modelProblem: expect.stringContaining('planted'),
      });
    expect((await this.afterimage('models', 'list')).code).toBe(0);
    const { code, names } = await this.doctor();
    expect(code).toBe(1);
    expect(names).toEqual(expect.arrayContaining(['Runtime', 'Model', 'Database', 'Disk']));
    expect((await this.afterimage('models', 'use', 'starter')).code).toBe(0);
    await this.expectUnharmed();
    expect((await this.doctor()).code).toBe(0);
  }
}
