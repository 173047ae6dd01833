import type { Binding, FlowStep, Json, TaskStep } from '../../contracts/flow-definition.ts';
import { MissingValue } from '../model/binding.ts';
import { withDefaults } from '../model/json-schema.ts';
import { addressOf } from '../model/step-record.ts';
import { decideSettings } from '../model/task-settings.ts';
import { planChoice, planRepeat } from './plan-bodies.ts';
import { planGroup } from './plan-group.ts';
import { planMap } from './plan-map.ts';
import { evaluatePartly, Unknown, unknownIn } from './partial-value.ts';
import { type Expectation, failing, outlookOf, type PlanContext, running } from './planned-step.ts';
import { planRun } from './plan-run.ts';

/** A child workflow and no activity: its result is never remembered as that of a task. */
const NEVER_KEPT = 'automation@1';
/** What is expected of one step that is reached, whatever its kind. */
export async function expectStep(context: PlanContext): Promise<Expectation> {
  try {
    return await expectKind(context);
  } catch (error) {
    if (error instanceof MissingValue) return failing(error.message);
    throw error;
  }
}

function expectKind(context: PlanContext): Promise<Expectation> {
  const { step } = context;
  if ('task' in step) return planTask(context, step);
  if ('parallel' in step) return planGroup(context, step);
  if ('map' in step) return planMap(context, step);
  if ('choose' in step) return planChoice(context, step);
  if ('repeat' in step) return planRepeat(context, step);
  if ('flow' in step) return planFlowCall(context, step);
  if ('approve' in step) return Promise.resolve(running(context, `asks: ${step.approve.title}`));
  return Promise.resolve(running(context, 'waits'));
}

async function planTask(context: PlanContext, step: TaskStep): Promise<Expectation> {
  const { planning, lookUp } = context;
  const facts = planning.port.factsOf(step.task);
  const { cache = false } = decideSettings(step, facts ?? {}, planning.definition.defaults ?? {});
  const isKept = cache && step.task !== NEVER_KEPT;
  const input = inputOf(step.with, lookUp);
  const unknown = unknownIn(input);
  const jumps = Object.values(step.routes ?? {});
  const more = jumps.length === 0 ? '' : `, and may jump to ${jumps.join(', ')}`;
  if (!isKept) {
    const expectation = running(context, `runs each time${more}`);
    return unknown === undefined ? expectation : { ...expectation, needs: unknown.because };
  }
  if (unknown !== undefined) {
    const words = 'runs or is reused, once its input is known';
    return { ...running(context, words), outlook: 'unknown', needs: unknown.because };
  }
  const kept = await planning.port.recall(step.task, input as Json);
  if (kept === null) return running(context, `no result is kept for its input${more}`);
  const words = 'its result is kept';
  return { outlook: 'reuse', words, presence: 'yes', value: kept.value, inner: [] };
}

function inputOf(binding: Binding | undefined, lookUp: PlanContext['lookUp']): unknown {
  return evaluatePartly(binding ?? {}, lookUp) ?? {};
}

async function planFlowCall(context: PlanContext, step: FlowStep): Promise<Expectation> {
  const { planning, address, lookUp } = context;
  const input = inputOf(step.with, lookUp);
  const definition = planning.port.flow(step.flow);
  const isKnown = definition !== undefined && !planning.callers.includes(step.flow);
  if (!isKnown || step.detached === true) return running(context, 'another flow');
  const whole =
    unknownIn(input) === undefined ? withDefaults(input as Json, definition.input ?? {}) : input;
  const { port, callers } = planning;
  const called = await planRun(
    { definition, port, callers: [...callers, step.flow] },
    whole,
    expectStep,
  );
  const inner = called.steps.map((one) => ({ ...one, address: addressOf(address, one.address) }));
  if (called.failure !== undefined) return failing(called.failure, inner);
  return {
    outlook: outlookOf(inner),
    words: `calls ${step.flow}`,
    presence: 'yes',
    value: renamed(called.output, address),
    inner,
  };
}

/** What a called flow waits for has an address in the flow around it. */
function renamed(value: unknown, address: string): unknown {
  if (value instanceof Unknown) {
    return new Unknown(value.because.map((inner) => addressOf(address, inner)));
  }
  if (unknownIn(value) === undefined) return value;
  if (Array.isArray(value)) return value.map((item) => renamed(item, address));
  const members = Object.entries(value as object);
  return Object.fromEntries(members.map(([key, member]) => [key, renamed(member, address)]));
}
