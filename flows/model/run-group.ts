import type { Json, ParallelStep } from '../../contracts/flow-definition.ts';
import { BlockRun, type Execute } from './block-run.ts';
import { type GroupStanding, mayFail, reasonOfFailure } from './policy.ts';
import { type Execution, PAUSED, StepCancelled, type StepContext, StepFailed } from './run.ts';
import type { StepRecord } from './step-record.ts';

/** Runs the members of a group together; when all are settled, its policy decides. */
export async function runGroup(
  context: StepContext,
  step: ParallelStep,
  execute: Execute,
): Execution {
  const { run, address, frame, node, budget } = context;
  const policy = step.policy ?? 'strict';
  const { cancellation, release } = context.cancellation.child();
  const block = new BlockRun({
    run,
    steps: step.parallel,
    node,
    address,
    pointer: `${context.pointer}/parallel`,
    frame,
    cancellation,
    budget,
    execute,
    onSettled: () => {
      const isLost =
        step.failFast === true && reasonOfFailure(policy, standingOf(block)) !== undefined;
      if (isLost) cancellation.cancel();
    },
  });
  const isPaused = await block.toEnd();
  release();
  if (context.cancellation.isCancelled) throw new StepCancelled();
  if (isPaused) return PAUSED;
  const standing = standingOf(block);
  const reason = reasonOfFailure(policy, standing);
  if (reason !== undefined) {
    const first = standing.failed
      .map((id) => block.entries.get(id)!.record!.failure)
      .find((failure) => failure !== undefined);
    const message = `Cannot finish "${address}" as ${reason}: ${first?.message ?? 'a member did not run'}`;
    const failure = { type: first?.type ?? 'GroupFailed', message, step: first?.step ?? address };
    throw new StepFailed(failure, block.ownWrites());
  }
  const members: Record<string, Json> = {};
  for (const id of block.plan.ids.toSorted()) {
    const record = block.entries.get(id)!.record!;
    if (mayFail(policy, id)) members[id] = outcomeOf(record);
    else if (record.value !== undefined) members[id] = record.value;
  }
  return { state: 'done', value: members, writes: block.ownWrites() };
}

function standingOf(block: BlockRun): GroupStanding {
  const unhandled = new Set(block.unhandled());
  const failed: string[] = [];
  let [ok, skipped] = [0, 0];
  for (const [id, { record }] of block.entries) {
    if (record === undefined) continue;
    const isFailed = unhandled.has(id) || record.state === 'cancelled' || isLost(record, unhandled);
    if (isFailed) failed.push(id);
    else if (record.state === 'skipped') skipped++;
    if (record.state === 'done' || record.state === 'reused') ok++;
  }
  return { total: block.entries.size, ok, skipped, failed: failed.sort() };
}

/** A member that did not run because another one failed counts as failed itself, unless that was handled. */
function isLost({ reason }: StepRecord, unhandled: ReadonlySet<string>): boolean {
  return reason?.kind === 'failure' && reason.because.some((id) => unhandled.has(id));
}

function outcomeOf({ value, failure, state }: StepRecord): Json {
  if (value !== undefined) return { ok: true, value };
  const error =
    failure === undefined
      ? {
          type: state === 'cancelled' ? 'Cancelled' : 'Skipped',
          message: 'Cannot give a value: it did not run',
        }
      : { type: failure.type, message: failure.message };
  return { ok: false, error };
}
