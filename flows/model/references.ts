import type { Binding, Condition, From, Step } from '../../contracts/flow-definition.ts';
import { isFrom, isList, isText, isVerbatim } from './binding.ts';
import { innerBlocks } from './inner-blocks.ts';
import { parsePath } from './path.ts';

/** A `$from` and where it stands. */
export interface Reference {
  readonly from: From;
  readonly root: string;
  /** JSON Pointer of the object with `$from`, below where the search began. */
  readonly pointer: string;
  /** Whether an absent value is provided for: by `or`, or as a condition copes with it. */
  readonly allowsAbsence: boolean;
}

/** The references of a binding, those inside an `or` too. */
export function referencesIn(
  binding: Binding,
  pointer: string,
  allowsAbsence = false,
): Reference[] {
  if (typeof binding !== 'object' || binding === null) return [];
  if (isVerbatim(binding)) return [];
  if (isText(binding)) {
    return binding.$text.flatMap((piece, place) =>
      referencesIn(piece, `${pointer}/$text/${place}`, allowsAbsence),
    );
  }
  if (isFrom(binding)) return referencesOfFrom(binding, pointer, allowsAbsence);
  const members: [string | number, Binding][] = isList(binding)
    ? binding.map((item, place) => [place, item])
    : Object.entries(binding);
  return members.flatMap(([key, member]) =>
    referencesIn(member, `${pointer}/${escape(key)}`, allowsAbsence),
  );
}

function referencesOfFrom(from: From, pointer: string, allowsAbsence: boolean): Reference[] {
  const { root } = parsePath(from.$from);
  const own = { from, root, pointer, allowsAbsence: allowsAbsence || from.or !== undefined };
  if (from.or === undefined) return [own];
  return [own, ...referencesIn(from.or, `${pointer}/or`, allowsAbsence)];
}

/** The references of a condition; all of them allow for absence. */
export function referencesInCondition(condition: Condition, pointer: string): Reference[] {
  if ('and' in condition || 'or' in condition) {
    const [name, parts] =
      'and' in condition ? ['and', condition.and] : (['or', condition.or] as const);
    return parts.flatMap((part, place) =>
      referencesInCondition(part, `${pointer}/${name}/${place}`),
    );
  }
  if ('not' in condition) return referencesInCondition(condition.not, `${pointer}/not`);
  return Object.entries(condition).flatMap(([name, operands]) =>
    referencesIn(operands as Binding, `${pointer}/${name}`, true),
  );
}

/** The references that a step reads before it starts, in the scope where it stands. */
export function ownReferences(step: Step): Reference[] {
  const found = step.if === undefined ? [] : referencesInCondition(step.if, '/if');
  const read = (binding: Binding | undefined, pointer: string) => {
    if (binding !== undefined) found.push(...referencesIn(binding, pointer));
  };
  if ('task' in step || 'flow' in step) read(step.with, '/with');
  if ('map' in step) read(step.map.over, '/map/over');
  if ('repeat' in step) read(step.repeat.start, '/repeat/start');
  if ('approve' in step) read(step.approve.show, '/approve/show');
  if ('wait' in step && 'until' in step.wait) read(step.wait.until, '/wait/until');
  if ('choose' in step) {
    for (const [place, branch] of step.choose.entries()) {
      if (branch.if === undefined) continue;
      found.push(...referencesInCondition(branch.if, `/choose/${place}/if`));
    }
  }
  return found;
}

/** The references that a step reads in the scope of its inner blocks, but that stand outside of their steps. */
export function innerReferences(step: Step): Reference[] {
  if ('map' in step && step.map.key !== undefined) return referencesIn(step.map.key, '/map/key');
  if ('repeat' in step) return referencesInCondition(step.repeat.until, '/repeat/until');
  return [];
}

/**
 * All references of a step and of everything inside it that lead outside: what must be there before
 * the step starts.
 */
export function outerReferences(step: Step): Reference[] {
  return [...ownReferences(step), ...bodyReferences(step)];
}

/** Those of them that stand inside: in its blocks, and in what is read once per item or iteration. */
export function bodyReferences(step: Step): Reference[] {
  const found = innerReferences(step);
  for (const { block, pointer, stepsPointer } of innerBlocks(step)) {
    const inside = Object.entries(block.steps).flatMap(([id, member]) =>
      outerReferences(member).map((reference) => ({
        ...reference,
        pointer: `${stepsPointer}/${id}${reference.pointer}`,
      })),
    );
    const output =
      block.output === undefined ? [] : referencesIn(block.output, `${pointer}/output`);
    found.push(...[...inside, ...output].filter(({ root }) => !Object.hasOwn(block.steps, root)));
  }
  return found;
}

function escape(key: string | number): string {
  return String(key).replaceAll('~', '~0').replaceAll('/', '~1');
}
