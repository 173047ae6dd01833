import type { FlowDefinition, Policy, Step, Steps } from '../../contracts/flow-definition.ts';
import { planOf } from './block-plan.ts';
import { innerBlocks } from './inner-blocks.ts';

/** The kinds of steps, by the key that makes a step one. */
export type StepKind =
  'task' | 'parallel' | 'map' | 'choose' | 'repeat' | 'approve' | 'wait' | 'flow';

/** A step as a place in a drawing. */
export interface GraphNode {
  /** Ids from the outermost step inwards, with the branch where there is one: `route.navad.geo`. */
  readonly path: string;
  readonly id: string;
  readonly kind: StepKind;
  /** What it does, in a few words. */
  readonly words: string;
  readonly title?: string;
  readonly level: number;
  /** Node or branch that holds it; absent for the steps of the flow itself. */
  readonly parent?: string;
  readonly on: 'success' | 'failure' | 'always';
  readonly isConditional: boolean;
}

/** A way from one step to another. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  /** `data` is read, `order` only waits, `route` is a jump that a task may ask for. */
  readonly kind: 'data' | 'order' | 'route';
  /** Name of the route. */
  readonly label?: string;
}

/** What holds steps: a group, a body, or one branch of a choice. */
export interface GraphGroup {
  readonly path: string;
  readonly label: string;
  readonly parent?: string;
}

export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  readonly groups: readonly GraphGroup[];
  /** Paths by topological level, of the flow's own steps. */
  readonly levels: readonly (readonly string[])[];
}

/** The graph of a flow, for drawings and for people who ask what is in it. Ways that others imply are left out. */
export function graphOf({ steps }: FlowDefinition): Graph {
  const nodes: GraphNode[] = [];
  const edges: GraphEdge[] = [];
  const groups: GraphGroup[] = [];
  visit(steps, undefined);
  const levels: string[][] = [];
  for (const { path, level, parent } of nodes) {
    if (parent === undefined) (levels[level] ??= []).push(path);
  }
  return { nodes, edges, groups, levels };

  function visit(block: Steps, parent: string | undefined): void {
    const plan = planOf(block);
    const pathOf = (id: string) => (parent === undefined ? id : `${parent}.${id}`);
    for (const id of plan.ids) {
      const step = block[id]!;
      const path = pathOf(id);
      nodes.push({
        path,
        id,
        ...aboutStep(step),
        level: plan.levels.get(id) ?? 0,
        ...(parent === undefined ? {} : { parent }),
      });
      const before = plan.predecessors.get(id)!;
      const read = new Set(plan.references.get(id)!.map(({ root }) => root));
      for (const name of before) {
        const isImplied = before.some((other) => plan.isBefore(name, other));
        if (isImplied && !read.has(name)) continue;
        edges.push({ from: pathOf(name), to: path, kind: read.has(name) ? 'data' : 'order' });
      }
      for (const [label, target] of Object.entries(step.routes ?? {})) {
        edges.push({ from: path, to: pathOf(target), kind: 'route', label });
      }
      for (const { block: inner, branch } of innerBlocks(step)) {
        const group = branch === undefined ? path : `${path}.${branch}`;
        const label = branch ?? id;
        groups.push({ path: group, label, ...(branch === undefined ? {} : { parent: path }) });
        visit(inner.steps, group);
      }
    }
  }
}

function aboutStep(
  step: Step,
): Pick<GraphNode, 'kind' | 'words' | 'title' | 'on' | 'isConditional'> {
  return {
    ...kindAndWords(step),
    ...(step.title === undefined ? {} : { title: step.title }),
    on: step.on ?? 'success',
    isConditional: step.if !== undefined,
  };
}

function kindAndWords(step: Step): { kind: StepKind; words: string } {
  if ('task' in step) return { kind: 'task', words: step.task };
  if ('parallel' in step) return { kind: 'parallel', words: `parallel${policyWords(step.policy)}` };
  if ('map' in step) {
    return { kind: 'map', words: `map over ${step.map.over.$from}${policyWords(step.policy)}` };
  }
  if ('choose' in step) return { kind: 'choose', words: 'choose' };
  if ('repeat' in step)
    return { kind: 'repeat', words: `repeat, at most ${step.repeat.max} times` };
  if ('approve' in step) return { kind: 'approve', words: `ask: ${step.approve.title}` };
  if ('flow' in step) return { kind: 'flow', words: `flow ${step.flow}` };
  if ('for' in step.wait) return { kind: 'wait', words: `wait for ${step.wait.for}` };
  return {
    kind: 'wait',
    words: 'until' in step.wait ? 'wait until a time' : `wait for signal ${step.wait.signal}`,
  };
}

function policyWords(policy: Policy | undefined): string {
  if (policy === undefined || policy === 'strict') return '';
  if (policy === 'bestEffort') return ', best effort';
  return 'atLeast' in policy
    ? `, at least ${policy.atLeast}`
    : `, critical: ${policy.critical.join(', ')}`;
}
