import type { Binding, FlowDefinition, From } from '../../contracts/flow-definition.ts';
import { isFrom } from '../model/binding.ts';
import { planOf } from '../model/block-plan.ts';
import { parsePath } from '../model/path.ts';
import { outerReferences, referencesIn, referencesInCondition } from '../model/references.ts';
import type { Change } from './change-text.ts';
import { EditRefused, findStep, type StepSite } from './find-step.ts';

/** How a definition changes, and in words what else changes with it. */
export interface Edit {
  readonly changes: readonly Change[];
  readonly notes: readonly string[];
}

/**
 * Takes a step out. The steps after it wait from then on for those before it; whoever read its result
 * with an `or` gets what the `or` says.
 *
 * @param path of the step in the graph, such as `variants.small`.
 * @throws {EditRefused} that names who reads its result without `or`, jumps to it, or counts on it.
 */
export function removeStep(definition: FlowDefinition, path: string): Edit {
  const site = findStep(definition, path);
  const readers = readersOf(site);
  const needing = [
    ...readers.filter(({ stands }) => stands === undefined).map(({ owner }) => owner),
    ...site.conditions
      .filter(({ condition }) =>
        referencesInCondition(condition, '').some(({ root }) => root === site.id),
      )
      .map(({ owner }) => owner),
  ];
  const reasons = [
    ...(needing.length === 0
      ? []
      : [`its result is read without "or" by ${listed([...new Set(needing)])}`]),
    ...jumpsTo(site),
  ];
  const policy = withoutCritical(site);
  if (policy === 'needed') reasons.push('the policy of its group names no other member');
  if (reasons.length > 0) {
    throw new EditRefused(`Cannot remove step "${path}" as ${reasons.join(', and as ')}`);
  }
  const order = newOrder(site);
  return {
    changes: [
      ...readers.map(({ path: at, stands }) => ({ path: at, value: stands })),
      ...order.map(({ id, after }) => ({
        path: [...site.stepsPath, id, 'after'],
        value: after.length === 0 ? undefined : after,
      })),
      ...(policy === undefined || policy === 'needed' ? [] : [policy]),
      { path: [...site.stepsPath, site.id] },
    ],
    notes: [
      ...order
        .filter(({ gained }) => gained.length > 0)
        .map(({ id, gained }) => `"${id}" now runs after ${listed(gained.map(quoted))}`),
      ...readers.map(({ owner }) => `${owner} now takes what its "or" says`),
    ],
  };
}

interface Reader {
  readonly owner: string;
  readonly path: Change['path'];
  /** What takes the place of the reference; absent where nothing can. */
  readonly stands?: Binding;
}

function readersOf({ id, steps, stepsPath, bindings }: StepSite): Reader[] {
  const inSteps = Object.entries(steps)
    .filter(([other]) => other !== id)
    .flatMap(([other, step]) => {
      const at = [...stepsPath, other];
      return outerReferences(step).map((reference) => ({
        ...reference,
        owner: quoted(other),
        at,
      }));
    });
  const beside = bindings.flatMap(({ binding, path, owner }) =>
    referencesIn(binding, '').map((reference) => ({ ...reference, owner, at: path })),
  );
  const found = [...inSteps, ...beside].filter(({ root }) => root === id);
  return found
    .filter(
      ({ at, pointer }) =>
        !found.some((outer) => outer.at === at && isInside(pointer, outer.pointer)),
    )
    .map(({ from, pointer, owner, at }) => {
      const path = [...at, ...pointer.split('/').slice(1).map(pointerKey)];
      const stands = mayStandAlone(pointer) ? insteadOf(from, id) : undefined;
      return { owner, path, ...(stands === undefined ? {} : { stands }) };
    });
}

/** A reference in the "or" of another one goes with that. */
function isInside(pointer: string, outer: string): boolean {
  return pointer.startsWith(`${outer}/`);
}

/** Where the format asks for a reference, nothing else can take its place. */
function mayStandAlone(pointer: string): boolean {
  return !/\/(map\/over|exists|\$text\/\d+)$/.test(pointer);
}

function insteadOf({ or }: From, id: string): Binding | undefined {
  let value = or;
  while (value !== undefined && isFrom(value) && parsePath(value.$from).root === id)
    value = value.or;
  return value;
}

function jumpsTo({ id, steps }: StepSite): string[] {
  return Object.entries(steps).flatMap(([other, { routes = {} }]) =>
    other === id
      ? []
      : Object.entries(routes)
          .filter(([, target]) => target === id)
          .map(([route]) => `"${other}" jumps to it by its route "${route}"`),
  );
}

function withoutCritical({ id, policy }: StepSite): Change | 'needed' | undefined {
  const rule = policy?.policy;
  if (typeof rule !== 'object' || !('critical' in rule) || !rule.critical.includes(id)) {
    return undefined;
  }
  const critical = rule.critical.filter((name) => name !== id);
  return critical.length === 0 ? 'needed' : { path: policy!.path, value: { critical } };
}

/** Those before the step, for each step after it, but not those that it waits for anyway. */
function newOrder({ id, steps }: StepSite) {
  const plan = planOf(steps);
  const inherited = plan.predecessors.get(id)!;
  return plan.followers.get(id)!.map((follower) => {
    const kept = (steps[follower]!.after ?? []).filter((name) => name !== id);
    const others = plan.predecessors.get(follower)!.filter((name) => name !== id);
    const gained = inherited.filter(
      (name) =>
        ![...others, ...inherited].some(
          (other) => plan.isBefore(name, other) || (other === name && others.includes(name)),
        ),
    );
    return { id: follower, after: [...kept, ...gained], gained };
  });
}

function pointerKey(part: string): string | number {
  const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
  return /^\d+$/.test(key) ? Number(key) : key;
}

export function quoted(name: string): string {
  return `"${name}"`;
}

export function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
