import type { Snapshot } from './run-flow.ts';
import type { StepNode, StepRecord } from './step-record.ts';

/**
 * What a new run can take over from one that failed or was cancelled: everything that was done, down
 * to single items of a map that failed. All else runs again.
 */
export function resumable({ startedAtMs, root }: Snapshot): Snapshot {
  return { startedAtMs, root: kept(root) };
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
