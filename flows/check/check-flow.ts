import type { Catalogue } from '../../contracts/flow-catalogue.ts';
import type { FlowDefinition } from '../../contracts/flow-definition.ts';
import type { Position } from '../load/json-text.ts';
import { analyze } from './analyze.ts';
import { checkChannels } from './check-channels.ts';
import { checkGroups } from './check-groups.ts';
import { checkNames } from './check-names.ts';
import { checkOrder } from './check-order.ts';
import { checkReferences } from './check-references.ts';
import { checkRoutes } from './check-routes.ts';
import { checkTypes } from './check-types.ts';
import { findBadText } from './bad-text.ts';
import type { Problem } from './problem.ts';
import { withoutBroken } from './sound-parts.ts';
import { checkStructure } from './structure.ts';

export interface CheckedFlow {
  /** The definition as a flow that may run; absent when a problem is an error. */
  readonly definition?: FlowDefinition;
  /** In the order of the text where there is one, otherwise of the pointers. */
  readonly problems: readonly Problem[];
}

/**
 * Finds everything that is wrong with a definition, at once.
 *
 * The command line, the starter and the first step of a run all ask here. Parts whose form is broken
 * are named and then left out, so that the others are still checked.
 *
 * @param positionOf where a JSON Pointer stands in the text that the definition was read from.
 */
export function checkFlow(
  value: unknown,
  catalogue: Catalogue,
  positionOf?: (pointer: string) => Position,
): CheckedFlow {
  const structure = [...findBadText(value), ...checkStructure(value)];
  const sound = withoutBroken(
    value,
    structure.map(({ pointer }) => pointer),
  );
  const meaning = sound === undefined ? [] : checkMeaning(sound, catalogue);
  const problems = inOrder([...structure, ...meaning], positionOf);
  const isRunnable = problems.every(({ severity }) => severity === 'warning');
  return isRunnable ? { definition: value as FlowDefinition, problems } : { problems };
}

function checkMeaning(definition: FlowDefinition, catalogue: Catalogue): Problem[] {
  const analysis = analyze(definition, catalogue);
  return [
    ...checkNames(analysis),
    ...checkOrder(analysis),
    ...checkReferences(analysis),
    ...checkTypes(analysis),
    ...checkGroups(analysis),
    ...checkRoutes(analysis),
    ...checkChannels(analysis),
  ];
}

function inOrder(
  problems: readonly Problem[],
  positionOf: ((pointer: string) => Position) | undefined,
): Problem[] {
  const placed =
    positionOf === undefined
      ? problems
      : problems.map((found) => ({ ...found, ...positionOf(found.pointer) }));
  return placed.toSorted(
    (a, b) =>
      (a.line ?? 0) - (b.line ?? 0) ||
      (a.column ?? 0) - (b.column ?? 0) ||
      (a.pointer < b.pointer ? -1 : a.pointer > b.pointer ? 1 : 0),
  );
}
