/**
 * Median of several runs of some work, in seconds.
 *
 * @param warmUps runs before that do not count: many for short work, which the engine compiles meanwhile.
 */
export async function medianSeconds(
  runs: number,
  work: () => unknown,
  warmUps = 1,
): Promise<number> {
  for (let run = 0; run < warmUps; run++) await work();
  const times: number[] = [];
  for (let run = 0; run < runs; run++) {
    const from = performance.now();
    await work();
    times.push((performance.now() - from) / 1000);
  }
  return median(times);
}

/** The upper one of the middle; the values are left in order. */
export function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
