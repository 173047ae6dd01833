import type { Block, Json } from '../../contracts/flow-definition.ts';
import { evaluate } from './binding.ts';
import { defaultOutput } from './block-plan.ts';
import { BlockRun, type Execute } from './block-run.ts';
import type { Cancellation } from './cancellation.ts';
import type { ChannelParts } from './channels.ts';
import { type Budget, PAUSED, StepCancelled, type StepContext, StepFailed } from './run.ts';
import { addressOf, nodeAt } from './step-record.ts';
import { withStored } from './stored-lists.ts';

/** The body of a map, an iteration or a branch, for one execution. */
export interface BodyRun {
  readonly block: Block;
  /** Key of its node below the step: `[3]`, `(2)`, or the name of a branch. */
  readonly key: string;
  /** Pointer of its steps below the step. */
  readonly stepsPointer: string;
  /** What the body sees beyond what the step sees. */
  readonly locals: Readonly<Record<string, unknown>>;
  /** Writes that it sees beyond those that the step sees. */
  readonly writes?: ChannelParts;
  readonly cancellation: Cancellation;
  readonly budget: Budget;
  readonly execute: Execute;
}

/** What a body gave: its output, its writes, and a way to ask in its scope. */
export interface BodyEnd {
  readonly value: Json;
  readonly writes: ChannelParts;
  readonly block: BlockRun;
}

/** Runs a body to its end. @throws {StepFailed} when a step inside failed and none handled it. */
export function runBody(context: StepContext, body: BodyRun): Promise<BodyEnd | typeof PAUSED> {
  const { run, frame } = context;
  const block = new BlockRun({
    run,
    steps: body.block.steps,
    node: nodeAt(context.node, body.key),
    address: addressOf(context.address, body.key),
    pointer: context.pointer + body.stepsPointer,
    frame: {
      lookUp: (root) => (Object.hasOwn(body.locals, root) ? body.locals[root] : frame.lookUp(root)),
      get writes() {
        return body.writes ?? frame.writes;
      },
    },
    cancellation: body.cancellation,
    budget: body.budget,
    execute: body.execute,
  });
  return block.toEnd().then((isPaused) => {
    if (isPaused) return PAUSED;
    if (body.cancellation.isCancelled) throw new StepCancelled();
    const [first] = block.unhandled();
    if (first !== undefined) {
      throw new StepFailed(block.entries.get(first)!.record!.failure!, block.ownWrites());
    }
    const output = body.block.output ?? defaultOutput(body.block.steps) ?? null;
    const read = withStored(run.engine, () => evaluate(output, block.scopeOf()) ?? null);
    const toEnd = (value: Json) => ({ value, writes: block.ownWrites(), block });
    return read instanceof Promise ? read.then(toEnd) : toEnd(read);
  });
}
