import type { ArtifactRef } from '../../contracts/artifacts.ts';
import type { Json } from '../../contracts/flow-definition.ts';
import type { Failure, TaskAnswer } from '../../contracts/flow-results.ts';
import type { ChannelParts } from './channels.ts';

/** Where a step is. The last five are settled. */
export type StepState =
  'waiting' | 'running' | 'done' | 'reused' | 'skipped' | 'failed' | 'cancelled';

/** A failure with the place where it began. */
export interface StepFailure extends Failure {
  /** Address of the innermost step that failed. */
  readonly step: string;
  /** Keys, or places in the list, of the items of a map that failed; the first ones of many. */
  readonly items?: readonly Json[];
}

/** Why a step did not run. Only `failure` keeps those after it from running whatever they allow for. */
export type SkipReason =
  | { readonly kind: 'condition' }
  | { readonly kind: 'failure'; readonly because: readonly string[] }
  | { readonly kind: 'absent'; readonly needs: string }
  | { readonly kind: 'unneeded' }
  | { readonly kind: 'jump'; readonly by: string }
  | { readonly kind: 'stop' }
  | { readonly kind: 'excluded' };

/** What became of a step: all that the steps after it need, and all that a replay needs. */
export interface StepRecord {
  readonly state: Exclude<StepState, 'waiting' | 'running'>;
  readonly value?: Json;
  readonly failure?: StepFailure;
  readonly reason?: SkipReason;
  readonly writes?: ChannelParts;
  /** Route of the jump that the step asked for. */
  readonly goto?: string;
  /** Executions counted for it against `maxSteps`, inner ones too. */
  readonly steps: number;
}

/** A place in the tree of a run: a step, an item, an iteration or a branch, with what is inside. */
export interface StepNode {
  state: StepState;
  record?: StepRecord;
  inner?: Record<string, StepNode>;
  /** When the step's time is over; kept, so that a pause does not start it anew. */
  deadlineMs?: number;
  /** When its waiting for an answer or a signal is over. */
  waitUntilMs?: number;
  /** Answer of a task whose spawned tasks are still under way. */
  answer?: TaskAnswer;
  /** Parts of a large map that have run: what each gave, by the hash of its items. */
  parts?: Readonly<Record<string, ArtifactRef>>;
  /** Where an iteration is. */
  progress?: { readonly count: number; readonly value: Json; readonly writes: ChannelParts };
}

/** The node below another one, made when it is first asked for. */
export function nodeAt(parent: StepNode, key: string): StepNode {
  parent.inner ??= {};
  return (parent.inner[key] ??= { state: 'waiting' });
}

/** Address of a node below another: items and iterations in brackets, all else after a dot. */
export function addressOf(parent: string, key: string): string {
  return parent === '' || key.startsWith('[') || key.startsWith('(')
    ? parent + key
    : `${parent}.${key}`;
}

/** Forgets the values inside a step that is done: nothing reads them any more, only states are shown. */
export function forgetInner(node: StepNode): void {
  if (node.answer !== undefined) delete node.answer;
  if (node.progress !== undefined) delete node.progress;
  if (node.parts !== undefined) delete node.parts;
  if (node.inner === undefined) return;
  for (const inner of Object.values(node.inner)) {
    delete inner.record;
    forgetInner(inner);
  }
}

/** The state of every step by its address, in the order in which they were first looked at. */
export function statesOf(root: StepNode): Record<string, StepState> {
  const states: Record<string, StepState> = {};
  const visit = (node: StepNode, address: string) => {
    for (const [key, inner] of Object.entries(node.inner ?? {})) {
      const place = addressOf(address, key);
      states[place] = inner.state;
      visit(inner, place);
    }
  };
  visit(root, '');
  return states;
}
