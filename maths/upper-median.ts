/**
 * The upper one of the values in the middle; 0 of none. The values are left in another order, as nothing
 * is copied or sorted: of many pixels this takes a tenth of the time.
 *
 * Source: C. A. R. Hoare, "Algorithm 65: find", Communications of the ACM 4, 1961.
 *
 * @param values finite, and given away.
 *
 * @example
 * upperMedian(Float64Array.of(4, 1, 3, 2)); // 3
 */
export function upperMedian(values: Float64Array): number {
  const middle = values.length >> 1;
  let [low, high] = [0, values.length - 1];
  while (low < high) {
    const pivot = values[(low + high) >> 1]!;
    let [left, right] = [low, high];
    while (left <= right) {
      while (values[left]! < pivot) left++;
      while (values[right]! > pivot) right--;
      if (left > right) break;
      const value = values[left]!;
      values[left++] = values[right]!;
      values[right--] = value;
    }
    if (middle <= right) high = right;
    else if (middle >= left) low = left;
    else break;
  }
  return values[middle] ?? 0;
}
