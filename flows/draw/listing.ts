import type { FlowDefinition } from '../../contracts/flow-definition.ts';
import { type Graph, graphOf } from '../model/graph.ts';
import type { StepState } from '../model/step-record.ts';
import { plain, wordsOf } from './plain-words.ts';
import { countStates, type StateCounts } from './states-by-path.ts';

/** A table: its title, and rows of which the first names the columns. */
export interface Listing {
  readonly title: string;
  readonly rows: readonly (readonly string[])[];
}

/**
 * All that is in a flow, as tables: steps, the ways between them, groups, and topological levels.
 *
 * @param states of a run, by address; a step inside of a map shows how many of its items are where.
 */
export function listFlow(
  definition: FlowDefinition,
  states?: Readonly<Record<string, StepState>>,
): Listing[] {
  const graph = graphOf(definition);
  const counts = states === undefined ? undefined : countStates(states);
  return [
    { title: 'Steps', rows: stepRows(graph, counts) },
    { title: 'Edges', rows: edgeRows(graph) },
    { title: 'Groups', rows: groupRows(graph) },
    {
      title: 'Levels',
      rows: [
        ['LEVEL', 'STEPS'],
        ...graph.levels.map((paths, level) => [String(level), paths.join(', ')]),
      ],
    },
  ].filter(({ rows }) => rows.length > 1);
}

function stepRows({ nodes }: Graph, counts: Record<string, StateCounts> | undefined): string[][] {
  const head = ['STEP', 'KIND', 'DOES', 'TITLE'];
  const rows = nodes.map((node) => [
    node.path,
    node.kind,
    wordsOf(node),
    plain(node.title ?? '').slice(0, 60),
  ]);
  if (counts === undefined) return [head, ...rows];
  const states = nodes.map(({ path }) => countWords(counts[path]));
  return [['STATE', ...head], ...rows.map((row, place) => [states[place]!, ...row])];
}

/** A step that was not looked at yet has no state in the run. */
function countWords(counts: StateCounts | undefined): string {
  const all = Object.entries(counts ?? {});
  if (all.length === 0) return 'waiting';
  const isOne = all.length === 1 && all[0]![1] === 1;
  return isOne ? all[0]![0] : all.map(([state, count]) => `${count} ${state}`).join(', ');
}

function edgeRows({ edges }: Graph): string[][] {
  const rows = edges.map(({ from, to, kind, label }) => [
    from,
    to,
    label === undefined ? kind : `${kind} ${plain(label)}`,
  ]);
  return [['FROM', 'TO', 'KIND'], ...rows];
}

function groupRows({ groups, nodes }: Graph): string[][] {
  const rows = groups.map(({ path }) => [
    path,
    nodes
      .filter(({ parent }) => parent === path)
      .map(({ id }) => id)
      .join(', '),
  ]);
  return [['GROUP', 'HOLDS'], ...rows];
}
