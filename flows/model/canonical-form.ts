import type {
  Binding,
  Block,
  FlowDefinition,
  Step,
  Steps,
} from '../../contracts/flow-definition.ts';
import { canonicalJson } from '../../maths/canonical-json.ts';
import { defaultOutput, planOf, type BlockPlan } from './block-plan.ts';
import { isEqualJson } from './equality.ts';
import {
  DEFAULT_BATCH,
  DEFAULT_CONCURRENCY,
  DEFAULT_MAX_STEPS,
  DEFAULT_OTHERWISE,
  DEFAULT_PRIORITY,
} from './format-defaults.ts';

type Fields = Readonly<Record<string, unknown>>;

const stepDefaults = { on: 'success', after: [], routes: {}, policy: 'strict', failFast: false };
const callDefaults = { with: {}, detached: false };
const approveDefaults = { otherwise: DEFAULT_OTHERWISE, show: [], roles: [] };
const mapDefaults = { batch: DEFAULT_BATCH, concurrency: DEFAULT_CONCURRENCY };
const flowDefaults = { input: {}, labels: {}, channels: {}, search: {}, limits: {}, defaults: {} };

/**
 * The one way to say a flow: values equal to the format's defaults are left out, as are entries of
 * `after` that data or other entries imply. Defaults of tasks stay: the catalogue may change.
 */
export function canonicalForm(definition: FlowDefinition): FlowDefinition {
  const { $schema: _, limits, defaults, ...rest } = definition;
  const shortened = {
    ...rest,
    limits: without({ ...limits }, { maxSteps: DEFAULT_MAX_STEPS }),
    defaults: without({ ...defaults }, { cache: false, priority: DEFAULT_PRIORITY, retry: {} }),
    ...canonicalBlock(definition),
  };
  return without(shortened, flowDefaults) as unknown as FlowDefinition;
}

/** The canonical form as text: what is hashed, compared and stored. */
export function canonicalText(definition: FlowDefinition): string {
  return canonicalJson(canonicalForm(definition));
}

function canonicalBlock({ steps, output }: Block): { steps: Steps; output: Binding | undefined } {
  const isDefault = output !== undefined && isEqualJson(output, defaultOutput(steps));
  return { steps: canonicalSteps(steps), output: isDefault ? undefined : output };
}

function canonicalSteps(steps: Steps): Steps {
  const plan = planOf(steps);
  return Object.fromEntries(
    Object.entries(steps).map(([id, step]) => {
      const after = step.after && neededAfter(id, step.after, plan);
      return [id, without({ ...canonicalStep(step), after }, stepDefaults) as unknown as Step];
    }),
  );
}

function canonicalStep(step: Step): Fields {
  if ('parallel' in step) return { ...step, parallel: canonicalSteps(step.parallel) };
  if ('map' in step) {
    const map = without({ ...step.map, do: canonicalInner(step.map.do) }, mapDefaults);
    return { ...step, map };
  }
  if ('repeat' in step) {
    return { ...step, repeat: { ...step.repeat, do: canonicalInner(step.repeat.do) } };
  }
  if ('choose' in step) {
    const choose = step.choose.map((branch) => ({ ...branch, do: canonicalInner(branch.do) }));
    return { ...step, choose };
  }
  if ('approve' in step) return { ...step, approve: without(step.approve, approveDefaults) };
  if ('task' in step) return without({ ...step }, { ...callDefaults, retry: {} });
  return without({ ...step }, callDefaults);
}

function canonicalInner(block: Block): Fields {
  return without(canonicalBlock(block), {});
}

function neededAfter(id: string, after: readonly string[], plan: BlockPlan): string[] {
  const before = plan.predecessors.get(id)!;
  const read = new Set(plan.references.get(id)!.map(({ root }) => root));
  return [...new Set(after)]
    .filter((name) => !read.has(name) && !before.some((other) => plan.isBefore(name, other)))
    .sort();
}

function without(fields: object, defaults: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields).filter(
      ([key, value]) =>
        value !== undefined && !(Object.hasOwn(defaults, key) && isEqualJson(value, defaults[key])),
    ),
  );
}
