import type { ChooseStep } from '../../contracts/flow-definition.ts';
import type { Execute } from './block-run.ts';
import { holds } from './condition.ts';
import { runBody } from './run-body.ts';
import { type Execution, type StepContext } from './run.ts';
import { withStored } from './stored-lists.ts';

/** Runs the first branch whose condition holds; without one, the step is skipped as by its own `if`. */
export async function runChoice(
  context: StepContext,
  { choose }: ChooseStep,
  execute: Execute,
): Execution {
  const place = await withStored(context.run.engine, () =>
    choose.findIndex((branch) => branch.if === undefined || holds(branch.if, context.frame.lookUp)),
  );
  const branch = choose[place];
  if (branch === undefined) return { state: 'skipped', reason: { kind: 'condition' } };
  const ended = await runBody(context, {
    block: branch.do,
    key: branch.name,
    stepsPointer: `/choose/${place}/do/steps`,
    locals: {},
    cancellation: context.cancellation,
    budget: context.budget,
    execute,
  });
  if (typeof ended === 'symbol') return ended;
  const { value, writes } = ended;
  return { state: 'done', value: { branch: branch.name, value }, writes };
}
