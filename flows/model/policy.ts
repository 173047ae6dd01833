import type { Policy } from '../../contracts/flow-definition.ts';

/** How the members of a group stand: by id for a group, by place in the list for a map. */
export interface GroupStanding {
  readonly total: number;
  readonly ok: number;
  /** Members that were left out by a condition: they count neither way. */
  readonly skipped: number;
  readonly failed: readonly string[];
}

/**
 * Why the policy of a group is not met, or can't be met any more while members are still running;
 * `undefined` when it is or may still be.
 *
 * @example
 * reasonOfFailure({ atLeast: '50%' }, { total: 4, ok: 2, skipped: 0, failed: ['a', 'b'] }); // undefined
 */
export function reasonOfFailure(policy: Policy, standing: GroupStanding): string | undefined {
  const { total, skipped, failed } = standing;
  if (policy === 'bestEffort') return undefined;
  if (policy === 'strict') {
    return failed.length === 0 ? undefined : `${failed.length} of ${total} members failed`;
  }
  if ('critical' in policy) {
    const fallen = policy.critical.filter((id) => failed.includes(id));
    return fallen.length === 0
      ? undefined
      : `critical members failed: ${fallen.map((id) => `"${id}"`).join(', ')}`;
  }
  const needed = neededMembers(policy.atLeast, total - skipped);
  const reachable = total - skipped - failed.length;
  return reachable >= needed
    ? undefined
    : `${needed} of ${total} members have to succeed, ${failed.length} failed`;
}

/** Failures that a policy for a map of so many items still allows; `null` when it allows any number. */
export function allowedFailures(policy: Policy, total: number): number | null {
  if (policy === 'strict') return 0;
  if (policy === 'bestEffort' || 'critical' in policy) return null;
  return total - neededMembers(policy.atLeast, total);
}

/** How many members a share or number asks for. */
export function neededMembers(atLeast: number | string, total: number): number {
  if (typeof atLeast === 'number') return atLeast;
  // Without the margin, 55% of 100 would be 56: 0.55 * 100 is 55.00000000000001.
  return Math.ceil((Number(atLeast.slice(0, -1)) / 100) * total - 1e-9);
}

/** Whether a member's failure makes its value an `Outcome` under this policy. */
export function mayFail(policy: Policy, id: string): boolean {
  if (policy === 'strict') return false;
  return typeof policy === 'string' || !('critical' in policy) || !policy.critical.includes(id);
}
