import type { Json, MapStep } from '../../contracts/flow-definition.ts';
import { isStoredList } from '../../contracts/stored-list.ts';
import type { Execute } from './block-run.ts';
import type { Cancellation } from './cancellation.ts';
import { joinParts } from './channels.ts';
import { INLINE_ITEMS, type ItemAnswer } from './engine.ts';
import { type Items, keyedItems, readList } from './map-items.ts';
import { throwIfLost } from './map-end.ts';
import { joinAnswers } from './map-layout.ts';
import { reasonOfFailure } from './policy.ts';
import { runItems } from './run-items.ts';
import { runLargeMap } from './run-large-map.ts';
import { type Execution, PAUSED, StepCancelled, type StepContext } from './run.ts';
import { withStored } from './stored-lists.ts';

/** Runs a body once per item, or per different key, and gives the results in the order of the list. */
export async function runMap(context: StepContext, step: MapStep, execute: Execute): Execution {
  const list = await readList(context, step);
  const { engine, channels, hasChannels } = context.run;
  if (isStoredList(list)) return runLargeMap(context, step, list);
  const items = await withStored(engine, () => keyedItems(context, step, list));
  const places = items.first.filter((place, index) => place === index);
  if (engine.runMap !== undefined && places.length > INLINE_ITEMS) {
    return runLargeMap(context, step, list);
  }
  const { cancellation, release } = context.cancellation.child();
  const answers = await runItems(
    context,
    step,
    places.map((index) => ({ index, item: list[index]! })),
    cancellation,
    execute,
    (soFar) => stopIfLost(step, items, soFar, cancellation),
  );
  release();
  if (context.cancellation.isCancelled) throw new StepCancelled();
  if (answers === PAUSED) return answers;
  const parts = [...answers].sort(([a], [b]) => a - b).map(([, { writes }]) => writes);
  const writes = hasChannels ? joinParts(parts, channels) : {};
  const joined = joinAnswers(items, answers);
  const { count, items: values, failures } = joined;
  throwIfLost(context, step, { ...joined, failed: failures.length, named: failures }, writes);
  const counts = { count, ok: values.length, failed: failures.length };
  const value = { ...counts, items: values, failures: failures as unknown as Json };
  return { state: 'done', value, writes };
}

function stopIfLost(
  { policy = 'strict', failFast }: MapStep,
  items: Items,
  answers: ReadonlyMap<number, ItemAnswer>,
  cancellation: Cancellation,
): void {
  if (failFast !== true) return;
  const failed = items.first.flatMap((place, index) =>
    answers.get(place)?.failure === undefined ? [] : [String(index)],
  );
  const standing = { total: items.count, ok: 0, skipped: 0, failed };
  if (reasonOfFailure(policy, standing) !== undefined) cancellation.cancel();
}
