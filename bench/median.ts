/** Median of several runs of some work, in seconds; the first run warms up and does not count. */
export async function medianSeconds(runs: number, work: () => unknown): Promise<number> {
  await work();
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
