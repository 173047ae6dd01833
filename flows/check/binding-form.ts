import { pathSchema } from '../../contracts/flow-schema.ts';
import { pointerTo } from '../load/json-text.ts';
import { describe } from './explain-issue.ts';
import { problem, type Problem } from './problem.ts';

type Fields = Readonly<Record<string, unknown>>;

const tags = ['$from', '$text', '$value'];
const operators = ['eq', 'ne', 'lt', 'le', 'gt', 'ge', 'in', 'exists', 'and', 'or', 'not'];

/** The form of a binding: a key with `$` is one of the format's own, or stands in `$value`. */
export function checkBindingForm(binding: unknown, pointer: string): Problem[] {
  if (Array.isArray(binding)) {
    return binding.flatMap((item, place) => checkBindingForm(item, pointerTo(pointer, place)));
  }
  if (!isObject(binding)) return [];
  const tag = Object.keys(binding).find((key) => key.startsWith('$'));
  switch (tag) {
    case undefined:
      return Object.entries(binding).flatMap(([key, member]) =>
        checkBindingForm(member, pointerTo(pointer, key)),
      );
    case '$from':
      return checkFromForm(binding, pointer);
    case '$text':
      return [...checkText(binding['$text'], pointer), ...strangers(binding, ['$text'], pointer)];
    case '$value':
      return strangers(binding, ['$value'], pointer);
    default: {
      const message = `Cannot use "${tag}" in a binding: a literal with such a key stands in "$value"`;
      const place = pointerTo(pointer, tag);
      return [problem('unknown-field', place, message, { found: tag, known: tags })];
    }
  }
}

/** The form of a reference: a path, and what stands in for it. */
export function checkFromForm(from: unknown, pointer: string): Problem[] {
  if (!isObject(from) || !Object.hasOwn(from, '$from')) {
    const message = `Cannot read a reference: {"$from": "path"} is needed, found ${describe(from)}`;
    return [problem('wrong-value', pointer, message)];
  }
  const refused = pathSchema.safeParse(from['$from']).error?.issues[0]?.message;
  const path =
    refused === undefined
      ? []
      : [
          problem(
            'wrong-value',
            `${pointer}/$from`,
            `Cannot use "$from": ${typeof from['$from'] === 'string' ? refused : 'a path'} is needed, found ${describe(from['$from'])}`,
          ),
        ];
  const or = Object.hasOwn(from, 'or') ? checkBindingForm(from['or'], `${pointer}/or`) : [];
  return [...path, ...or, ...strangers(from, ['$from', 'or'], pointer)];
}

/** The form of a condition: one operator with what it compares. */
export function checkConditionForm(condition: unknown, pointer: string): Problem[] {
  const names = isObject(condition) ? Object.keys(condition) : [];
  const [name] = names;
  if (!isObject(condition) || name === undefined || names.length > 1) {
    const found = names.length > 1 ? names.join(' and ') : describe(condition);
    const message = `Cannot read a condition: one operator is needed, found ${found}`;
    return [problem('wrong-value', pointer, message)];
  }
  const place = pointerTo(pointer, name);
  if (!operators.includes(name)) {
    const message = `Cannot use "${name}" as an operator: one of ${operators.join(', ')} is needed`;
    return [problem('unknown-field', place, message, { found: name, known: operators })];
  }
  const operand = condition[name];
  if (name === 'not') return checkConditionForm(operand, place);
  if (name === 'exists') return checkFromForm(operand, place);
  const isJoin = name === 'and' || name === 'or';
  const hasForm = Array.isArray(operand) && (isJoin ? operand.length > 0 : operand.length === 2);
  if (!hasForm) {
    const needed = isJoin ? 'a list of conditions' : 'a pair of bindings';
    const message = `Cannot use "${name}": ${needed} is needed, found ${describe(operand)}`;
    return [problem('wrong-value', place, message)];
  }
  const check = isJoin ? checkConditionForm : checkBindingForm;
  return operand.flatMap((part: unknown, at) => check(part, pointerTo(place, at)));
}

function checkText(pieces: unknown, pointer: string): Problem[] {
  const place = `${pointer}/$text`;
  if (!Array.isArray(pieces) || pieces.length === 0) {
    const message = `Cannot use "$text": a list of pieces is needed, found ${describe(pieces)}`;
    return [problem('wrong-value', place, message)];
  }
  return pieces.flatMap((piece: unknown, at) =>
    typeof piece === 'string' || typeof piece === 'number'
      ? []
      : checkFromForm(piece, pointerTo(place, at)),
  );
}

function strangers(fields: Fields, known: readonly string[], pointer: string): Problem[] {
  return Object.keys(fields)
    .filter((key) => !known.includes(key))
    .map((key) =>
      problem(
        'unknown-field',
        pointerTo(pointer, key),
        `Cannot use "${key}" beside "${known[0]}": no such field`,
        { found: key, known },
      ),
    );
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
