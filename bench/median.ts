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
  for (let run = 0; run < runs; run++) times.push(await secondsOf(work));
  return median(times);
}

/** Medians of two kinds of work whose runs alternate, so that what drifts beside them drifts for both. */
export async function medianSecondsOfBoth(
  runs: number,
  first: () => unknown,
  second: () => unknown,
): Promise<[number, number]> {
  const times: [number[], number[]] = [[], []];
  for (let run = 0; run <= runs; run++) {
    const pair = [await secondsOf(first), await secondsOf(second)] as const;
    // The first runs warm up.
    if (run === 0) continue;
    times[0].push(pair[0]);
    times[1].push(pair[1]);
  }
  return [median(times[0]), median(times[1])];
}

async function secondsOf(work: () => unknown): Promise<number> {
  const from = performance.now();
  await work();
  return (performance.now() - from) / 1000;
}

/** The upper one of the middle; the values are left in order. */
export function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
