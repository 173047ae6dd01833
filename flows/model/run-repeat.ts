import type { Json, RepeatStep } from '../../contracts/flow-definition.ts';
import { evaluate } from './binding.ts';
import type { Execute } from './block-run.ts';
import { type ChannelParts, joinParts } from './channels.ts';
import { holds } from './condition.ts';
import { runBody } from './run-body.ts';
import { type Execution, type StepContext, StepFailed } from './run.ts';
import { forgetInner } from './step-record.ts';
import { withStored } from './stored-lists.ts';

/**
 * Runs a body until its condition holds.
 *
 * @throws {StepFailed} when `max` iterations were not enough: a limit never ends as if all were done.
 */
export async function runRepeat(
  context: StepContext,
  { repeat }: RepeatStep,
  execute: Execute,
): Execution {
  const { run, node, address, frame, budget } = context;
  const start = await withStored(run.engine, () =>
    repeat.start === undefined ? undefined : evaluate(repeat.start, frame.lookUp),
  );
  let count = node.progress?.count ?? 0;
  let last: Json | undefined = node.progress?.value;
  let writes: ChannelParts = node.progress?.writes ?? {};
  budget.count(count);
  while (count < repeat.max) {
    const loop = { value: last ?? start, last, count };
    const seen = run.hasChannels ? joinParts([frame.writes, writes], run.channels) : {};
    const locals: { loop: unknown } = { loop };
    budget.count();
    const ended = await runBody(context, {
      block: repeat.do,
      key: `(${count + 1})`,
      stepsPointer: '/repeat/do/steps',
      locals,
      writes: seen,
      cancellation: context.cancellation,
      budget,
      execute,
    });
    if (typeof ended === 'symbol') return ended;
    count++;
    last = ended.value;
    if (run.hasChannels) writes = joinParts([writes, ended.writes], run.channels);
    locals.loop = { value: loop.value, last, count };
    const isOver = await withStored(run.engine, () => holds(repeat.until, ended.block.scopeOf()));
    if (isOver) return { state: 'done', value: last, writes };
    // Iterations that are over are never run again: only the last value counts.
    forgetInner(node);
    node.progress = { count, value: last, writes };
  }
  const message = `Cannot finish "${address}": its condition did not hold within the limit "max" of ${repeat.max}`;
  throw new StepFailed({ type: 'LimitReached', message, step: address }, writes);
}
