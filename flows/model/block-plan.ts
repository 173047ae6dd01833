import type { Binding, Steps } from '../../contracts/flow-definition.ts';
import { outerReferences, type Reference } from './references.ts';

/** The order that the steps of one block stand in, worked out from data and `after`. */
export interface BlockPlan {
  /** In the order in which they start when nothing holds them: by level, then by id. */
  readonly ids: readonly string[];
  /** Steps of this block only: those outside are settled before the block starts. */
  readonly predecessors: ReadonlyMap<string, readonly string[]>;
  readonly followers: ReadonlyMap<string, readonly string[]>;
  /** 0 for steps without predecessors, otherwise one more than the highest of theirs. */
  readonly levels: ReadonlyMap<string, number>;
  readonly references: ReadonlyMap<string, readonly Reference[]>;
  /** Steps that wait for each other, so that none of them can start. */
  readonly cyclic: readonly string[];
  /** Whether `first` is settled before `second` starts. */
  isBefore(first: string, second: string): boolean;
}

const plans = new WeakMap<Steps, BlockPlan>();

/** The plan of a block, worked out once: a map runs the same block for each of its items. */
export function planOf(steps: Steps): BlockPlan {
  let plan = plans.get(steps);
  if (plan === undefined) {
    plan = createPlan(steps);
    plans.set(steps, plan);
  }
  return plan;
}

/** The output of a block that states none: that of the only step nothing else uses. */
export function defaultOutput(steps: Steps): Binding | undefined {
  const { ids, followers } = planOf(steps);
  const last = ids.filter((id) => followers.get(id)!.length === 0);
  return last.length === 1 ? { $from: last[0]! } : undefined;
}

function createPlan(steps: Steps): BlockPlan {
  const ids = Object.keys(steps).sort();
  const references = new Map(ids.map((id) => [id, outerReferences(steps[id]!)]));
  const predecessors = new Map(
    ids.map((id) => {
      const roots = references.get(id)!.map(({ root }) => root);
      const named = [...roots, ...(steps[id]!.after ?? [])];
      return [id, [...new Set(named)].filter((name) => Object.hasOwn(steps, name)).sort()];
    }),
  );
  const followers = turnAround(predecessors);
  const levels = levelsOf(ids, predecessors, followers);
  const levelOf = (id: string) => levels.get(id) ?? Infinity;
  const ordered = ids.toSorted((a, b) => levelOf(a) - levelOf(b) || (a < b ? -1 : 1));
  const cyclic = ids.filter((id) => !levels.has(id));
  const isBefore = reachability(ordered, predecessors, new Set(cyclic));
  return { ids: ordered, predecessors, followers, levels, references, cyclic, isBefore };
}

function turnAround(predecessors: ReadonlyMap<string, readonly string[]>) {
  const followers = new Map<string, string[]>([...predecessors.keys()].map((id) => [id, []]));
  for (const [id, before] of predecessors) {
    for (const name of before) followers.get(name)!.push(id);
  }
  return followers;
}

function levelsOf(
  ids: readonly string[],
  predecessors: ReadonlyMap<string, readonly string[]>,
  followers: ReadonlyMap<string, readonly string[]>,
): Map<string, number> {
  const open = new Map(ids.map((id) => [id, predecessors.get(id)!.length]));
  const levels = new Map<string, number>();
  let current = ids.filter((id) => open.get(id) === 0);
  for (let level = 0; current.length > 0; level++) {
    const next: string[] = [];
    for (const id of current) {
      levels.set(id, level);
      for (const follower of followers.get(id)!) {
        const left = open.get(follower)! - 1;
        open.set(follower, left);
        if (left === 0) next.push(follower);
      }
    }
    current = next;
  }
  return levels;
}

/** A row of bits per step: sets of names would take a second for a chain of 1,000 steps. */
function reachability(
  ordered: readonly string[],
  predecessors: ReadonlyMap<string, readonly string[]>,
  cyclic: ReadonlySet<string>,
): BlockPlan['isBefore'] {
  const places = new Map(ordered.map((id, place) => [id, place]));
  const words = Math.ceil(ordered.length / 32);
  let rows: Uint32Array[] | undefined;

  function createRows(): Uint32Array[] {
    const made: Uint32Array[] = [];
    for (const id of ordered) {
      const row = new Uint32Array(words);
      for (const name of predecessors.get(id)!) {
        const place = places.get(name)!;
        row[place >>> 5]! |= 1 << (place & 31);
        const above = cyclic.has(name) ? undefined : made[place];
        if (above !== undefined) for (let at = 0; at < words; at++) row[at]! |= above[at]!;
      }
      made.push(row);
    }
    return made;
  }

  return (first, second) => {
    const place = places.get(first);
    const other = places.get(second);
    if (place === undefined || other === undefined) return false;
    rows ??= createRows();
    return (rows[other]![place >>> 5]! & (1 << (place & 31))) !== 0;
  };
}
