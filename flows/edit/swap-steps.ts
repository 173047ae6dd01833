import type { FlowDefinition, Steps } from '../../contracts/flow-definition.ts';
import { planOf } from '../model/block-plan.ts';
import { EditRefused, findStep } from './find-step.ts';
import type { Edit } from './remove-step.ts';

/**
 * Lets two steps of one block change places in the order: each waits for what the other waited for, and
 * what waited for one waits for the other. What a step reads stays as it is.
 *
 * @throws {EditRefused} when their order does not come from `after` alone: data can't be read before it is there.
 */
export function swapSteps(definition: FlowDefinition, first: string, second: string): Edit {
  const [a, b] = [findStep(definition, first), findStep(definition, second)];
  if (first === second) throw new EditRefused(`Cannot swap "${first}" with itself`);
  if (a.steps !== b.steps) {
    throw new EditRefused(
      `Cannot swap "${first}" and "${second}" as they stand in different blocks`,
    );
  }
  const { steps, stepsPath } = a;
  const other = (name: string) => (name === a.id ? b.id : name === b.id ? a.id : name);
  const afters = Object.keys(steps).flatMap((id) => {
    const after = steps[other(id)]!.after?.map(other);
    const own = id === a.id || id === b.id ? after : steps[id]!.after?.map(other);
    return sameList(own, steps[id]!.after) ? [] : [{ id, after: own ?? [] }];
  });
  refuseData(steps, a.id, b.id, new Map(afters.map(({ id, after }) => [id, after])));
  return {
    changes: afters.map(({ id, after }) => ({
      path: [...stepsPath, id, 'after'],
      value: after.length === 0 ? undefined : after,
    })),
    notes: afters.map(({ id, after }) =>
      after.length === 0
        ? `"${id}" waits for no step by "after"`
        : `"${id}" runs after ${after.map((name) => `"${name}"`).join(', ')}`,
    ),
  };
}

function refuseData(
  steps: Steps,
  a: string,
  b: string,
  afters: ReadonlyMap<string, readonly string[]>,
): void {
  const plan = planOf(steps);
  const changed = planOf(
    Object.fromEntries(
      Object.entries(steps).map(([id, step]) => [
        id,
        { ...step, after: afters.get(id) ?? step.after ?? [] },
      ]),
    ),
  );
  const hasTurned = (one: string, two: string) =>
    !plan.isBefore(one, two) || (changed.cyclic.length === 0 && !changed.isBefore(one, two));
  if (changed.cyclic.length === 0 && hasTurned(a, b) && hasTurned(b, a)) {
    if (afters.size > 0) return;
    throw new EditRefused(`Cannot swap "${a}" and "${b}" as no order between steps would change`);
  }
  const between = [...plan.ids].filter(
    (id) => id === a || id === b || changed.cyclic.includes(id) || isBetween(plan, a, b, id),
  );
  const reads = between.flatMap((id) =>
    plan.references
      .get(id)!
      .filter(({ root }) => between.includes(root))
      .map(({ root }) => `"${id}" reads "${root}"`),
  );
  throw new EditRefused(
    `Cannot swap "${a}" and "${b}" as ${[...new Set(reads)].join(', ')}: only an order that "after" states can be turned round`,
  );
}

function isBetween(plan: ReturnType<typeof planOf>, a: string, b: string, id: string): boolean {
  return (
    (plan.isBefore(a, id) && plan.isBefore(id, b)) || (plan.isBefore(b, id) && plan.isBefore(id, a))
  );
}

function sameList(
  a: readonly string[] | undefined = [],
  b: readonly string[] | undefined = [],
): boolean {
  return a.length === b.length && a.every((name, place) => name === b[place]);
}
