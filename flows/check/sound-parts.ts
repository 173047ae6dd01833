import type { FlowDefinition } from '../../contracts/flow-definition.ts';

/** Stands for a step whose form is broken: it takes its place in the order, and nothing is known of its value. */
const standIn = { wait: { signal: 'broken' } };

/**
 * A definition without its broken parts, so that the rest can be checked; `undefined` when too
 * little is left.
 *
 * @param broken pointers of the problems: the step that holds one is replaced, a field of the
 * definition that holds one is left out.
 */
export function withoutBroken(
  value: unknown,
  broken: readonly string[],
): FlowDefinition | undefined {
  if (broken.length === 0) return value as FlowDefinition;
  const copy = structuredClone(value) as Record<string, unknown>;
  for (const pointer of broken) {
    const keys = pointer.split('/').slice(1).map(unescape);
    const steps = innermostStep(copy, keys);
    if (steps !== undefined) steps.owner[steps.id] = standIn;
    else if (keys[0] === undefined || keys[0] === 'steps') return undefined;
    else if (keys[0] !== 'flow' && keys[0] !== 'name' && keys[0] !== 'version')
      delete copy[keys[0]];
  }
  return typeof copy['steps'] === 'object' ? (copy as unknown as FlowDefinition) : undefined;
}

/** The innermost step on the way to a place. A step stands under `steps`, or is a member of a group. */
function innermostStep(root: Record<string, unknown>, keys: readonly string[]) {
  let found: { owner: Record<string, unknown>; id: string } | undefined;
  let at: unknown = root;
  let isStep = false;
  for (const [depth, key] of keys.entries()) {
    if (typeof at !== 'object' || at === null) break;
    const owner = at as Record<string, unknown>;
    if (isStep) found = { owner, id: key };
    // Inside `with` or a schema a key may be called "steps" too.
    const isBody = depth === 0 || keys[depth - 1] === 'do';
    isStep =
      !isStep && ((key === 'steps' && isBody) || (key === 'parallel' && isIdAt(keys, depth)));
    at = owner[key];
  }
  return found;
}

function isIdAt(keys: readonly string[], depth: number): boolean {
  const holder = keys[depth - 2];
  return holder === 'steps' || holder === 'parallel';
}

function unescape(key: string): string {
  return key.replaceAll('~1', '/').replaceAll('~0', '~');
}
