import type { Json, MapStep } from '../../contracts/flow-definition.ts';
import type { Failure } from '../../contracts/flow-results.ts';
import { mapWindow } from '../../durable/map-window.ts';
import type { Execute } from './block-run.ts';
import type { Cancellation } from './cancellation.ts';
import { type ChannelParts, joinParts } from './channels.ts';
import { INLINE_ITEMS, type ItemAnswer, type MapCall } from './engine.ts';
import { DEFAULT_BATCH, DEFAULT_CONCURRENCY } from './format-defaults.ts';
import { type Items, readItems } from './map-items.ts';
import { reasonOfFailure } from './policy.ts';
import { outerReferences } from './references.ts';
import { runBody } from './run-body.ts';
import {
  Budget,
  type Execution,
  PAUSED,
  StepCancelled,
  type StepContext,
  StepFailed,
} from './run.ts';
import { addressOf, forgetInner, nodeAt, type StepFailure } from './step-record.ts';

/** Items that a failure names; of 10,000 that fail alike the first ones say enough. */
const NAMED_ITEMS = 20;

/** Runs a body once per item, or per different key, and gives the results in the order of the list. */
export async function runMap(context: StepContext, step: MapStep, execute: Execute): Execution {
  const items = readItems(context, step);
  const { cancellation, release } = context.cancellation.child();
  const answers = await runItems(context, step, items, cancellation, execute);
  release();
  if (context.cancellation.isCancelled) throw new StepCancelled();
  if (typeof answers === 'symbol') return answers;
  const { channels, hasChannels } = context.run;
  const parts = [...answers].sort(([a], [b]) => a - b).map(([, { writes }]) => writes);
  const writes = hasChannels ? joinParts(parts, channels) : {};
  const failures = items.all.flatMap((_, index) => {
    const failure = failureOf(answers.get(items.first[index]!));
    return failure === undefined ? [] : [{ index, failure, key: items.keys[index] }];
  });
  throwIfLost(context, step, items, failures, writes);
  const values = items.all.flatMap((_, index) => {
    const value = answers.get(items.first[index]!)?.value;
    return value === undefined ? [] : [value];
  });
  const collection = {
    count: items.all.length,
    ok: values.length,
    failed: failures.length,
    items: values,
    failures: failures.map(({ index, failure: { type, message }, key }) => ({
      index,
      ...(key === undefined ? {} : { key }),
      error: { type, message },
    })),
  };
  return { state: 'done', value: collection, writes };
}

async function runItems(
  context: StepContext,
  step: MapStep,
  items: Items,
  cancellation: Cancellation,
  execute: Execute,
): Promise<Map<number, ItemAnswer> | typeof PAUSED> {
  const { run } = context;
  const places = items.all.map((_, index) => index).filter((index) => items.first[index] === index);
  if (run.engine.runMap !== undefined && places.length > INLINE_ITEMS) {
    return runElsewhere(context, step, items, places, cancellation);
  }
  const list = places.map((index) => ({ index, item: items.all[index]! }));
  return runItemsHere(context, step, list, cancellation, execute, (answers) => {
    const isLost =
      reasonOfFailure(step.policy ?? 'strict', standingOf(items, answers)) !== undefined;
    if (step.failFast === true && isLost) cancellation.cancel();
  });
}

/**
 * Runs items in this process: all of a small map, or one batch of a large one.
 *
 * @param onFailure called after each failure, with the answers so far.
 */
export async function runItemsHere(
  context: StepContext,
  step: MapStep,
  list: MapCall['items'],
  cancellation: Cancellation,
  execute: Execute,
  onFailure: (answers: ReadonlyMap<number, ItemAnswer>) => void,
): Promise<Map<number, ItemAnswer> | typeof PAUSED> {
  const answers = new Map<number, ItemAnswer>();
  let isPaused = false;
  await mapWindow(list, step.map.concurrency ?? DEFAULT_CONCURRENCY, async ({ index, item }) => {
    if (isPaused || cancellation.isCancelled) return;
    const answer = await runItem(context, step, item, index, cancellation, execute);
    if (typeof answer === 'symbol') {
      isPaused = true;
      return;
    }
    answers.set(index, answer);
    if (answer.failure !== undefined) onFailure(answers);
  });
  return isPaused ? PAUSED : answers;
}

