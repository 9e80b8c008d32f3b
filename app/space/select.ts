/**
 * Rearranges `values` until the one at `index` stands where sorting in ascending order would put it; what stands behind it
 * is not smaller.
 *
 * @see Hoare, Algorithm 65: Find, 1961
 */
export const select = (values: Float32Array, index: number): number => {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const pivot = values[(low + high) >>> 1]!;
    let left = low;
    let right = high;
    while (left <= right) {
      while (values[left]! < pivot) left++;
      while (values[right]! > pivot) right--;
      if (left > right) break;
      const swapped = values[left]!;
      values[left++] = values[right]!;
      values[right--] = swapped;
    }
    if (index <= right) high = right;
    else if (index >= left) low = left;
    else break;
  }
  return values[index]!;
};
