import type { FlowDefinition } from '../../contracts/flow-definition.ts';
import { sitesOf } from '../../flows/edit/find-step.ts';

/** Paths of the steps of a definition that was checked when it was loaded. */
export function stepPaths(text: string | undefined): string[] {
  return text === undefined ? [] : [...sitesOf(JSON.parse(text) as FlowDefinition).keys()];
}
