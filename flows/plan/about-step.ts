import type { Step } from '../../contracts/flow-definition.ts';
import type { StepKind } from '../model/graph.ts';

const KINDS: readonly StepKind[] = [
  'task',
  'parallel',
  'map',
  'choose',
  'repeat',
  'approve',
  'wait',
  'flow',
];

/** What a plan says of a step beside what becomes of it. */
export function aboutStep(step: Step): { kind: StepKind; title?: string; task?: string } {
  return {
    kind: KINDS.find((kind) => Object.hasOwn(step, kind))!,
    ...(step.title === undefined ? {} : { title: step.title }),
    ...('task' in step ? { task: step.task } : {}),
  };
}
