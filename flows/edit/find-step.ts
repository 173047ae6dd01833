import type {
  Binding,
  Condition,
  FlowDefinition,
  Policy,
  Steps,
} from '../../contracts/flow-definition.ts';
import { nearestName } from '../../maths/nearest-name.ts';
import { innerBlocks } from '../model/inner-blocks.ts';

/** A change that a definition can't take; the message says why, and what to do. */
export class EditRefused extends Error {}

type JsonPath = readonly (string | number)[];

/** Where a step stands: its block, and what of the steps around reads inside of the block. */
export interface StepSite {
  readonly id: string;
  /** The steps of its block. */
  readonly steps: Steps;
  readonly stepsPath: JsonPath;
  /** Bindings beside the steps that see them, by who they belong to. */
  readonly bindings: readonly {
    readonly binding: Binding;
    readonly path: JsonPath;
    readonly owner: string;
  }[];
  /** Conditions beside the steps that see them. */
  readonly conditions: readonly { readonly condition: Condition; readonly owner: string }[];
  /** Of a group: what its members have to do. */
  readonly policy?: { readonly policy: Policy; readonly path: JsonPath };
}

/**
 * Finds a step by its path in the graph, such as `variants.small`.
 *
 * @throws {EditRefused} when there is no such step.
 */
export function findStep(definition: FlowDefinition, path: string): StepSite {
  const sites = sitesOf(definition);
  const site = sites.get(path);
  if (site !== undefined) return site;
  const nearest = nearestName(path, sites.keys());
  const hint =
    nearest === undefined
      ? `known are ${[...sites.keys()].join(', ')}`
      : `did you mean "${nearest}"?`;
  throw new EditRefused(`Cannot find step "${path}" in flow "${definition.name}": ${hint}`);
}

type Surroundings = Omit<StepSite, 'id' | 'steps'>;

/** Every step of a flow by its path in the graph. */
export function sitesOf(definition: FlowDefinition): Map<string, StepSite> {
  const sites = new Map<string, StepSite>();
  const search = Object.entries(definition.search ?? {}).map(([name, binding]) => ({
    binding,
    path: ['search', name],
    owner: `the search attribute "${name}"`,
  }));
  const output = outputOf(definition.output, ['output'], 'the output');
  visit(definition.steps, '', {
    stepsPath: ['steps'],
    bindings: [...output, ...search],
    conditions: [],
  });
  return sites;

  function visit(steps: Steps, prefix: string, around: Surroundings): void {
    for (const [id, step] of Object.entries(steps)) {
      const path = prefix + id;
      sites.set(path, { id, steps, ...around });
      for (const { block, pointer, stepsPointer, branch } of innerBlocks(step)) {
        const at = (below: string) => [
          ...around.stepsPath,
          id,
          ...below.split('/').slice(1).map(toKey),
        ];
        const group = branch === undefined ? path : `${path}.${branch}`;
        visit(block.steps, `${group}.`, {
          stepsPath: at(stepsPointer),
          bindings: outputOf(block.output, at(`${pointer}/output`), `the output of "${group}"`),
          conditions:
            'repeat' in step
              ? [{ condition: step.repeat.until, owner: `"until" of "${path}"` }]
              : [],
          ...('parallel' in step && step.policy !== undefined
            ? { policy: { policy: step.policy, path: at('/policy') } }
            : {}),
        });
      }
    }
  }
}

function outputOf(binding: Binding | undefined, path: JsonPath, owner: string) {
  return binding === undefined ? [] : [{ binding, path, owner }];
}

function toKey(part: string): string | number {
  return /^\d+$/.test(part) ? Number(part) : part;
}
