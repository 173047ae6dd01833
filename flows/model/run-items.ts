import type { Json, MapStep } from '../../contracts/flow-definition.ts';
import { mapWindow } from '../../durable/map-window.ts';
import type { Execute } from './block-run.ts';
import type { Cancellation } from './cancellation.ts';
import type { ItemAnswer } from './engine.ts';
import { DEFAULT_CONCURRENCY } from './format-defaults.ts';
import { runBody } from './run-body.ts';
import { Budget, PAUSED, type StepContext, StepFailed } from './run.ts';
import { addressOf, forgetInner, nodeAt, type StepFailure, type StepNode } from './step-record.ts';

/**
 * Runs items in this process: all of a small map, or one part of a large one.
 *
 * @param onFailure called after each failure, with the answers so far.
 */
export async function runItems(
  context: StepContext,
  step: MapStep,
  list: readonly { readonly index: number; readonly item: Json }[],
  cancellation: Cancellation,
  execute: Execute,
  onFailure: (answers: ReadonlyMap<number, ItemAnswer>) => void,
): Promise<Map<number, ItemAnswer> | typeof PAUSED> {
  const { run } = context;
  const answers = new Map<number, ItemAnswer>();
  let isPaused = false;
  await mapWindow(list, step.map.concurrency ?? DEFAULT_CONCURRENCY, async ({ index, item }) => {
    if (isPaused || cancellation.isCancelled) return;
    const key = keyOfItem(index);
    const node = nodeAt(context.node, key);
    if (node.record !== undefined) return note({ index, ...node.record });
    if (run.isPausing()) return pause();
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
      if (typeof ended === 'symbol') return pause();
      const { value, writes } = ended;
      node.state = 'done';
      node.record = { state: 'done', value, writes, steps: 0 };
      forgetInner(node);
      note({ index, value, writes });
    } catch (error) {
      note({ index, ...noteFailure(context, node, key, error, cancellation) });
    }
  });
  return isPaused ? PAUSED : answers;

  function note(answer: ItemAnswer): void {
    answers.set(answer.index, answer);
    if (answer.failure !== undefined) onFailure(answers);
  }

  function pause(): void {
    isPaused = true;
  }
}

function noteFailure(
  context: StepContext,
  node: StepNode,
  key: string,
  error: unknown,
  { isCancelled }: Cancellation,
): Omit<ItemAnswer, 'index'> {
  if (isCancelled) {
    node.state = 'cancelled';
    return { failure: { type: 'Cancelled', message: 'Cannot finish: it was cancelled' } };
  }
  const failure = itemFailure(context, key, error);
  const writes = error instanceof StepFailed ? error.writes : undefined;
  node.state = 'failed';
  node.record = { state: 'failed', failure, steps: 0, ...(writes && { writes }) };
  return { failure, ...(writes && { writes }) };
}

/** Key of the node of an item, below that of its map. */
export function keyOfItem(index: number): string {
  return `[${index}]`;
}

function itemFailure({ run, address }: StepContext, key: string, error: unknown): StepFailure {
  if (error instanceof StepFailed) return error.failure;
  return { ...run.engine.failureOf(error), step: addressOf(address, key) };
}
