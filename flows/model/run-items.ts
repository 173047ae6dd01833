import type { FlowDefinition, MapStep, Step } from '../../contracts/flow-definition.ts';
import type { RunFacts } from '../../contracts/flow-results.ts';
import { mapWindow } from '../../durable/map-window.ts';
import type { Engine, ItemAnswer, MapAnswer, MapCall } from './engine.ts';
import { executeStep } from './execute-step.ts';
import { Budget, Run, type StepContext } from './run.ts';
import { runItem } from './run-map.ts';

/** What a part of a large map is told, in a run of its own. */
export interface ItemsOptions {
  readonly definition: FlowDefinition;
  readonly engine: Engine;
  /** Of the run that the map belongs to. */
  readonly facts: RunFacts;
  readonly call: MapCall;
}

/** Runs some items of a map apart from the run that they belong to: same bodies, same addresses. */
export function startItems({ definition, engine, facts, call }: ItemsOptions): {
  readonly result: Promise<MapAnswer>;
  cancel(reason: string): void;
} {
  const run = new Run({ definition, engine, facts, input: call.outside['input'] ?? null });
  const step = stepAt(definition, call.pointer);
  const context: StepContext = {
    run,
    id: call.pointer.split('/').at(-1)!,
    step,
    node: { state: 'running' },
    address: call.address,
    pointer: call.pointer,
    frame: { lookUp: (root) => call.outside[root], writes: call.writes ?? {} },
    cancellation: run.cancellation,
    budget: new Budget(run),
  };
  const working = mapWindow(call.items, call.concurrency, async ({ index, item }) => {
    if (run.cancellation.isCancelled) return cancelled(index);
    const answer = await runItem(context, step, item, index, run.cancellation, executeStep);
    // Nothing pauses here: a batch is small enough for one history.
    return typeof answer === 'symbol' ? cancelled(index) : answer;
  });
  return {
    result: working.then((items) => ({
      items,
      ...(run.ending === undefined ? {} : { ending: run.ending }),
    })),
    cancel: (reason) => run.end({ kind: 'outside', reason }),
  };
}

function cancelled(index: number): ItemAnswer {
  return { index, failure: { type: 'Cancelled', message: 'Cannot start: it was cancelled' } };
}

function stepAt(definition: FlowDefinition, pointer: string): MapStep {
  let place: unknown = definition;
  for (const key of pointer.split('/').slice(1)) {
    place = (place as Record<string, unknown> | undefined)?.[key];
  }
  const step = place as Step | undefined;
  if (step === undefined || !('map' in step)) {
    throw new RangeError(`Cannot run items as "${pointer}" is no map of the flow`);
  }
  return step;
}
