import { type StepNode } from '../model/step-record.ts';
import { planBody } from './plan-block.ts';
import { Unknown } from './partial-value.ts';
import type { Expect, PlannedStep, Planning } from './planned-step.ts';

/** What is expected of all the steps of a flow, and of its output. */
export interface RunOutlook {
  readonly steps: readonly PlannedStep[];
  /** With `Unknown` where it has to be worked out first. */
  readonly output?: unknown;
  /** Why the run is sure to fail. */
  readonly failure?: string;
}

/** Plans one flow, be it called by another one or not. */
export async function planRun(
  planning: Planning,
  input: unknown,
  expect: Expect,
  node?: StepNode,
): Promise<RunOutlook> {
  const { definition } = planning;
  const { name: flow, version } = definition;
  const run = { id: new Unknown([]), flow, version, startedAt: new Unknown([]) };
  const lookUp = (root: string) => (root === 'input' ? input : root === 'run' ? run : undefined);
  const site = { planning, steps: {}, address: '', node, lookUp, expect };
  const { block, value, failure } = await planBody(site, definition);
  return {
    steps: block.listed,
    ...(failure === undefined ? { output: value } : { failure: failure.words }),
  };
}
