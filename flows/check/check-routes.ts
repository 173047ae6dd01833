import type { Analysis, StepPlace } from './analyze.ts';
import { problem, type Problem } from './problem.ts';

/** Every jump that a task may ask for leads to a step of the same block, and no other is stated. */
export function checkRoutes({ steps, catalogue }: Analysis): Problem[] {
  return steps.flatMap((place) => {
    const { step, pointer } = place;
    const facts =
      'task' in step ? catalogue.tasks.find(({ name }) => name === step.task) : undefined;
    const isUnknown = 'task' in step && facts === undefined;
    const declared = facts?.routes ?? [];
    const routes = step.routes ?? {};
    const missing = declared
      .filter((name) => !Object.hasOwn(routes, name))
      .map((name) =>
        problem(
          'missing-route',
          pointer,
          `Cannot follow the route "${name}" of the task: "routes" leads it nowhere`,
        ),
      );
    const stated = Object.entries(routes).flatMap(([name, target]) => [
      ...(isUnknown || declared.includes(name) ? [] : [undeclared(name, place, declared)]),
      ...checkTarget(name, target, place, steps),
    ]);
    return [...missing, ...stated];
  });
}

function undeclared(name: string, { pointer }: StepPlace, declared: readonly string[]): Problem {
  const message = `Cannot use the route "${name}": the task declares none of that name`;
  const nearly = { found: name, known: declared };
  return problem('undeclared-route', `${pointer}/routes/${name}`, message, nearly);
}

function checkTarget(
  name: string,
  target: string,
  { pointer, block }: StepPlace,
  steps: readonly StepPlace[],
): Problem[] {
  if (Object.hasOwn(block.steps, target)) return [];
  const place = `${pointer}/routes/${name}`;
  if (steps.some(({ id }) => id === target)) {
    const message = `Cannot jump to "${target}": it is a step of another block`;
    return [problem('route-elsewhere', place, message)];
  }
  const message = `Cannot jump to "${target}": there is no such step`;
  return [problem('unknown-step', place, message, { found: target, known: block.plan.ids })];
}
