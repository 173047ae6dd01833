import type { Analysis, StepPlace } from './analyze.ts';
import { problem, type Problem } from './problem.ts';
import type { CheckedBlock } from './scope.ts';

/** Every task, flow and lane is known, and every id stands for one step. */
export function checkNames(analysis: Analysis): Problem[] {
  return [
    ...checkQueue(analysis.definition.defaults?.queue, '/defaults', analysis),
    ...analysis.steps.flatMap((place) => [
      ...checkTaskName(place, analysis),
      ...checkFlowName(place, analysis),
      ...checkShadow(place),
      ...checkBranches(place),
    ]),
  ];
}

function checkTaskName({ step, pointer }: StepPlace, analysis: Analysis): Problem[] {
  if (!('task' in step)) return [];
  const lane = checkQueue(step.queue, pointer, analysis);
  const known = analysis.catalogue.tasks.map(({ name }) => name);
  if (known.includes(step.task)) return lane;
  const message = `Cannot run "${step.task}": the catalogue has no such task`;
  const nearly = { found: step.task, known };
  return [...lane, problem('unknown-task', `${pointer}/task`, message, nearly)];
}

function checkFlowName({ step, pointer }: StepPlace, { catalogue }: Analysis): Problem[] {
  if (!('flow' in step) || catalogue.flows === undefined) return [];
  const known = catalogue.flows.map(({ name }) => name);
  if (known.includes(step.flow)) return [];
  const message = `Cannot call "${step.flow}": no such flow is known`;
  return [problem('unknown-flow', `${pointer}/flow`, message, { found: step.flow, known })];
}

function checkQueue(
  queue: string | undefined,
  pointer: string,
  { catalogue }: Analysis,
): Problem[] {
  const known = catalogue.queues;
  if (queue === undefined || known === undefined || known.includes(queue)) return [];
  const message = `Cannot use the lane "${queue}": no worker serves it`;
  return [problem('unknown-queue', `${pointer}/queue`, message, { found: queue, known })];
}

function checkShadow({ id, pointer, block }: StepPlace): Problem[] {
  for (let at = outer(block); at !== undefined; at = outer(at)) {
    if (!Object.hasOwn(at.steps, id)) continue;
    const message = `Cannot name a step "${id}": a step around it has that id`;
    return [problem('shadowed-step', pointer, message)];
  }
  return [];
}

function checkBranches({ step, pointer }: StepPlace): Problem[] {
  if (!('choose' in step)) return [];
  const names = step.choose.map(({ name }) => name);
  return step.choose.flatMap(({ name, if: condition }, place) => {
    const at = `${pointer}/choose/${place}`;
    const found: Problem[] = [];
    if (names.indexOf(name) < place) {
      const message = `Cannot name a second branch "${name}"`;
      found.push(problem('duplicate-branch', `${at}/name`, message));
    }
    if (condition === undefined && place < names.length - 1) {
      const message = `Cannot reach the branches after "${name}": it has no "if" and so always holds`;
      found.push(problem('unreachable-branch', at, message));
    }
    return found;
  });
}

function outer(block: CheckedBlock): CheckedBlock | undefined {
  return block.parent?.block;
}
