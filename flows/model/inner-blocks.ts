import type { Block, Step, Steps, TaskStep } from '../../contracts/flow-definition.ts';

/** A block inside a step, with what its steps see beyond those outside. */
export interface InnerBlock {
  readonly block: Block;
  /** Pointer of the block below its step. */
  readonly pointer: string;
  /** Pointer of the block's steps below the step. */
  readonly stepsPointer: string;
  /** Roots of paths that this block adds. */
  readonly roots: readonly ('item' | 'index' | 'loop')[];
  /** Name of the branch, for a block of `choose`. */
  readonly branch?: string;
}

/** The blocks that a step holds: the members of a group, the body of a map or iteration, the branches. */
export function innerBlocks(step: Step): InnerBlock[] {
  if ('parallel' in step) {
    const block = { steps: step.parallel };
    return [{ block, pointer: '', stepsPointer: '/parallel', roots: [] }];
  }
  if ('map' in step) return [inner(step.map.do, '/map/do', ['item', 'index'])];
  if ('repeat' in step) return [inner(step.repeat.do, '/repeat/do', ['loop'])];
  if (!('choose' in step)) return [];
  return step.choose.map((branch, place) => ({
    ...inner(branch.do, `/choose/${place}/do`, []),
    branch: branch.name,
  }));
}

/** Every step that runs a task, at any depth. */
export function taskStepsIn(steps: Steps): TaskStep[] {
  return Object.values(steps).flatMap((step) =>
    'task' in step ? [step] : innerBlocks(step).flatMap(({ block }) => taskStepsIn(block.steps)),
  );
}

function inner(block: Block, pointer: string, roots: InnerBlock['roots']): InnerBlock {
  return { block, pointer, stepsPointer: `${pointer}/steps`, roots };
}
