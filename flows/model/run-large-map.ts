import type { Json, MapStep } from '../../contracts/flow-definition.ts';
import type { StoredList } from '../../contracts/stored-list.ts';
import { DEFAULT_BATCH, DEFAULT_CONCURRENCY } from './format-defaults.ts';
import { throwIfLost } from './map-end.ts';
import { outerReferences } from './references.ts';
import { type Execution, StepCancelled, type StepContext } from './run.ts';

/**
 * Has the engine run a map whose items are too many to run here. Neither the items nor what they gave
 * come back: only counts, the first failures, and a list that may stand in a file.
 */
export async function runLargeMap(
  context: StepContext,
  step: MapStep,
  list: readonly Json[] | StoredList,
): Execution {
  const { run, node, address, pointer, frame } = context;
  const { cancellation, release } = context.cancellation.child();
  const answer = await run.engine.runMap!(
    {
      step,
      address,
      pointer,
      list,
      concurrency: step.map.concurrency ?? DEFAULT_CONCURRENCY,
      batch: step.map.batch ?? DEFAULT_BATCH,
      outside: outsideOf(context, step),
      writes: run.hasChannels ? frame.writes : {},
      known: node.parts ?? {},
      onPart: (parts) => (node.parts = parts),
    },
    cancellation,
  );
  release();
  if (answer.ending !== undefined) run.end(answer.ending);
  if (context.cancellation.isCancelled) throw new StepCancelled();
  const { writes, count, ok, failed, items, failures } = answer;
  throwIfLost(context, step, answer, writes);
  return { state: 'done', value: { count, ok, failed, items, failures }, writes };
}

/** What the body and the key read that stands outside of the map. */
function outsideOf({ frame }: StepContext, step: MapStep): Record<string, Json> {
  const roots = new Set(outerReferences(step).map(({ root }) => root));
  const outside = [...roots].flatMap((root) => {
    const value = root === 'item' || root === 'index' ? undefined : frame.lookUp(root);
    return value === undefined ? [] : [[root, value as Json] as const];
  });
  return Object.fromEntries(outside);
}
