import type { Analysis, StepPlace } from './analyze.ts';
import { problem, type Problem } from './problem.ts';
import { isUnresolved, resolvePath } from './scope.ts';

/** Policies can be met, and maps have a bound. */
export function checkGroups(analysis: Analysis): Problem[] {
  return analysis.steps.flatMap((place) => [...checkPolicy(place), ...checkBound(place, analysis)]);
}

function checkPolicy({ step, pointer }: StepPlace): Problem[] {
  if (!('parallel' in step || 'map' in step)) return [];
  const { policy } = step;
  if (typeof policy !== 'object') return [];
  const members = 'parallel' in step ? Object.keys(step.parallel) : [];
  if ('critical' in policy) {
    return policy.critical
      .filter((id) => !members.includes(id))
      .map((id) => {
        const place = `${pointer}/policy/critical/${policy.critical.indexOf(id)}`;
        const message =
          'map' in step
            ? `Cannot hold "${id}" critical: the items of a map have no names`
            : `Cannot hold "${id}" critical: the group has no such member`;
        return problem('critical-stranger', place, message, { found: id, known: members });
      });
  }
  const isAboveSize =
    'parallel' in step && typeof policy.atLeast === 'number' && policy.atLeast > members.length;
  if (!isAboveSize) return [];
  const message = `Cannot have ${policy.atLeast} members succeed: the group has ${members.length}`;
  return [problem('at-least-above-size', `${pointer}/policy/atLeast`, message)];
}

function checkBound({ id, step, pointer, block }: StepPlace, { definition }: Analysis): Problem[] {
  if (!('map' in step) || definition.limits?.maxItems !== undefined) return [];
  const path = step.map.over.$from;
  if (!/^input\b/.test(path)) return [];
  const found = resolvePath(path, { block, step: id });
  if (isUnresolved(found)) return [];
  const isBounded = found.shape.forms.every(({ schema }) => schema['maxItems'] !== undefined);
  if (isBounded) return [];
  const message = `Nothing bounds the map over "${path}": "limits.maxItems" or "maxItems" of the input would`;
  return [problem('unlimited-map', `${pointer}/map/over`, message)];
}
