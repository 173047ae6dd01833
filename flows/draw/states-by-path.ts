import type { StepState } from '../model/step-record.ts';

/** How often each state occurs at one place of the graph: a step inside of a map is there once per item. */
export type StateCounts = Readonly<Partial<Record<StepState, number>>>;

/** What a place with several states is shown as: what asks for attention first. */
const BY_WEIGHT: readonly StepState[] = [
  'failed',
  'running',
  'cancelled',
  'waiting',
  'done',
  'reused',
  'skipped',
];

/**
 * The states of a run by the paths of its graph. Of attempts and iterations only the last counts; tasks
 * that a task added are no places of the graph.
 *
 * @example
 * countStates({ 'small[0].fit': 'done', 'small[1].fit': 'failed' }); // { 'small.fit': { done: 1, failed: 1 } }
 */
export function countStates(
  states: Readonly<Record<string, StepState>>,
): Record<string, StateCounts> {
  const counts: Record<string, Partial<Record<StepState, number>>> = {};
  for (const [place, { state }] of latestStates(states)) {
    const count = (counts[place.replaceAll(/\[\d+\]/g, '')] ??= {});
    count[state] = (count[state] ?? 0) + 1;
  }
  return counts;
}

/** One state for each path of the graph. */
export function statesByPath(
  states: Readonly<Record<string, StepState>>,
): Record<string, StepState> {
  return Object.fromEntries(
    Object.entries(countStates(states)).map(([path, counts]) => [
      path,
      BY_WEIGHT.find((state) => counts[state] !== undefined)!,
    ]),
  );
}

function latestStates(states: Readonly<Record<string, StepState>>) {
  const latest = new Map<string, { rounds: readonly number[]; state: StepState }>();
  for (const [address, state] of Object.entries(states)) {
    if (/\(\+\d+\)|\]$|\)$/.test(address)) continue;
    const rounds = Array.from(address.matchAll(/#(\d+)|\((\d+)\)/g), ([, a, b]) => Number(a ?? b));
    const place = address.replaceAll(/#\d+|\(\d+\)/g, '');
    const known = latest.get(place);
    if (known === undefined || !isBefore(rounds, known.rounds))
      latest.set(place, { rounds, state });
  }
  return latest;
}

/** A first attempt has no number: it is before a second one. */
function isBefore(a: readonly number[], b: readonly number[]): boolean {
  const at = b.findIndex((round, place) => round !== (a[place] ?? 1));
  return at >= 0 && (a[at] ?? 1) < b[at]!;
}
