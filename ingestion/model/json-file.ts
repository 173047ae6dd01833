import type { z } from 'zod';
import { nameValue } from '../../contracts/failures.ts';
import { nearestName } from '../../maths/nearest-name.ts';

/** Faults that one sentence names; the first is what a person mends first. */
const NAMED_FAULTS = 3;

/**
 * The value of a JSON text; a byte order mark does no harm.
 *
 * @returns the fault, as the end of a sentence that begins with `as it`.
 */
export function parseJson(content: string): { value: unknown } | { fault: string } {
  const text = content.replace(/^\uFEFF/, '');
  if (text.includes('\0')) return { fault: 'is no text in UTF-8: save it as such' };
  try {
    return { value: JSON.parse(text, mayHoldHalves(text) ? withWholeCharacters : undefined) };
  } catch (error) {
    return { fault: `is no JSON: ${placeOf(text, error)}` };
  }
}

/** Only an escape can bring half of a surrogate pair into a text of whole characters. */
function mayHoldHalves(text: string): boolean {
  return /\\ud[89a-f]/i.test(text);
}

/** Halves of surrogate pairs have no bytes, so that no document could hold them. */
function withWholeCharacters(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? value.replace(/\p{Surrogate}/gu, '\uFFFD') : value;
}

/** Where the reader gave up; its own words would quote the file. */
function placeOf(text: string, error: unknown): string {
  const position = /at position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
  if (position === undefined) {
    const isCut = error instanceof Error && /end of JSON/i.test(error.message);
    return isCut ? 'it ends too early' : 'nothing can be made of it';
  }
  const before = text.slice(0, Number(position)).split(/\r\n|\n|\r/);
  return `nothing can be made of line ${before.length} from column ${before.at(-1)!.length + 1} on`;
}

/**
 * What a schema finds wrong, in one line: the path, the value found, and what was meant where a name is nearly
 * a known one.
 *
 * @param known names that a field may have, at any depth.
 */
export function faultsIn(
  issues: readonly z.core.$ZodIssue[],
  value: unknown,
  known: readonly string[],
): string {
  const faults = issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => unknownField(key, known))
      : [
          `${issue.path.join('.') || 'the whole'} is not usable (${issue.message}): found ${nameValue(valueAt(value, issue.path))}`,
        ],
  );
  const rest = faults.length - NAMED_FAULTS;
  return [...faults.slice(0, NAMED_FAULTS), ...(rest > 0 ? [`and ${rest} more`] : [])].join('; ');
}

function unknownField(key: string, known: readonly string[]): string {
  const near = nearestName(key.slice(0, 60), known);
  return `${nameValue(key)} is not known${near === undefined ? '' : ` (did you mean ${near}?)`}`;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null && Object.hasOwn(inner, key)
        ? (inner as Record<PropertyKey, unknown>)[key]
        : undefined,
    value,
  );
}
