import type { Binding, Block, Condition, Step, Steps } from '../../../contracts/flow-definition.ts';

/**
 * The meaning of a flow in the plainest words: one step after the other, no engine, no promises.
 *
 * It shares no code with the scheduler. Tests hold the scheduler against it.
 */
export function interpret(flow: Block, input: unknown, call: (input: unknown) => unknown) {
  const states: Record<string, string> = {};
  const ended = runBlock(flow, '', { input });
  const end =
    ended.error === undefined ? { state: 'done', output: ended.value } : { state: 'failed' };
  return { ...end, states };

  function runBlock(block: Block, prefix: string, outer: Record<string, unknown>) {
    const { values, failed, handled } = runSteps(block.steps, prefix, outer);
    const error = failed.find((id) => !handled.has(id));
    const last = Object.keys(block.steps).filter(
      (id) => !Object.keys(block.steps).some((other) => before(block.steps, other).includes(id)),
    );
    const output = block.output ?? { $from: last[0]! };
    return {
      error,
      value: read(output, { ...outer, ...values }) ?? null,
      scope: { ...outer, ...values },
    };
  }

  function runSteps(steps: Steps, prefix: string, outer: Record<string, unknown>) {
    const values: Record<string, unknown> = {};
    const failed: string[] = [];
    const handledBy = new Map<string, string[]>();
    for (const id of inOrder(steps)) {
      const step = steps[id]!;
      const above = ancestors(steps, id);
      const taken = new Set(above.flatMap((name) => handledBy.get(name) ?? []));
      const open = failed.filter((name) => above.includes(name) && !taken.has(name));
      const on = step.on ?? 'success';
      const scope = { ...outer, ...values };
      const lacks = needs(step).some(
        (name) => Object.hasOwn(steps, name) && !Object.hasOwn(values, name),
      );
      const isSkipped =
        (on === 'success' && (open.length > 0 || lacks)) ||
        (on === 'failure' && open.length === 0) ||
        (step.if !== undefined && !asks(step.if, scope));
      const result = isSkipped ? undefined : runStep(step, prefix + id, scope);
      states[prefix + id] = result === undefined ? 'skipped' : result.ok ? 'done' : 'failed';
      if (result?.ok === true) {
        values[id] = result.value;
        if (on === 'failure') handledBy.set(id, open);
      } else if (result?.ok === false) failed.push(id);
    }
    return { values, failed, handled: new Set([...handledBy.values()].flat()) };
  }

  type Result = { ok: true; value: unknown } | { ok: false } | undefined;

  function runStep(step: Step, address: string, scope: Record<string, unknown>): Result {
    if ('task' in step) {
      const value = call(read(step.with ?? {}, scope) ?? {});
      return value === undefined ? { ok: false } : { ok: true, value };
    }
    if ('choose' in step) {
      const branch = step.choose.find((one) => one.if === undefined || asks(one.if, scope));
      if (branch === undefined) return undefined;
      const { error, value } = runBlock(branch.do, `${address}.${branch.name}.`, scope);
      states[`${address}.${branch.name}`] = 'waiting';
      return error === undefined
        ? { ok: true, value: { branch: branch.name, value } }
        : { ok: false };
    }
    if ('repeat' in step) {
      let last: unknown;
      for (let count = 0; count < step.repeat.max; count++) {
        const loop = { value: last ?? read(step.repeat.start ?? null, scope), last, count };
        states[`${address}(${count + 1})`] = 'waiting';
        const body = runBlock(step.repeat.do, `${address}(${count + 1}).`, { ...scope, loop });
        if (body.error !== undefined) return { ok: false };
        last = body.value;
        const after = { ...body.scope, loop: { ...loop, last, count: count + 1 } };
        if (asks(step.repeat.until, after)) return { ok: true, value: last };
      }
      return { ok: false };
    }
    if ('parallel' in step) {
      const { values, failed, handled } = runSteps(step.parallel, `${address}.`, scope);
      const ids = Object.keys(step.parallel).sort();
      const lost = ids.filter(
        (id) =>
          states[`${address}.${id}`] === 'skipped' &&
          ancestors(step.parallel, id).some((name) => failed.includes(name)) &&
          !Object.hasOwn(values, id) &&
          wasLost(step.parallel, id, failed, handled),
      );
      const bad = [...failed.filter((id) => !handled.has(id)), ...lost];
      const skipped = ids.filter(
        (id) => states[`${address}.${id}`] === 'skipped' && !lost.includes(id),
      );
      if (!holdsPolicy(step.policy, ids.length - skipped.length, bad)) return { ok: false };
      const isSure = (id: string) =>
        step.policy === undefined ||
        step.policy === 'strict' ||
        (typeof step.policy === 'object' &&
          'critical' in step.policy &&
          step.policy.critical.includes(id));
      const members = ids.flatMap((id): [string, unknown][] => {
        if (isSure(id)) return Object.hasOwn(values, id) ? [[id, values[id]]] : [];
        return [[id, Object.hasOwn(values, id) ? { ok: true, value: values[id] } : { ok: false }]];
      });
      return { ok: true, value: Object.fromEntries(members) };
    }
    if (!('map' in step)) throw new Error('Cannot interpret this kind of step');
    const list = read(step.map.over, scope) as unknown[];
    const seen = new Map<string, unknown>();
    const results = list.map((item, index) => {
      const key =
        step.map.key === undefined ? index : read(step.map.key, { ...scope, item, index });
      const name = JSON.stringify(key);
      if (seen.has(name)) return seen.get(name);
      const body = runBlock(step.map.do, `${address}[${index}].`, { ...scope, item, index });
      states[`${address}[${index}]`] = body.error === undefined ? 'done' : 'failed';
      seen.set(name, body.error === undefined ? { value: body.value } : undefined);
      return seen.get(name);
    }) as ({ value: unknown } | undefined)[];
    const bad = results.flatMap((result, index) => (result === undefined ? [String(index)] : []));
    if (!holdsPolicy(step.policy, list.length, bad)) return { ok: false };
    const items = results.flatMap((result) => (result === undefined ? [] : [result.value]));
    return { ok: true, value: { count: list.length, ok: items.length, failed: bad.length, items } };
  }

  function wasLost(steps: Steps, id: string, failed: string[], handled: Set<string>): boolean {
    if ((steps[id]!.on ?? 'success') !== 'success') return false;
    return ancestors(steps, id).some((name) => failed.includes(name) && !handled.has(name));
  }
}

