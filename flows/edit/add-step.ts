import type { FlowDefinition, Step } from '../../contracts/flow-definition.ts';
import { planOf } from '../model/block-plan.ts';
import { EditRefused } from './find-step.ts';
import type { Edit } from './remove-step.ts';

/** Where a new step goes. */
export interface NewStep {
  readonly id: string;
  readonly step: Step;
  /** Steps that it waits for; absent, all that nothing waits for yet, so that it comes last. */
  readonly after?: readonly string[];
  /** Group that it becomes a member of; made when there is none of that name. */
  readonly group?: string;
}

/** Puts a step into a flow: at its end, or as a member of a group. */
export function addStep({ steps }: FlowDefinition, { id, step, after, group }: NewStep): Edit {
  const known = group === undefined ? undefined : steps[group];
  if (known !== undefined && !('parallel' in known)) {
    throw new EditRefused(`Cannot add "${id}" to "${group}" as that is no group of parallel steps`);
  }
  const siblings = group === undefined ? steps : (known?.parallel ?? {});
  if (Object.hasOwn(siblings, id)) {
    throw new EditRefused(`Cannot add step "${id}" as there is one of that name: give another id`);
  }
  if (group !== undefined && known !== undefined) {
    return { changes: [{ path: ['steps', group, 'parallel', id], value: step }], notes: [] };
  }
  const place = group ?? id;
  const added: Step = group === undefined ? step : { parallel: { [id]: step } };
  const before = after ?? lastSteps(steps, added, place);
  const value = before.length === 0 ? added : { ...added, after: before };
  return {
    changes: [{ path: ['steps', place], value }],
    notes:
      before.length === 0
        ? []
        : [`"${place}" runs after ${before.map((name) => `"${name}"`).join(', ')}`],
  };
}

/** What nothing waits for, but not what the new step reads: that it waits for anyway. */
function lastSteps(steps: FlowDefinition['steps'], added: Step, id: string): string[] {
  const plan = planOf(steps);
  const read = planOf({ ...steps, [id]: added }).predecessors.get(id)!;
  return plan.ids.filter((name) => plan.followers.get(name)!.length === 0 && !read.includes(name));
}