async function runItem(
  context: StepContext,
  step: MapStep,
  item: Json,
  index: number,
  cancellation: Cancellation,
  execute: Execute,
): Promise<ItemAnswer | typeof PAUSED> {
  const { run } = context;
  const key = `[${index}]`;
  const node = nodeAt(context.node, key);
  if (node.record !== undefined) return { index, ...node.record };
  if (run.isPausing()) return PAUSED;
  node.state = 'running';
  try {
    const ended = await runBody(context, {
      block: step.map.do,
      key,
      stepsPointer: '/map/do/steps',
      locals: { item, index },
      cancellation,
      budget: new Budget(run),
      execute,
    });
    if (typeof ended === 'symbol') return ended;
    const { value, writes } = ended;
    node.state = 'done';
    node.record = { state: 'done', value, writes, steps: 0 };
    forgetInner(node);
    return { index, value, writes };
  } catch (error) {
    if (cancellation.isCancelled) {
      node.state = 'cancelled';
      return { index, failure: { type: 'Cancelled', message: 'Cannot finish: it was cancelled' } };
    }
    const failure = itemFailure(context, key, error);
    const writes = error instanceof StepFailed ? error.writes : undefined;
    node.state = 'failed';
    node.record = { state: 'failed', failure, steps: 0, ...(writes && { writes }) };
    return { index, failure, ...(writes && { writes }) };
  }
}

async function runElsewhere(
  context: StepContext,
  step: MapStep,
  items: Items,
  places: readonly number[],
  cancellation: Cancellation,
): Promise<Map<number, ItemAnswer>> {
  const { run, address, pointer, frame } = context;
  const roots = new Set(outerReferences(step).map(({ root }) => root));
  const outside = [...roots].flatMap((root) => {
    const value = root === 'item' || root === 'index' ? undefined : frame.lookUp(root);
    return value === undefined ? [] : [[root, value as Json] as const];
  });
  const answer = await run.engine.runMap!(
    {
      address,
      pointer,
      items: places.map((index) => ({ index, item: items.all[index]! })),
      concurrency: step.map.concurrency ?? DEFAULT_CONCURRENCY,
      batch: step.map.batch ?? DEFAULT_BATCH,
      outside: Object.fromEntries(outside),
      writes: run.hasChannels ? frame.writes : {},
      failFast: step.failFast ?? false,
    },
    cancellation,
  );
  if (answer.ending !== undefined) run.end(answer.ending);
  return new Map(answer.items.map((item) => [item.index, item]));
}

type FailedItem = { index: number; key: Json | undefined; failure: Failure & { step?: string } };

function throwIfLost(
  { address }: StepContext,
  { policy = 'strict' }: MapStep,
  items: Items,
  failures: readonly FailedItem[],
  writes: ChannelParts,
): void {
  const reason = reasonOfFailure(policy, {
    total: items.all.length,
    ok: items.all.length - failures.length,
    skipped: 0,
    failed: failures.map(({ index }) => String(index)),
  });
  const [first] = failures;
  if (reason === undefined || first === undefined) return;
  const named = failures.slice(0, NAMED_ITEMS).map(({ index, key }) => key ?? index);
  const message = `Cannot finish "${address}" as ${reason}: ${first.failure.message}`;
  const failure: StepFailure = {
    type: first.failure.type,
    message,
    step: first.failure.step ?? addressOf(address, `[${first.index}]`),
    items: named,
  };
  throw new StepFailed(failure, writes);
}

function standingOf(items: Items, answers: ReadonlyMap<number, ItemAnswer>) {
  const failed = items.first.flatMap((place, index) =>
    answers.get(place)?.failure === undefined ? [] : [String(index)],
  );
  return { total: items.all.length, ok: 0, skipped: 0, failed };
}

/** An item that nothing is known of was never started, because the map was lost already. */
function failureOf(answer: ItemAnswer | undefined): (Failure & { step?: string }) | undefined {
  if (answer === undefined)
    return { type: 'Cancelled', message: 'Cannot start: the map had failed' };
  return answer.failure;
}

function itemFailure({ run, address }: StepContext, key: string, error: unknown): StepFailure {
  if (error instanceof StepFailed) return error.failure;
  return { ...run.engine.failureOf(error), step: addressOf(address, key) };
}
