import type { Binding, Condition, Json, Pair } from '../../contracts/flow-definition.ts';
import { MissingValue, type Scope } from '../model/binding.ts';
import { holds } from '../model/condition.ts';
import { evaluatePartly, joinUnknown, Unknown, unknownIn } from './partial-value.ts';

/**
 * Whether a condition holds, as far as that can be told: Kleene's logic of three values, so that
 * `and` is false as soon as one part is, whatever the others are.
 */
export function holdsPartly(condition: Condition, scope: Scope): boolean | Unknown {
  if ('and' in condition) return joined(condition.and, false, scope);
  if ('or' in condition) return joined(condition.or, true, scope);
  if ('not' in condition) {
    const inner = holdsPartly(condition.not, scope);
    return typeof inner === 'boolean' ? !inner : inner;
  }
  if ('exists' in condition) {
    const value = evaluateOrAbsent(condition.exists, scope);
    return value instanceof Unknown ? value : value !== undefined;
  }
  const [[operator, [left, right]]] = Object.entries(condition) as [[string, Pair]];
  const [a, b] = [evaluateOrAbsent(left, scope), evaluateOrAbsent(right, scope)];
  const isDecided = a === undefined || b === undefined;
  const unknown = joinUnknown([unknownIn(a), unknownIn(b)]);
  if (unknown !== undefined && !isDecided) return unknown;
  // The operators keep their meaning in one place: they are asked about values in place of references.
  return holds({ [operator]: [literal(a), literal(b)] } as unknown as Condition, () => undefined);
}

function joined(parts: readonly Condition[], decisive: boolean, scope: Scope): boolean | Unknown {
  const results = parts.map((part) => holdsPartly(part, scope));
  if (results.includes(decisive)) return decisive;
  const unknown = joinUnknown(results.map((result) => unknownIn(result)));
  return unknown ?? !decisive;
}

function evaluateOrAbsent(binding: Binding, scope: Scope): unknown {
  try {
    return evaluatePartly(binding, scope);
  } catch (error) {
    if (error instanceof MissingValue) return undefined;
    throw error;
  }
}

function literal(value: unknown): Binding {
  if (value === undefined) return { $from: 'absent' };
  return { $value: unknownIn(value) === undefined ? (value as Json) : null };
}
