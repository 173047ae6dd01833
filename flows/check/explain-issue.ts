import type { z } from 'zod';
import { pointerTo } from '../load/json-text.ts';
import { problem, type Problem } from './problem.ts';

type Issue = z.core.$ZodIssue;

/**
 * What a schema refused, in sentences of this house.
 *
 * @param known fields of the object that was read, for suggestions.
 */
export function explainIssues(
  issues: readonly Issue[],
  value: unknown,
  pointer: string,
  known: readonly string[],
): Problem[] {
  return issues.flatMap((issue) => explain(issue, value, pointer, known));
}

function explain(issue: Issue, value: unknown, pointer: string, known: readonly string[]) {
  const place = issue.path.reduce<string>((at, key) => pointerTo(at, key as string), pointer);
  const found = issue.path.reduce<unknown>(
    (part, key) => (part as Record<PropertyKey, unknown> | undefined)?.[key],
    value,
  );
  const name = String(issue.path.at(-1) ?? 'the definition');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) =>
      problem('unknown-field', pointerTo(place, key), `Cannot use "${key}" here: no such field`, {
        found: key,
        known: issue.path.length === 0 ? known : INNER_FIELDS,
      }),
    );
  }
  if (issue.code === 'invalid_type' && found === undefined) {
    const parent = place.slice(0, place.lastIndexOf('/'));
    return [problem('missing-field', parent, `Cannot do without "${name}": it is not there`)];
  }
  if (issue.code === 'invalid_key') {
    const needed = issue.issues[0]?.message ?? 'another form';
    return [problem('wrong-value', place, `Cannot use "${name}" as a key: ${needed} is needed`)];
  }
  const sentence = `Cannot use "${name}": ${expected(issue)} is needed, found ${describe(found)}`;
  return [problem('wrong-value', place, sentence)];
}

function expected(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return TYPE_NAMES[issue.expected] ?? issue.expected;
    case 'invalid_value':
      return issue.values.map((value) => JSON.stringify(value)).join(' or ');
    case 'too_small':
      if (issue.origin === 'array') return 'at least one item';
      if (issue.origin === 'string') return 'some text';
      return `at least ${issue.minimum}`;
    case 'too_big':
      return `at most ${issue.maximum}`;
    default:
      return issue.message;
  }
}

/** A value in a sentence: short ones as they stand, the others by their kind. */
export function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…"` : text;
}

/** Fields of the objects inside of a step or definition. */
const INNER_FIELDS = (
  'attempts first factor max except queue timeout retry cache over key concurrency batch ' +
  'do name if start until priority title show form roles within otherwise for signal ' +
  'maxSteps maxItems merge schema initial'
).split(' ');

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};
