import type { Condition, From, Pair } from '../../contracts/flow-definition.ts';
import type { Held } from './reference-types.ts';
import { toBinding } from './reference.ts';

/**
 * Questions about values of the run. They are built and not written as functions, because they are
 * stored with the flow and asked again in every replay.
 */

type Other<T> = NoInfer<T> | Held<NoInfer<T>>;
type Ordered = number | string | undefined;

/** Both say the same; objects and lists are compared part by part. */
export function eq<T>(left: Held<T>, right: Other<T>): Condition {
  return { eq: pair(left, right) };
}

/** Not `eq`; also true when either is absent. */
export function ne<T>(left: Held<T>, right: Other<T>): Condition {
  return { ne: pair(left, right) };
}

/** Less than; texts by their code units. */
export function lt<T extends Ordered>(left: Held<T>, right: Other<T>): Condition {
  return { lt: pair(left, right) };
}

/** Less than or equal. */
export function le<T extends Ordered>(left: Held<T>, right: Other<T>): Condition {
  return { le: pair(left, right) };
}

/** Greater than; texts by their code units. */
export function gt<T extends Ordered>(left: Held<T>, right: Other<T>): Condition {
  return { gt: pair(left, right) };
}

/** Greater than or equal. */
export function ge<T extends Ordered>(left: Held<T>, right: Other<T>): Condition {
  return { ge: pair(left, right) };
}

/** One of a list. */
export function isIn<T>(
  left: Held<T>,
  list: readonly NoInfer<T>[] | Held<readonly NoInfer<T>[]>,
): Condition {
  return { in: pair(left, list) };
}

/** The value is there; `null` is a value. */
export function exists(reference: Held<unknown>): Condition {
  return { exists: toBinding(reference) as From };
}

/** All of them hold. */
export function and(...conditions: readonly Condition[]): Condition {
  return { and: conditions };
}

/** At least one of them holds. */
export function or(...conditions: readonly Condition[]): Condition {
  return { or: conditions };
}

/** It does not hold; so also when what it compares is absent. */
export function not(condition: Condition): Condition {
  return { not: condition };
}

function pair(left: unknown, right: unknown): Pair {
  return [toBinding(left), toBinding(right)];
}
