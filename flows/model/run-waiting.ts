import type { ApproveStep, Json, WaitStep } from '../../contracts/flow-definition.ts';
import { evaluate } from './binding.ts';
import type { Cancellation } from './cancellation.ts';
import { withDeadline } from './deadline.ts';
import { durationMs } from './duration.ts';
import type { ApprovalCall } from './engine.ts';
import { DEFAULT_OTHERWISE } from './format-defaults.ts';
import { type Execution, PAUSED, type StepContext, StepFailed } from './run.ts';
import { withStored } from './stored-lists.ts';

/** Asks a person, and does what the flow says when nobody answers. */
export async function runApproval(context: StepContext, { approve }: ApproveStep): Execution {
  const { run, address, frame } = context;
  const { title, show = [], form, roles = [], within, otherwise = DEFAULT_OTHERWISE } = approve;
  const waitUntilMs = deadlineOf(context, within);
  const call: ApprovalCall = {
    address,
    title,
    show: await withStored(run.engine, () =>
      show.map((binding) => evaluate(binding, frame.lookUp) ?? null),
    ),
    roles,
    ...(form === undefined ? {} : { form }),
    ...(waitUntilMs === undefined ? {} : { deadlineMs: waitUntilMs }),
  };
  const answer = await waitFor(context, waitUntilMs, (cancellation) =>
    run.engine.askForApproval(call, cancellation),
  );
  if (typeof answer === 'symbol') return answer;
  if (answer !== undefined) {
    const { approved, by, note = null, form: fields } = answer;
    return { state: 'done', value: { ...fields, approved, by, note } };
  }
  if (otherwise === 'fail') {
    const message = `Cannot go on with "${address}": nobody answered within ${within}`;
    throw new StepFailed({ type: 'NoAnswer', message, step: address });
  }
  const approved = otherwise === 'approve';
  return { state: 'done', value: { approved, by: null, note: `Nobody answered within ${within}` } };
}

/** Waits for a time to pass, a moment to come, or a signal. */
export async function runWait(context: StepContext, { wait }: WaitStep): Execution {
  const { run, node, address, frame } = context;
  if ('signal' in wait) {
    const payload = await waitFor(context, deadlineOf(context, wait.within), (cancellation) =>
      run.engine.waitForSignal(wait.signal, address, cancellation),
    );
    if (typeof payload === 'symbol') return payload;
    if (payload !== undefined) return { state: 'done', value: payload };
    const message = `Cannot go on with "${address}": no signal "${wait.signal}" came within ${wait.within}`;
    throw new StepFailed({ type: 'Timeout', message, step: address });
  }
  node.waitUntilMs ??=
    'for' in wait
      ? run.engine.nowMs() + durationMs(wait.for)
      : momentOf(await withStored(run.engine, () => evaluate(wait.until, frame.lookUp)), address);
  const untilMs = node.waitUntilMs;
  const ended = await untilPause(context, async (cancellation) => {
    await run.engine.sleep(Math.max(0, untilMs - run.engine.nowMs()), cancellation);
  });
  return typeof ended === 'symbol' ? ended : { state: 'done', value: null };
}

function deadlineOf({ run, node }: StepContext, within: string | undefined): number | undefined {
  if (within === undefined) return undefined;
  return (node.waitUntilMs ??= run.engine.nowMs() + durationMs(within));
}

/** `undefined` when the time was over first. */
async function waitFor<Result>(
  context: StepContext,
  deadlineMs: number | undefined,
  work: (cancellation: Cancellation) => Promise<Result>,
): Promise<Result | undefined | typeof PAUSED> {
  return untilPause(context, async (cancellation) => {
    if (deadlineMs === undefined) return work(cancellation);
    const ended = await withDeadline(context.run.engine, deadlineMs, cancellation, work);
    return ended.isLate ? undefined : ended.result;
  });
}

/** Waiting lets go when the run pauses: the moment it waits for is kept, so nothing is lost. */
async function untilPause<Result>(
  { run, cancellation: around }: StepContext,
  work: (cancellation: Cancellation) => Promise<Result>,
): Promise<Result | typeof PAUSED> {
  const { cancellation, release } = around.child();
  const stopListening = run.pause.onCancel(() => cancellation.cancel());
  try {
    const result = await work(cancellation);
    return cancellation.isCancelled ? endOf(run.pause, around) : result;
  } catch (error) {
    if (cancellation.isCancelled) return endOf(run.pause, around);
    throw error;
  } finally {
    stopListening();
    release();
  }
}

function endOf(pause: Cancellation, around: Cancellation): typeof PAUSED {
  if (pause.isCancelled && !around.isCancelled) return PAUSED;
  throw new StepFailed({ type: 'Cancelled', message: 'Cannot wait any longer', step: '' });
}

function momentOf(value: Json | undefined, address: string): number {
  const moment = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  if (!Number.isNaN(moment)) return moment;
  const message = `Cannot wait in "${address}" as a time such as "2026-01-31T08:00:00Z" is needed: found ${JSON.stringify(value)}`;
  throw new StepFailed({ type: 'InvalidTime', message, step: address });
}
