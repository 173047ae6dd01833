import { z } from 'zod';
import type { FlowDefinition, Json, Step, Steps } from '../../../contracts/flow-definition.ts';
import type { TaskContext } from '../../../flows/build/task-context.ts';
import { defineTask, type Task } from '../../../flows/build/task.ts';
import type { Clock } from '../../../flows/local/clock.ts';
import { LocalEngine, type LocalSurroundings } from '../../../flows/local/local-engine.ts';
import { type RunResult, type Snapshot, startRun } from '../../../flows/model/run-flow.ts';

/** A task of a test: `value` of its input comes back, and `fail` makes it fail. */
export function createProbe(
  act: (input: Probe, context: TaskContext) => unknown = ({ value }) => value,
) {
  const calls: string[] = [];
  const task = defineTask({
    name: 'test.probe@1',
    input: z.looseObject({ value: z.unknown().optional(), fail: z.boolean().optional() }),
    output: z.unknown(),
    retry: { attempts: 1 },
    routes: ['back', 'on'],
    repeats: 3,
    reads: { notes: z.unknown(), sum: z.unknown() },
    writes: { notes: z.unknown(), sum: z.unknown() },
    run: async (input, context) => {
      calls.push(context.step);
      if (input.fail === true) throw new Error(`Cannot do "${context.step}"`);
      return (await act(input, context as unknown as TaskContext)) ?? null;
    },
  });
  return { task: task as Task, calls };
}

export type Probe = Readonly<Record<string, unknown>>;

/** A step that runs the probe. */
export function probe(input: Json = {}, more: object = {}): Step {
  return { task: 'test.probe@1', with: input, ...more } as Step;
}

/** A definition around steps. */
export function flowOf(steps: Steps, more: Partial<FlowDefinition> = {}): FlowDefinition {
  return { flow: '1', name: 'test', version: '1.0.0', output: null, ...more, steps };
}

interface ProbeOptions extends LocalSurroundings {
  readonly input?: Json;
  readonly snapshot?: Snapshot;
  readonly start?: string;
  readonly stopAfter?: number;
}

/** Runs a definition in memory, unchecked, on a clock that does not wait. */
export function runProbe(
  definition: FlowDefinition,
  tasks: readonly Task[],
  { input = {}, snapshot, start, stopAfter, ...around }: ProbeOptions = {},
): Promise<RunResult> {
  const byName = new Map(tasks.map((task) => [task.facts.name, task]));
  const engine = new LocalEngine(byName, 'run', { clock: instantClock(), ...around });
  return startRun({
    definition,
    input,
    engine,
    runId: 'run',
    ...(snapshot && { snapshot }),
    ...(start !== undefined && { start }),
    ...(stopAfter !== undefined && { stopAfter }),
  }).result;
}

/** Time that passes as soon as everything else has come to rest. */
export function instantClock(): Clock & { slept: number[] } {
  let nowMs = Date.parse('2026-01-01T00:00:00Z');
  const slept: number[] = [];
  return {
    slept,
    nowMs: () => nowMs,
    sleep: (durationMs, cancellation) =>
      new Promise((resolve) => {
        const wake = nowMs + durationMs;
        const timer = setTimeout(
          () => {
            nowMs = Math.max(nowMs, wake);
            slept.push(durationMs);
            resolve();
          },
          Math.min(50, 5 + durationMs / 60_000),
        );
        cancellation.onCancel(() => {
          clearTimeout(timer);
          resolve();
        });
      }),
  };
}
