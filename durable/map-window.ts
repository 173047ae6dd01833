/**
 * Calls `work` for each item with at most `window` calls under way, and gives the results in the
 * order of the items.
 *
 * After the first failure no further item is taken; what is under way is waited for, so that nothing
 * writes behind the caller's back, and then the first failure is thrown.
 */
export async function mapWindow<Item, Result>(
  items: readonly Item[],
  window: number,
  work: (item: Item, index: number) => Promise<Result>,
): Promise<Result[]> {
  if (!(window >= 1))
    throw new RangeError(`Cannot map as the window must be at least 1: found ${window}`);
  const results: Result[] = [];
  const failures: unknown[] = [];
  let next = 0;

  async function takeItems(): Promise<void> {
    while (next < items.length && failures.length === 0) {
      const index = next++;
      try {
        results[index] = await work(items[index]!, index);
      } catch (error) {
        failures.push(error);
      }
    }
  }

  await Promise.all(Array.from({ length: Math.min(window, items.length) }, takeItems));
  if (failures.length > 0) throw failures[0];
  return results;
}
