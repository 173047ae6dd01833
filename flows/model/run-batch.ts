import type { FlowDefinition, Json, MapStep, Step } from '../../contracts/flow-definition.ts';
import type { RunFacts } from '../../contracts/flow-results.ts';
import type { Engine, MapAnswer, MapCall } from './engine.ts';
import { executeStep } from './execute-step.ts';
import { runItemsHere } from './run-map.ts';
import { Budget, Run } from './run.ts';
import type { StepNode } from './step-record.ts';

/** What a batch of a large map is told; as JSON it is the input of a child workflow. */
export interface BatchInput {
  readonly definition: FlowDefinition;
  readonly input: Json;
  readonly facts: RunFacts;
  /** The call, with the items of this batch and its share of the concurrency. */
  readonly call: MapCall;
  /** Of a batch that paused. */
  readonly root?: StepNode;
}

/** What a batch gives, or where it goes on. */
export type BatchResult =
  ({ readonly state: 'done' } & MapAnswer) | { readonly state: 'paused'; readonly root: StepNode };

/** A batch under way. */
export interface BatchHandle {
  readonly result: Promise<BatchResult>;
  cancel(): void;
}

/** Runs a batch of the items of a map, with the code that runs a small map whole. */
export function startBatch(batch: BatchInput, engine: Engine): BatchHandle {
  const { definition, input, facts, call } = batch;
  const run = new Run({ definition, engine, input, facts });
  const root: StepNode = batch.root ?? { state: 'running' };
  return { result: toResult(), cancel: () => run.cancellation.cancel() };

  async function toResult(): Promise<BatchResult> {
    const step = { ...mapStepAt(definition, call.pointer) };
    const context = {
      run,
      id: call.pointer.slice(call.pointer.lastIndexOf('/') + 1),
      step,
      node: root,
      address: call.address,
      pointer: call.pointer,
      frame: {
        lookUp: (name: string) =>
          Object.hasOwn(call.outside, name) ? call.outside[name] : undefined,
        writes: call.writes,
      },
      cancellation: run.cancellation,
      budget: new Budget(run),
    };
    const shared = { ...step, map: { ...step.map, concurrency: call.concurrency } };
    const answers = await runItemsHere(
      context,
      shared,
      call.items,
      run.cancellation,
      executeStep,
      () => {},
    );
    if (typeof answers === 'symbol') return { state: 'paused', root };
    const items = [...answers.values()].sort((a, b) => a.index - b.index);
    return { state: 'done', items, ...(run.ending === undefined ? {} : { ending: run.ending }) };
  }
}

/** @throws {RangeError} when no map stands there: the call is of another definition. */
function mapStepAt(definition: FlowDefinition, pointer: string): MapStep {
  const found = pointer
    .split('/')
    .slice(1)
    .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], definition);
  if (typeof found === 'object' && found !== null && 'map' in found) return found as Step & MapStep;
  throw new RangeError(`Cannot run a batch of "${pointer}" as no map stands there`);
}