function holdsPolicy(policy: unknown, total: number, bad: string[]): boolean {
  if (policy === 'bestEffort') return true;
  if (policy === undefined || policy === 'strict') return bad.length === 0;
  const { atLeast, critical } = policy as { atLeast?: number | string; critical?: string[] };
  if (critical !== undefined) return !critical.some((id) => bad.includes(id));
  const needed =
    typeof atLeast === 'number' ? atLeast : Math.ceil((parseInt(atLeast!) * total) / 100);
  return total - bad.length >= needed;
}

function names(value: unknown, isSure: boolean): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const { $from, or } = value as { $from?: string; or?: unknown };
  if ($from !== undefined) {
    const own = isSure && or !== undefined ? [] : [$from.split(/[.[]/)[0]!];
    return [...own, ...names(or, isSure)];
  }
  return Object.values(value).flatMap((part) => names(part, isSure));
}

/** Names that a step can't do without: conditions do without any. */
function needs(step: Step): string[] {
  return names(withoutConditions(step), true);
}

function withoutConditions(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(withoutConditions);
  const kept = Object.entries(value).filter(([key]) => key !== 'if' && key !== 'until');
  return Object.fromEntries(kept.map(([key, part]) => [key, withoutConditions(part)]));
}

function before(steps: Steps, id: string): string[] {
  const all = [...names(steps[id], false), ...(steps[id]!.after ?? [])];
  return [...new Set(all)].filter((name) => Object.hasOwn(steps, name) && name !== id);
}

function ancestors(steps: Steps, id: string): string[] {
  const found = new Set<string>();
  const visit = (at: string) =>
    before(steps, at).forEach((name) => found.has(name) || (found.add(name), visit(name)));
  visit(id);
  return [...found];
}

function inOrder(steps: Steps): string[] {
  const level = (id: string): number => Math.max(-1, ...before(steps, id).map(level)) + 1;
  return Object.keys(steps).sort((a, b) => level(a) - level(b) || (a < b ? -1 : 1));
}

function read(binding: Binding, scope: Record<string, unknown>): unknown {
  if (typeof binding !== 'object' || binding === null) return binding;
  if (Array.isArray(binding)) return binding.map((part: Binding) => read(part, scope));
  const { $from, or } = binding as { $from?: string; or?: Binding };
  if ($from === undefined) {
    const parts = Object.entries(binding).map(([key, part]) => [key, read(part as Binding, scope)]);
    return Object.fromEntries(parts.filter(([, part]) => part !== undefined));
  }
  const parts = $from.match(/[^.[\]]+/g)!;
  const found = parts.reduce<unknown>(
    (at, key) => (at as Record<string, unknown> | undefined)?.[key],
    scope,
  );
  return found === undefined && or !== undefined ? read(or, scope) : found;
}

function asks(condition: Condition, scope: Record<string, unknown>): boolean {
  const [[name, operands]] = Object.entries(condition) as [[string, never]];
  if (name === 'not') return !asks(operands, scope);
  const [a, b] = (operands as Binding[]).map((operand) => read(operand, scope));
  return name === 'ge' && typeof a === 'number' && typeof b === 'number' && a >= b;
}
