import type { Analysis, StepPlace } from './analyze.ts';
import { problem, type Problem } from './problem.ts';
import type { CheckedBlock } from './scope.ts';

/** The steps of each block have an order, and each of them can come to run. */
export function checkOrder(analysis: Analysis): Problem[] {
  return [
    ...analysis.blocks.flatMap(checkCycle),
    ...analysis.steps.flatMap((place) => [
      ...checkAfter(place, analysis),
      ...checkHandler(place),
      ...checkApproval(place),
    ]),
    ...analysis.withoutOutput.map((pointer) =>
      problem(
        'ambiguous-output',
        pointer,
        'Cannot tell the output: several steps are used by no other, so "output" is needed',
      ),
    ),
  ];
}

function checkCycle({ plan, pointer }: CheckedBlock): Problem[] {
  const cyclic = new Set(plan.cyclic);
  // Every step left over waits for another one left over, so walking back must meet itself.
  const path: string[] = [];
  let at = plan.cyclic[0];
  while (at !== undefined && !path.includes(at)) {
    path.push(at);
    at = plan.predecessors.get(at)!.find((name) => cyclic.has(name));
  }
  if (at === undefined) return [];
  const names = [...path.slice(path.indexOf(at)), at].reverse();
  const message = `Cannot order the steps ${names.join(' → ')}: each waits for the one before`;
  return [problem('cycle', `${pointer}/${names[0]}`, message)];
}

function checkAfter({ id, step, pointer, block }: StepPlace, { steps }: Analysis): Problem[] {
  return (step.after ?? []).flatMap((name, place) => {
    const at = `${pointer}/after/${place}`;
    if (Object.hasOwn(block.steps, name)) return [];
    if (steps.some((other) => other.id === name)) {
      const message = `Cannot run "${id}" after "${name}": it is a step of another block`;
      return [problem('after-elsewhere', at, message)];
    }
    const message = `Cannot run "${id}" after "${name}": there is no such step`;
    const known = block.plan.ids.filter((other) => other !== id);
    return [problem('unknown-step', at, message, { found: name, known })];
  });
}

function checkHandler({ id, step, pointer, block }: StepPlace): Problem[] {
  if (step.on !== 'failure' || block.plan.predecessors.get(id)!.length > 0) return [];
  const message = `Cannot come to run "${id}": it waits for a failure, and no step is before it`;
  return [problem('unreachable-step', `${pointer}/on`, message)];
}

function checkApproval({ id, step, pointer, block }: StepPlace): Problem[] {
  if (!('approve' in step) || !block.isInMap) return [];
  const message = `Cannot ask for "${id}" inside a map: approve the collection, with a form that selects items`;
  return [problem('approve-in-map', pointer, message)];
}
