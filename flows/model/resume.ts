import type { FlowDefinition } from '../../contracts/flow-definition.ts';
import { planOf } from './block-plan.ts';
import type { Snapshot } from './run-flow.ts';
import type { StepNode, StepRecord } from './step-record.ts';

/**
 * What a new run can take over from one that failed or was cancelled: everything that was done, down
 * to single items of a map that failed. All else runs again.
 */
export function resumable({ startedAtMs, root }: Snapshot): Snapshot {
  return { startedAtMs, root: kept(root) };
}

/** A snapshot without what a step and those after it had done: they run again. */
export function before(
  { startedAtMs, root }: Snapshot,
  { steps }: Pick<FlowDefinition, 'steps'>,
  start: string,
): Snapshot {
  const plan = planOf(steps);
  const inner = Object.fromEntries(
    Object.entries(root.inner ?? {}).filter(([key]) => {
      const id = key.split('#')[0]!;
      return id !== start && !plan.isBefore(start, id);
    }),
  );
  return { startedAtMs, root: { ...root, inner } };
}

function kept({ record, inner, progress, answer, parts }: StepNode): StepNode {
  const reused = record && reusedRecord(record);
  const node: StepNode = { state: reused?.state ?? 'waiting' };
  if (reused !== undefined) node.record = reused;
  if (inner !== undefined) {
    node.inner = Object.fromEntries(Object.entries(inner).map(([key, part]) => [key, kept(part)]));
  }
  // Where an iteration was, and what a task had given whose spawned tasks failed.
  if (reused === undefined && progress !== undefined) node.progress = progress;
  if (reused === undefined && answer !== undefined) node.answer = answer;
  if (reused === undefined && parts !== undefined) node.parts = parts;
  return node;
}

function reusedRecord(record: StepRecord): StepRecord | undefined {
  if (record.state !== 'done' && record.state !== 'reused') return undefined;
  return { ...record, state: 'reused' };
}
