import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { dot, meanDirection, normalise } from '../space/vector.ts';
import { ResidentVectors, type Part } from './resident.ts';

const graph = join(import.meta.dirname, '..', '..', 'models', 'columns.onnx');
const D = 3;

const opened: ResidentVectors[] = [];
const create = async (): Promise<ResidentVectors> => {
  const resident = await ResidentVectors.create(D, graph, 1);
  opened.push(resident);
  return resident;
};
afterAll(() => Promise.all(opened.map((resident) => resident.release())));

const vector = fc
  .array(fc.integer({ min: -5, max: 5 }), { minLength: D, maxLength: D })
  .map((values) => normalise(Float32Array.from(values)));
const picture = vector.map((value): readonly Part[] => [{ vector: value, at: null }]);
const video = fc
  .array(vector, { minLength: 1, maxLength: 5 })
  .map((vectors): readonly Part[] => vectors.map((value, at) => ({ vector: value, at })));
const id = fc.constantFrom('a', 'b', 'c', 'd');

describe('resident vectors', () => {
  it('say of each photo what its best part says, whatever was put in its place before', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(id, fc.oneof(picture, video)), { minLength: 1, maxLength: 12 }),
        fc.array(vector, { minLength: 1, maxLength: 3 }),
        async (puts, terms) => {
          const resident = await ResidentVectors.create(D, graph, 1);
          const model = new Map<string, readonly Part[]>();
          for (const [photo, parts] of puts) {
            resident.put(photo, parts);
            model.set(photo, parts);
          }
          const stacked = Float32Array.from(terms.flatMap((term) => [...term]));
          const columns = await resident.columns(stacked);
          const first = await resident.firstColumns(stacked);
          for (const [photo, parts] of model) {
            const row = resident.rowOf(photo)!;
            for (const [index, term] of terms.entries()) {
              const similarities = parts.map((part) => dot(part.vector, term));
              expect(columns[index]![row]).toBeCloseTo(Math.max(...similarities), 5);
              expect(first[index]![row]).toBeCloseTo(similarities[0]!, 5);
              const at = resident.bestMoment(row, term);
              if (parts[0]!.at === null) expect(at).toBeNull();
              else expect(similarities[at!]).toBeCloseTo(Math.max(...similarities), 5);
            }
            expect(resident.partsOf(row).map((part) => [...part])).toEqual(parts.map((part) => [...part.vector]));
            expect(resident.direction(photo)).toEqual(
              parts.length === 1 ? parts[0]!.vector : meanDirection(parts.map((part) => part.vector)),
            );
          }
          expect(resident.size).toBe(model.size);
          await resident.release();
        },
      ),
      { numRuns: 60 },
    );
  });

  it('take the parts of a library in whatever order they are stored', async () => {
    const resident = await create();
    const axes = [0, 1, 2].map((place) => Float32Array.from([0, 1, 2], (i) => (i === place ? 1 : 0)));
    resident.load('video', 2, { vector: axes[2]!, at: 8 });
    resident.load('picture', 0, { vector: axes[1]!, at: null });
    resident.load('video', 0, { vector: axes[0]!, at: 0.5 });
    resident.load('video', 1, { vector: axes[1]!, at: 4 });
    expect(axes.map((axis) => resident.bestMoment(0, axis))).toEqual([0.5, 4, 8]);
    const [, second, third] = await resident.columns(Float32Array.from(axes.flatMap((axis) => [...axis])));
    expect([...second!]).toEqual([1, 1]);
    expect([...third!]).toEqual([1, 0]);
  });

  it('leave out what came after the rows that are asked for', async () => {
    const resident = await create();
    const [x, y] = [Float32Array.of(1, 0, 0), Float32Array.of(0, 1, 0)];
    resident.put('a', [{ vector: x, at: null }]);
    resident.put('b', [
      { vector: x, at: 0 },
      { vector: y, at: 1 },
    ]);
    expect((await resident.columns(y, 1)).map((column) => [...column])).toEqual([[0]]);
    expect((await resident.columns(y, 2)).map((column) => [...column])).toEqual([[0, 1]]);
  });

  it('hold more parts than a block has rows', async () => {
    const resident = await create();
    const [x, y, z] = [Float32Array.of(1, 0, 0), Float32Array.of(0, 1, 0), Float32Array.of(0, 0, 1)];
    for (let number = 0; number < 200; number++) {
      const others = Array.from({ length: 100 }, (_, at) => ({
        vector: number === 199 && at === 99 ? z : y,
        at: at + 1,
      }));
      resident.put(`video ${String(number)}`, [{ vector: x, at: 0 }, ...others]);
    }
    const [column] = await resident.columns(z);
    expect(column!.indexOf(1)).toBe(199);
    expect(resident.bestMoment(199, z)).toBe(100);
    resident.put('video 199', [{ vector: x, at: null }]);
    expect((await resident.columns(z))[0]!.indexOf(1)).toBe(-1);
  });

  it('refuses vectors of another length', async () => {
    const resident = await create();
    expect(() => resident.put('a', [{ vector: new Float32Array(D + 1), at: null }])).toThrow(RangeError);
  });
});
