import type { FlowDefinition, Json } from '../../contracts/flow-definition.ts';
import type { Snapshot } from '../model/run-flow.ts';
import { Unknown, unknownIn } from './partial-value.ts';
import { expectStep } from './plan-step.ts';
import { planRun } from './plan-run.ts';
import type { Outlook, PlannedStep, PlanPort } from './planned-step.ts';

/** What a run would do, if nothing that runs fails. */
export interface FlowPlan {
  readonly flow: string;
  readonly version: string;
  /** How many executions of tasks, items and pauses have which outlook. */
  readonly counts: Readonly<Record<Outlook, number>>;
  readonly steps: readonly PlannedStep[];
  /** The output, when all of it is known before the run. */
  readonly output?: Json;
  /** Steps that the output waits for, when it is not. */
  readonly outputNeeds?: readonly string[];
  /** Why the run is sure to fail. */
  readonly failure?: string;
}

/** What is taken over of an earlier run. */
export interface TakenOver {
  readonly runId: string;
  /** As `resumable` gives it. */
  readonly snapshot: Snapshot;
}

/**
 * Says what a run would do, step by step and item by item, without running anything.
 *
 * @param definition checked.
 * @param input fits the flow, with its defaults filled in.
 */
export async function planFlow(
  definition: FlowDefinition,
  input: Json,
  port: PlanPort,
  from?: TakenOver,
): Promise<FlowPlan> {
  const planning = { definition, port, callers: [], ...(from && { from: from.runId }) };
  const { steps, output, failure } = await planRun(
    planning,
    input,
    expectStep,
    from?.snapshot.root,
  );
  const counts = { run: 0, reuse: 0, skip: 0, fail: 0, unknown: 0 };
  for (const [place, step] of steps.entries()) {
    if (isCounted(step, steps[place + 1])) counts[step.outlook]++;
  }
  const unknown = unknownIn(output);
  return {
    flow: definition.name,
    version: definition.version,
    counts,
    steps,
    ...(failure === undefined ? {} : { failure }),
    ...(failure !== undefined || unknown !== undefined ? {} : { output: output as Json }),
    ...(unknown instanceof Unknown ? { outputNeeds: unknown.because } : {}),
  };
}

/** What holds other steps is counted by them, unless it fails itself; they stand right after it. */
function isCounted(
  { address, kind, outlook }: PlannedStep,
  next: PlannedStep | undefined,
): boolean {
  if (kind === 'task' || kind === 'item' || outlook === 'fail' || next === undefined) return true;
  return !['.', '[', '('].some((sign) => next.address.startsWith(address + sign));
}
