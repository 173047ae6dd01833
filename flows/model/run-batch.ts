import type { FlowDefinition, Json, MapStep } from '../../contracts/flow-definition.ts';
import type { RunFacts } from '../../contracts/flow-results.ts';
import { Cancellation } from './cancellation.ts';
import { type ChannelParts, joinParts } from './channels.ts';
import type { Engine, ItemAnswer, RunEnding } from './engine.ts';
import { executeStep } from './execute-step.ts';
import type { PageItem } from './map-layout.ts';
import { keyOfItem, runItems } from './run-items.ts';
import { Budget, PAUSED, Run } from './run.ts';
import { nodeAt, type StepNode } from './step-record.ts';

/** A definition without its steps: all that a part of it needs beside its own step. */
export type FlowHead = Omit<FlowDefinition, 'steps'>;

export function headOf(definition: FlowHead): FlowHead {
  const { steps: _, ...head } = definition as FlowHead & Partial<FlowDefinition>;
  return head;
}

/** What a part of a large map is told, beside its items. */
export interface BatchInput {
  readonly head: FlowHead;
  /** The map, with this part's share of its concurrency. */
  readonly step: MapStep;
  readonly address: string;
  /** Place of the step in the definition. */
  readonly pointer: string;
  readonly facts: RunFacts;
  /** Values outside of the body that its bindings read, by their root. */
  readonly outside: Readonly<Record<string, Json>>;
  /** Writes to channels that the body sees. */
  readonly writes: ChannelParts;
  /** Failures after which the rest need not run, as the map is lost; `null` when all have to run. */
  readonly allowedFailures: number | null;
  /** Of a part that paused. */
  readonly root?: StepNode;
}

/** What a part gives, or where it goes on. */
export type BatchResult =
  | {
      readonly state: 'done';
      /** In the order of the list. */
      readonly answers: readonly ItemAnswer[];
      /** Items of the list that failed, those that share a key counted each. */
      readonly failed: number;
      readonly writes: ChannelParts;
      readonly ending?: RunEnding;
    }
  | { readonly state: 'paused'; readonly root: StepNode };

/** A part under way. */
export interface BatchHandle {
  readonly result: Promise<BatchResult>;
  cancel(): void;
}

/**
 * Runs a part of the items of a map, with the code that runs a small map whole.
 *
 * @param known answers of an earlier run: what was done is not done again.
 * @param cancellation of the part; an engine that has scopes runs it in that of this one.
 */
export function startBatch(
  batch: BatchInput,
  page: readonly PageItem[],
  known: readonly ItemAnswer[],
  engine: Engine,
  cancellation = new Cancellation(),
): BatchHandle {
  const { head, facts, address, pointer, outside, writes, step } = batch;
  const run = new Run({
    definition: { ...head, steps: {} },
    engine,
    input: null,
    facts,
    cancellation,
  });
  const root: StepNode = batch.root ?? rootWith(known);
  return { result: toResult(), cancel: () => run.cancellation.cancel() };

  async function toResult(): Promise<BatchResult> {
    const context = {
      run,
      id: pointer.slice(pointer.lastIndexOf('/') + 1),
      step,
      node: root,
      address,
      pointer,
      frame: {
        lookUp: (name: string) => (Object.hasOwn(outside, name) ? outside[name] : undefined),
        writes,
      },
      cancellation: run.cancellation,
      budget: new Budget(run),
    };
    const ended = await runItems(context, step, page, run.cancellation, executeStep, (soFar) => {
      const { allowedFailures } = batch;
      if (allowedFailures !== null && failedOf(page, soFar) > allowedFailures) {
        run.cancellation.cancel();
      }
    });
    if (ended === PAUSED) return { state: 'paused', root };
    const answers = [...ended.values()].sort((a, b) => a.index - b.index);
    return {
      state: 'done',
      answers,
      failed: failedOf(page, ended),
      writes: run.hasChannels
        ? joinParts(
            answers.map((answer) => answer.writes),
            run.channels,
          )
        : {},
      ...(run.ending === undefined ? {} : { ending: run.ending }),
    };
  }
}

function failedOf(page: readonly PageItem[], answers: ReadonlyMap<number, ItemAnswer>): number {
  return page.reduce(
    (failed, { index, weight }) =>
      answers.get(index)?.failure === undefined ? failed : failed + weight,
    0,
  );
}

function rootWith(known: readonly ItemAnswer[]): StepNode {
  const root: StepNode = { state: 'running' };
  for (const { index, value, failure, writes = {} } of known) {
    if (failure !== undefined || value === undefined) continue;
    const node = nodeAt(root, keyOfItem(index));
    node.state = 'reused';
    node.record = { state: 'reused', value, writes, steps: 0 };
  }
  return root;
}
