import type { Step, Steps } from '../../contracts/flow-definition.ts';
import type { CheckedBlock, Reader, Resolved } from './scope.ts';

/**
 * Why the source of a reference may be absent when it is read; `undefined` when it is always there.
 *
 * @param reader who reads, innermost: steps around it count too, as what they hold runs when they do.
 */
export function reasonOfAbsence(
  source: NonNullable<Resolved['source']>,
  reader: Reader,
): string | undefined {
  const { step: id, reader: outer } = source;
  const { block } = outer;
  const step = block.steps[id]!;
  if (step.if !== undefined) return `"${id}" runs only if its condition holds`;
  if (step.on === 'failure') return `"${id}" runs only after a failure`;
  if (isChoiceWithoutElse(step)) return `"${id}" may have no branch that holds`;
  const late = readerAfterFailure(reader, block);
  if (late !== undefined) return `"${late}" runs also when "${id}" failed`;
  const handler = handlerBetween(id, outer);
  if (handler !== undefined) return `"${handler}" lets the flow go on when "${id}" failed`;
  const jump = jumpOver(id, outer);
  return jump === undefined ? undefined : `"${jump}" may jump over "${id}"`;
}

function isChoiceWithoutElse(step: Step): boolean {
  return 'choose' in step && step.choose.every((branch) => branch.if !== undefined);
}

/** The reader, or what holds it, that runs whatever became of the steps before it. */
function readerAfterFailure(reader: Reader, block: CheckedBlock): string | undefined {
  for (let at: Reader | undefined = reader; at !== undefined; at = parentOf(at)) {
    const on = at.step === undefined ? undefined : at.block.steps[at.step]?.on;
    if (on === 'always' || on === 'failure') return at.step;
    if (at.block.pointer === block.pointer) return undefined;
  }
  return undefined;
}

function parentOf({ block }: Reader): Reader | undefined {
  return block.parent;
}

/** A step that handled the failure of `id`, or of something that both wait for, before the reader starts. */
function handlerBetween(id: string, { block, step: reader }: Reader): string | undefined {
  const { plan, steps } = block;
  return detoursOf(steps).handlers.find((handler) => {
    if (handler === id) return false;
    if (reader !== undefined && handler !== reader && !plan.isBefore(handler, reader)) return false;
    if (plan.isBefore(id, handler)) return true;
    return plan.ids.some((common) => plan.isBefore(common, handler) && plan.isBefore(common, id));
  });
}

/** A step whose jump leaves `id` out and still reaches the reader. */
function jumpOver(id: string, { block, step: reader }: Reader): string | undefined {
  const { plan, steps } = block;
  return detoursOf(steps).jumpers.find((jumper) =>
    Object.values(steps[jumper]!.routes ?? {}).some((target) => {
      if (!plan.isBefore(jumper, id) || target === id || plan.isBefore(target, id)) return false;
      return reader === undefined || reader === target || plan.isBefore(target, reader);
    }),
  );
}

/** The steps of a block after which others may be left out; asked for every reference, so kept. */
function detoursOf(steps: Steps) {
  let found = detours.get(steps);
  if (found === undefined) {
    const ids = Object.keys(steps).sort();
    found = {
      handlers: ids.filter((id) => steps[id]!.on === 'failure'),
      jumpers: ids.filter((id) => steps[id]!.routes !== undefined),
    };
    detours.set(steps, found);
  }
  return found;
}

const detours = new WeakMap<Steps, { handlers: string[]; jumpers: string[] }>();
