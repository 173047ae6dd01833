import type { PlannedPoint } from './assessment-plan.ts';

/** Points from which on half of them can be held back, so that the other half judges an adjustment. */
const SPLIT_FROM = 8;

/**
 * Which points take part in an adjustment, and which are held back to judge it: those declared as check
 * points, else every second one by name; none where too few would be left.
 */
export function splitControl(points: Iterable<Pick<PlannedPoint, 'name' | 'role'>>): {
  used: string[];
  held: string[];
} {
  const roles = new Map([...points].map(({ name, role }) => [name, role]));
  const names = [...roles.keys()].toSorted((a, b) => (a < b ? -1 : 1));
  const declared = names.filter((name) => roles.get(name) === 'check');
  if (declared.length > 0) {
    return { used: names.filter((name) => !declared.includes(name)), held: declared };
  }
  if (names.length < SPLIT_FROM) return { used: names, held: [] };
  return {
    used: names.filter((_, index) => index % 2 === 0),
    held: names.filter((_, index) => index % 2 === 1),
  };
}
