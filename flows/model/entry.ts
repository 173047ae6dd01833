import type { ChannelParts } from './channels.ts';
import type { StepNode, StepRecord } from './step-record.ts';

/** Failures on the ways that lead to a step: those that are still open, and those that were handled. */
export interface FailureSet {
  readonly open: ReadonlySet<string>;
  readonly handled: ReadonlySet<string>;
}

const NO_FAILURES: FailureSet = { open: new Set(), handled: new Set() };

/** Where a step of a running block is, in its current attempt. */
export interface Entry {
  attempt: number;
  /** Predecessors that are not settled yet. */
  waitsFor: number;
  record?: StepRecord;
  /** Where the attempt stands in the tree of the run, once it was looked at. */
  node?: StepNode;
  failuresBefore: FailureSet;
  failuresAfter: FailureSet;
  /** A jump led here: what is before it is not asked again. */
  isJumpedTo: boolean;
  /** The step whose jump left this one out. */
  jumpedOverBy?: string;
  /** What earlier attempts wrote. */
  earlierWrites?: ChannelParts;
}

/** A step that has not been looked at. */
export function newEntry(waitsFor: number): Entry {
  return {
    attempt: 1,
    waitsFor,
    failuresBefore: NO_FAILURES,
    failuresAfter: NO_FAILURES,
    isJumpedTo: false,
  };
}

/**
 * The failures that a step meets, from its predecessors.
 *
 * A failure counts along every way until a step on one of them has handled it. So an entry of `after`
 * that others imply changes nothing, and the canonical form may leave it out.
 */
export function failuresAt(before: readonly Entry[]): FailureSet {
  const sources = before.map(({ failuresAfter }) => failuresAfter);
  if (sources.every((source) => source === NO_FAILURES)) return NO_FAILURES;
  const handled = new Set(sources.flatMap((source) => [...source.handled]));
  const open = sources.flatMap((source) => [...source.open]).filter((id) => !handled.has(id));
  return { open: new Set(open), handled };
}

/**
 * The failures that those after a step meet: its own too, and none of those that it took care of.
 *
 * @param isHandler whether the step runs on failure: it handles what it met if it ends well.
 */
export function failuresBehind(
  id: string,
  before: FailureSet,
  { state }: StepRecord,
  isHandler: boolean,
): FailureSet {
  const { open, handled } = before;
  if (state === 'failed') return { open: new Set([...open, id]), handled };
  if (!isHandler || (state !== 'done' && state !== 'reused')) return before;
  return { open: new Set(), handled: new Set([...handled, ...open]) };
}
