import { MissingValue } from './binding.ts';
import { withDeadline } from './deadline.ts';
import { durationMs } from './duration.ts';
import { runChoice } from './run-choice.ts';
import { runGroup } from './run-group.ts';
import { runMap } from './run-map.ts';
import { runRepeat } from './run-repeat.ts';
import { runFlowCall, runTask } from './run-task.ts';
import { runApproval, runWait } from './run-waiting.ts';
import { type Execution, PAUSED, StepCancelled, type StepContext, StepFailed } from './run.ts';
import { forgetInner, type StepRecord } from './step-record.ts';

/** Runs one step, whatever its kind, and makes a record of how it ended. It never throws for the step. */
export function executeStep(context: StepContext): Promise<StepRecord | typeof PAUSED> {
  const { run, node, budget } = context;
  run.started++;
  budget.count();
  // The step that is one too many does not run.
  if (context.cancellation.isCancelled) return Promise.resolve(cancelled(context, budget.used));
  node.state = 'running';
  return inTime(context).then(
    (result) => {
      if (typeof result === 'symbol') return result;
      if (result.state === 'done') forgetInner(node);
      return { ...result, steps: budget.used };
    },
    (error: unknown) => {
      const isCancelled = context.cancellation.isCancelled || error instanceof StepCancelled;
      if (isCancelled) return cancelled(context, budget.used);
      return failed(context, error, budget.used);
    },
  );
}

/** The time of a task is for each of its attempts, and the engine's to keep; that of all others is kept here. */
function inTime(context: StepContext): Execution {
  const { timeout } = context.step;
  if (timeout === undefined || 'task' in context.step) return runKind(context);
  return withinTimeout(context, timeout);
}

async function withinTimeout(context: StepContext, timeout: string): Execution {
  const { run, node, address, cancellation } = context;
  node.deadlineMs ??= run.engine.nowMs() + durationMs(timeout);
  const ended = await withDeadline(run.engine, node.deadlineMs, cancellation, (inner) =>
    runKind({ ...context, cancellation: inner }),
  );
  if (!ended.isLate) return ended.result;
  const message = `Cannot finish "${address}" within ${timeout}`;
  throw new StepFailed({ type: 'Timeout', message, step: address });
}

function runKind(context: StepContext): Execution {
  const { step } = context;
  if ('task' in step) return runTask(context, step);
  if ('parallel' in step) return runGroup(context, step, executeStep);
  if ('map' in step) return runMap(context, step, executeStep);
  if ('choose' in step) return runChoice(context, step, executeStep);
  if ('repeat' in step) return runRepeat(context, step, executeStep);
  if ('approve' in step) return runApproval(context, step);
  if ('wait' in step) return runWait(context, step);
  return runFlowCall(context, step);
}

function cancelled({ run }: StepContext, steps: number): StepRecord {
  return run.ending?.kind === 'stop'
    ? { state: 'skipped', reason: { kind: 'stop' }, steps }
    : { state: 'cancelled', steps };
}

function failed({ run, address }: StepContext, error: unknown, steps: number): StepRecord {
  if (error instanceof StepFailed) {
    const { failure, writes } = error;
    return { state: 'failed', failure, steps, ...(writes === undefined ? {} : { writes }) };
  }
  const failure =
    error instanceof MissingValue
      ? { type: 'MissingValue', message: error.message }
      : run.engine.failureOf(error);
  return { state: 'failed', failure: { ...failure, step: address }, steps };
}
