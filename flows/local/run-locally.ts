import type { FlowDefinition, Json } from '../../contracts/flow-definition.ts';
import type { Task } from '../build/task.ts';
import { checkFlow } from '../check/check-flow.ts';
import { formatProblem, type Problem } from '../check/problem.ts';
import { misfits, withDefaults } from '../model/json-schema.ts';
import { type RunResult, type Snapshot, startRun } from '../model/run-flow.ts';
import { LocalEngine, type LocalSurroundings } from './local-engine.ts';

/** What a run in memory is told beside the flow and its input. */
export interface LocalRunOptions extends LocalSurroundings {
  readonly runId?: string;
  readonly signal?: AbortSignal;
  /** Only this step and those after it run. */
  readonly start?: string;
  /** Executions after which nothing more starts. */
  readonly maxSteps?: number;
  /** Of a run that failed: what was done is not done again. */
  readonly from?: Snapshot;
}

/** A definition that can't be run. */
export class FlowRefused extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(`Cannot run the flow:\n${problems.map(formatProblem).join('\n')}`);
    this.problems = problems;
  }
}

/**
 * Runs a flow in this process, with the scheduler of the durable run: same states, same output.
 *
 * @throws {FlowRefused} when the definition has errors.
 * @throws {RangeError} when the input does not fit, or `start` is no step.
 */
export async function runLocally(
  flow: FlowDefinition | { readonly definition: FlowDefinition },
  input: Json,
  tasks: readonly Task[],
  options: LocalRunOptions = {},
): Promise<RunResult> {
  const definition = checked('definition' in flow ? flow.definition : flow, tasks, options);
  const whole = withDefaults(input, definition.input ?? {});
  const [misfit] = misfits(whole, definition.input ?? {});
  if (misfit !== undefined) {
    const place = misfit.pointer === '' ? 'it' : `"${misfit.pointer}"`;
    throw new RangeError(`Cannot use the input as ${misfit.needed} is needed in ${place}`);
  }
  const runId = options.runId ?? `${definition.name}/local`;
  const byName = new Map(tasks.map((task) => [task.facts.name, task]));
  const run = startRun({
    definition,
    input: whole,
    engine: new LocalEngine(byName, runId, options),
    runId,
    ...(options.start === undefined ? {} : { start: options.start }),
    ...(options.maxSteps === undefined ? {} : { stopAfter: options.maxSteps }),
    ...(options.from === undefined ? {} : { snapshot: options.from }),
  });
  const { signal } = options;
  const cancel = () => run.cancel('Cancelled from outside');
  if (signal?.aborted === true) cancel();
  signal?.addEventListener('abort', cancel, { once: true });
  const result = await run.result;
  signal?.removeEventListener('abort', cancel);
  return result;
}

function checked(
  definition: FlowDefinition,
  tasks: readonly Task[],
  { flows }: LocalSurroundings,
): FlowDefinition {
  const known = Object.entries(flows ?? {}).map(([name, { input = {} }]) => ({
    name,
    input,
    output: {},
  }));
  const catalogue = { tasks: tasks.map(({ facts }) => facts), flows: known };
  const { problems, definition: sound } = checkFlow(definition, catalogue);
  if (sound === undefined) throw new FlowRefused(problems);
  return sound;
}
