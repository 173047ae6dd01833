/**
 * The canonical text of a JSON value after RFC 8785: keys in code-unit order, no white space, numbers
 * as ECMAScript writes them. Equal values have equal bytes.
 *
 * Members that are `undefined` are left out, as `JSON.stringify` does.
 *
 * @throws {RangeError} for NaN and infinities, which JSON would turn into null, and for text with half
 * of a surrogate pair, which has no bytes in UTF-8.
 */
export function canonicalJson(value: unknown): string {
  return write(value, '');
}

function write(value: unknown, key: string): string {
  if (typeof value === 'string') return writeText(value, key);
  if (typeof value === 'number') return writeNumber(value, key);
  if (Array.isArray(value)) {
    return `[${value.map((part, index) => write(part ?? null, String(index))).join(',')}]`;
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  // Not a sorted copy: an object gives keys like "10" in the order of numbers, whatever was put in.
  const members = Object.entries(value)
    .filter(([, part]) => part !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, part]) => `${writeText(name, name)}:${write(part, name)}`);
  return `{${members.join(',')}}`;
}

function writeNumber(value: number, key: string): string {
  if (Number.isFinite(value)) return JSON.stringify(value);
  throw new RangeError(`Cannot write "${key}" as numbers must be finite: found ${value}`);
}

function writeText(value: string, key: string): string {
  if (!LONE_SURROGATE.test(value)) return JSON.stringify(value);
  throw new RangeError(`Cannot write "${key}" as its text holds half of a surrogate pair`);
}

const LONE_SURROGATE = /\p{Surrogate}/u;
