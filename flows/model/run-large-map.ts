import type { Json, MapStep } from '../../contracts/flow-definition.ts';
import type { StoredList } from '../../contracts/stored-list.ts';
import { DEFAULT_BATCH, DEFAULT_CONCURRENCY } from './format-defaults.ts';
import { throwIfLost } from './map-end.ts';
import { itemsOfPart } from './part-windows.ts';
import { parsePath } from './path.ts';
import { bodyReferences } from './references.ts';
import { type Execution, StepCancelled, type StepContext } from './run.ts';

/**
 * Has the engine run a map whose items are too many to run here. Neither the items nor what they gave
 * come back: only counts, the first failures, and a list that may stand in a file.
 */
export async function runLargeMap(
  context: StepContext,
  step: MapStep,
  list: readonly Json[] | StoredList,
): Execution {
  const { run, node, address, pointer, frame } = context;
  const concurrency = step.map.concurrency ?? DEFAULT_CONCURRENCY;
  const { cancellation, release } = context.cancellation.child();
  const answer = await run.engine.runMap!(
    {
      step,
      address,
      pointer,
      list,
      concurrency,
      batch: itemsOfPart(step.map.batch ?? DEFAULT_BATCH, concurrency),
      outside: outsideOf(context, step),
      writes: run.hasChannels ? frame.writes : {},
      known: node.parts ?? {},
      onPart: (parts) => (node.parts = parts),
    },
    cancellation,
  );
  release();
  if (answer.ending !== undefined) run.end(answer.ending);
  if (context.cancellation.isCancelled) throw new StepCancelled();
  const { writes, count, ok, failed, items, failures } = answer;
  throwIfLost(context, step, answer, writes);
  return { state: 'done', value: { count, ok, failed, items, failures }, writes };
}

/**
 * What the body and the key read that stands outside of the map, and no more: every part gets it. Of
 * an object only the fields that are read, as the list itself often stands beside them.
 */
function outsideOf({ frame }: StepContext, step: MapStep): Record<string, Json> {
  const fields = new Map<string, Set<string> | 'all'>();
  for (const { root, from } of bodyReferences(step)) {
    const [field] = parsePath(from.$from).rest;
    const known = fields.get(root);
    if (typeof field !== 'string' || known === 'all') fields.set(root, 'all');
    else fields.set(root, (known ?? new Set<string>()).add(field));
  }
  const outside: Record<string, Json> = {};
  for (const [root, read] of fields) {
    const value = root === 'item' || root === 'index' ? undefined : frame.lookUp(root);
    if (value !== undefined) outside[root] = picked(value as Json, read);
  }
  return outside;
}

function picked(value: Json, fields: ReadonlySet<string> | 'all'): Json {
  const isPlain = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (fields === 'all' || !isPlain) return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => fields.has(name)));
}
