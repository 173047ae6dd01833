/**
 * JSON with the keys of every object in code-unit order and no white space, so that equal values have
 * equal bytes.
 *
 * @throws {RangeError} for NaN and infinities, which JSON would turn into null.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (key, part: unknown) => {
    if (typeof part === 'number' && !Number.isFinite(part)) {
      throw new RangeError(`Cannot write "${key}" as numbers must be finite: found ${part}`);
    }
    return isPlainObject(part) ? sortKeys(part) : part;
  });
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sortKeys(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, value[key]]),
  );
}
