import type { Outcome } from '../../contracts/flow-results.ts';

/** All members succeed. */
export const strict = 'strict';

/** The group never fails. */
export const bestEffort = 'bestEffort';

/** A number or a share of the members succeeds. */
export function atLeast(members: number | `${number}%`): { readonly atLeast: number | string } {
  return { atLeast: members };
}

/** The named members succeed; the others may fail. */
export function critical<const Ids extends readonly string[]>(
  ...ids: Ids
): { readonly critical: Ids } {
  return { critical: ids };
}

/** A policy whose critical ids can only be members of the group. */
export type PolicyFor<Id extends string> =
  | typeof strict
  | typeof bestEffort
  | { readonly atLeast: number | string }
  | { readonly critical: readonly Id[] };

/** The result of a group as its policy leaves it: what may have failed can't be used as if it were there. */
export type UnderPolicy<Members, Policy> = Policy extends typeof strict
  ? Members
  : Policy extends { readonly critical: readonly (infer Id)[] }
    ? { [K in keyof Members]: K extends Id ? Members[K] : Outcome<Members[K]> }
    : { [K in keyof Members]: Outcome<Members[K]> };
