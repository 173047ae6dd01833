import type { Steps } from '../../contracts/flow-definition.ts';

/** Why a run can't start at a step, as a sentence; `undefined` when it can, or starts where the flow does. */
export function whyNoStart(steps: Steps, start: string | undefined): string | undefined {
  if (start === undefined || Object.hasOwn(steps, start)) return undefined;
  const found = Object.keys(steps).sort().join(', ');
  return `Cannot start at "${start}" as the flow has no such step: found ${found}`;
}
