import { readFile } from 'node:fs/promises';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { expect, test } from 'vitest';

const wave = (length: number, pace: number): Float32Array =>
  Float32Array.from({ length }, (_, index) => Math.sin(index * pace));

test.each([
  [1, 1, 1],
  [7, 5, 3],
  [1000, 112, 1],
  [513, 512, 5],
])('%i vectors of %i numbers, %i terms', async (n, d, k) => {
  const session = await InferenceSession.create(await readFile(new URL('../columns.onnx', import.meta.url)));
  const [vectors, terms] = [wave(n * d, 0.37), wave(k * d, 0.71)] as const;
  const { columns } = await session.run({
    vectors: new Tensor('float32', vectors, [n, d]),
    terms: new Tensor('float32', terms, [k, d]),
  });
  expect(columns?.dims).toEqual([k, n]);
  const values = columns?.data as Float32Array; // the graph's one output is float32
  for (let term = 0; term < k; term++) {
    for (let row = 0; row < n; row++) {
      const product = terms
        .subarray(term * d, (term + 1) * d)
        .reduce((sum, value, index) => sum + value * vectors[row * d + index]!, 0);
      expect(Math.abs(values[term * n + row]! - product)).toBeLessThan(1e-3);
    }
  }
});
