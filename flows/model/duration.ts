const UNIT_MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/**
 * A duration of a definition in milliseconds.
 *
 * @example
 * durationMs('2m'); // 120000
 */
export function durationMs(text: string): number {
  const [, amount, unit] = /^(\d+)(ms|s|m|h|d)$/.exec(text) ?? [];
  if (amount === undefined) {
    throw new RangeError(`Cannot read "${text}" as a duration: found no form such as "30s"`);
  }
  return Number(amount) * UNIT_MS[unit as keyof typeof UNIT_MS];
}
