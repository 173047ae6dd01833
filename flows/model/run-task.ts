import type { FlowStep, Json, TaskSettings, TaskStep } from '../../contracts/flow-definition.ts';
import type { Spawn, TaskAnswer } from '../../contracts/flow-results.ts';
import { mapWindow } from '../../durable/map-window.ts';
import { evaluate } from './binding.ts';
import { type ChannelParts, channelValues, joinParts, partsOf } from './channels.ts';
import type { TaskCall } from './engine.ts';
import { DEFAULT_CONCURRENCY } from './format-defaults.ts';
import { type Execution, PAUSED, StepCancelled, type StepContext, StepFailed } from './run.ts';
import { addressOf, nodeAt, type StepNode } from './step-record.ts';
import { withStored } from './stored-lists.ts';

const UNBEGUN: NonNullable<StepNode['progress']> = { count: 0, value: null, writes: {} };

/** Runs a task, again as often as it asks for that, and the tasks that it adds. */
export async function runTask(context: StepContext, step: TaskStep): Execution {
  const { run, node, address, budget } = context;
  let { count, value: input, writes } = node.progress ?? UNBEGUN;
  if (node.progress === undefined) {
    const read = inputOf(context, step);
    // Nothing to wait for is not waited for: in a workflow every promise has its price.
    input = read instanceof Promise ? await read : read;
  }
  budget.count(count);
  for (; ; count++) {
    const answer = node.answer ?? (await callTask(context, step, input, count, writes));
    const ownWrites = partsOf(answer.writes ?? [], run.channels);
    const joined = run.hasChannels ? joinParts([writes, ownWrites], run.channels) : {};
    if (answer.control?.kind === 'again') {
      input = { ...(input as object), ...(answer.control.data as object) } as Json;
      writes = joined;
      node.progress = { count: count + 1, value: input, writes };
      budget.count();
      if (context.cancellation.isCancelled) throw new StepCancelled();
      if (run.isPausing()) return PAUSED;
      continue;
    }
    const spawned = answer.spawned === undefined ? {} : await runSpawned(context, step, answer);
    if (typeof spawned === 'symbol') return spawned;
    const jump = jumpOf(answer, step, address);
    if (answer.control?.kind === 'stop' || answer.control?.kind === 'cancel') {
      run.end({ kind: answer.control.kind, reason: answer.control.reason });
    }
    return {
      state: answer.isReused === true ? 'reused' : 'done',
      value: withSpawned(answer.value, spawned.collection),
      ...(run.hasChannels ? { writes: joinParts([joined, spawned.writes], run.channels) } : {}),
      ...jump,
    };
  }
}

/** Runs another flow as one step. */
export async function runFlowCall(context: StepContext, step: FlowStep): Execution {
  const { run, address, cancellation } = context;
  const call = {
    flow: step.flow,
    input: await inputOf(context, step),
    address,
    isDetached: step.detached ?? false,
  };
  return { state: 'done', value: await run.engine.runFlow(call, cancellation) };
}

function inputOf({ run, frame }: StepContext, step: TaskStep | FlowStep): Json | Promise<Json> {
  if (step.with === undefined) return {};
  return withStored(run.engine, () => evaluate(step.with!, frame.lookUp) ?? {});
}

function callTask(
  context: StepContext,
  step: TaskStep,
  input: Json,
  repeat: number,
  writes: ChannelParts,
): Promise<TaskAnswer> {
  const address = repeat === 0 ? context.address : addressOf(context.address, `(${repeat + 1})`);
  const call = taskCall(context, step, { task: step.task, input }, address, writes, repeat);
  return context.run.engine.runTask(call, context.cancellation);
}

function taskCall(
  { run, frame }: StepContext,
  step: TaskStep,
  { task, input }: Spawn,
  address: string,
  writes: ChannelParts,
  repeat = 0,
): TaskCall {
  const { title } = step;
  return {
    task,
    input,
    address,
    ...(title === undefined ? {} : { title }),
    settings: settingsOf(step),
    defaults: run.definition.defaults ?? {},
    repeat,
    readChannels: () =>
      channelValues(joinParts([frame.writes, writes], run.channels), run.channels),
  };
}

const settingNames = ['queue', 'timeout', 'retry', 'cache', 'priority'] as const;
const NO_SETTINGS: TaskSettings = {};

function settingsOf(step: TaskSettings): TaskSettings {
  const given = settingNames.filter((name) => step[name] !== undefined);
  if (given.length === 0) return NO_SETTINGS;
  return Object.fromEntries(given.map((name) => [name, step[name]]));
}

function jumpOf({ control }: TaskAnswer, step: TaskStep, address: string): { goto?: string } {
  if (control?.kind !== 'goto') return {};
  const target = step.routes?.[control.route];
  if (target !== undefined) return { goto: target };
  const message = `Cannot follow the route "${control.route}" of "${address}": it leads nowhere`;
  throw new StepFailed({ type: 'UnknownRoute', message, step: address });
}

interface SpawnedEnd {
  readonly collection?: Json;
  readonly writes?: ChannelParts;
}

/** Runs the tasks that a task added, and those that they add, until none is left. */
async function runSpawned(
  context: StepContext,
  step: TaskStep,
  answer: TaskAnswer,
): Promise<SpawnedEnd | typeof PAUSED> {
  const { run, node } = context;
  node.answer = answer;
  const items: Json[] = [];
  const parts: ChannelParts[] = [];
  let wave = answer.spawned ?? [];
  while (wave.length > 0) {
    const first = items.length;
    const ended = await mapWindow(wave, DEFAULT_CONCURRENCY, (spawn, place) =>
      runOneSpawned(context, step, spawn, first + place),
    );
    if (ended.includes(PAUSED)) return PAUSED;
    const answers = ended as TaskAnswer[];
    items.push(...answers.map(({ value }) => value));
    parts.push(...answers.map(({ writes }) => partsOf(writes ?? [], run.channels)));
    wave = answers.flatMap(({ spawned }) => spawned ?? []);
  }
  const count = items.length;
  const collection = { count, ok: count, failed: 0, items, failures: [] };
  return { collection, writes: run.hasChannels ? joinParts(parts, run.channels) : {} };
}

async function runOneSpawned(
  context: StepContext,
  step: TaskStep,
  spawn: Spawn,
  place: number,
): Promise<TaskAnswer | typeof PAUSED> {
  const { run, node, address, budget, cancellation } = context;
  const key = `(+${place + 1})`;
  const own = nodeAt(node, key);
  budget.count();
  if (own.answer !== undefined) return own.answer;
  if (cancellation.isCancelled) throw new StepCancelled();
  if (run.isPausing()) return PAUSED;
  own.state = 'running';
  // A spawned task runs by its own settings and the flow's: those of the step are for another task.
  const call = taskCall(context, { task: step.task }, spawn, addressOf(address, key), {});
  try {
    own.answer = await run.engine.runTask(call, cancellation);
    own.state = 'done';
    return own.answer;
  } catch (error) {
    own.state = cancellation.isCancelled ? 'cancelled' : 'failed';
    throw error;
  }
}

function withSpawned(value: Json, collection: Json | undefined): Json {
  if (collection === undefined) return value;
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return { ...(isObject ? (value as object) : {}), spawned: collection };
}
