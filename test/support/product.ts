/** Inner products of `[n × d]` with `[k × d]` in plain loops, `[k × n]`, all row-major: what ONNX Runtime does for the program. */
export const plainProduct = (vectors: Float32Array, terms: Float32Array, d: number): Promise<Float32Array> => {
  const [n, k] = [vectors.length / d, terms.length / d];
  const columns = new Float32Array(n * k);
  for (let term = 0; term < k; term++)
    for (let row = 0; row < n; row++) {
      let sum = 0;
      for (let i = 0; i < d; i++) sum += vectors[row * d + i]! * terms[term * d + i]!;
      columns[term * n + row] = sum;
    }
  return Promise.resolve(columns);
};
