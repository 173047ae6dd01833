import type { Binding, Condition, Json, Pair } from '../../contracts/flow-definition.ts';
import { isStoredList } from '../../contracts/stored-list.ts';
import { evaluate, MissingValue, type Scope } from './binding.ts';
import { isEqualJson } from './equality.ts';
import { insideStored } from './stored-lists.ts';

/**
 * Whether a condition holds on recorded values.
 *
 * Nothing is converted: 1 and "1" differ, and a number is neither below nor above a text. What is
 * absent makes every comparison false but `ne`.
 */
export function holds(condition: Condition, scope: Scope): boolean {
  if ('and' in condition) return condition.and.every((part) => holds(part, scope));
  if ('or' in condition) return condition.or.some((part) => holds(part, scope));
  if ('not' in condition) return !holds(condition.not, scope);
  if ('exists' in condition) return evaluateOrAbsent(condition.exists, scope) !== undefined;
  if ('eq' in condition) return compare(condition.eq, scope, isEqualJson);
  if ('ne' in condition) return !compare(condition.ne, scope, isEqualJson);
  if ('in' in condition) return compare(condition.in, scope, isIn);
  if ('lt' in condition) return compare(condition.lt, scope, isBelow);
  if ('gt' in condition) return compare(condition.gt, scope, (a, b) => isBelow(b, a));
  if ('le' in condition) return compare(condition.le, scope, isBelowOrEqual);
  return compare(condition.ge, scope, (a, b) => isBelowOrEqual(b, a));
}

function compare(
  [left, right]: Pair,
  scope: Scope,
  relation: (a: unknown, b: unknown) => boolean,
): boolean {
  const a = evaluateOrAbsent(left, scope);
  const b = evaluateOrAbsent(right, scope);
  return a !== undefined && b !== undefined && relation(a, b);
}

/** A list with an absent item is absent itself: a condition is false then, and fails nothing. */
function evaluateOrAbsent(binding: Binding, scope: Scope): Json | undefined {
  try {
    const value = evaluate(binding, scope);
    return isStoredList(value) ? insideStored(value, []) : value;
  } catch (error) {
    if (error instanceof MissingValue) return undefined;
    throw error;
  }
}

function isIn(value: unknown, list: unknown): boolean {
  return Array.isArray(list) && list.some((item) => isEqualJson(item, value));
}

function isBelow(a: unknown, b: unknown): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a < b;
  return typeof a === 'string' && typeof b === 'string' && a < b;
}

function isBelowOrEqual(a: unknown, b: unknown): boolean {
  return isBelow(a, b) || (typeof a === typeof b && typeof a !== 'object' && a === b);
}
