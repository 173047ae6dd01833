import type { FlowDefinition, Json } from '../../contracts/flow-definition.ts';
import type { Failure, TaskAnswer } from '../../contracts/flow-results.ts';
import { performTask } from '../build/perform-task.ts';
import { PermanentTaskFailure } from '../build/permanent-task-failure.ts';
import type { ArtifactAccess } from '../build/task-context.ts';
import type { Task } from '../build/task.ts';
import { Cancellation } from '../model/cancellation.ts';
import { durationMs } from '../model/duration.ts';
import type { ApprovalAnswer, ApprovalCall, Engine, FlowCall, TaskCall } from '../model/engine.ts';
import { startRun } from '../model/run-flow.ts';
import { decideSettings, pauseBeforeMs } from '../model/task-settings.ts';
import { AttemptHost } from './attempt-host.ts';
import { type Clock, systemClock } from './clock.ts';

/** What a run in memory has around it. */
export interface LocalSurroundings {
  /** Flows that others call, by name and major version. */
  readonly flows?: Readonly<Record<string, FlowDefinition>>;
  /** Answers approvals; without it an approval fails. */
  readonly approve?: (call: ApprovalCall) => Promise<ApprovalAnswer>;
  /** Gives the payload of a signal once it comes; without it a wait for a signal fails. */
  readonly receive?: (signal: string, address: string) => Promise<Json>;
  /** Where artifacts are; without it `open`, `put` and their like fail. */
  readonly artifacts?: ArtifactAccess;
  readonly log?: (message: string, data?: Readonly<Record<string, unknown>>) => void;
  readonly clock?: Clock;
}

/** Answers the scheduler with functions in this process: nothing is kept when it ends. */
export class LocalEngine implements Engine {
  private readonly tasks: ReadonlyMap<string, Task>;
  private readonly around: LocalSurroundings;
  private readonly clock: Clock;
  readonly runId: string;
  readonly sessionId: string;

  /** @param sessionId of the run that calls this one. */
  constructor(
    tasks: ReadonlyMap<string, Task>,
    runId: string,
    around: LocalSurroundings,
    sessionId = runId,
  ) {
    this.tasks = tasks;
    this.runId = runId;
    this.sessionId = sessionId;
    this.around = around;
    this.clock = around.clock ?? systemClock;
  }

  nowMs(): number {
    return this.clock.nowMs();
  }

  sleep(durationMs: number, cancellation: Cancellation): Promise<void> {
    return this.clock.sleep(durationMs, cancellation);
  }

  async runTask(call: TaskCall, cancellation: Cancellation): Promise<TaskAnswer> {
    const task = this.tasks.get(call.task);
    if (task === undefined) {
      throw new PermanentTaskFailure('UnknownTask', `Cannot run "${call.task}": no such task`);
    }
    const { retry, timeout } = decideSettings(call.settings, task.facts, call.defaults);
    for (let attempt = 1; ; attempt++) {
      const host = new AttemptHost(attempt, this, this.around, cancellation);
      try {
        return await this.attempt(task, call, host, timeout, cancellation);
      } catch (error) {
        host.abandon();
        const isFinal =
          attempt >= retry.attempts ||
          cancellation.isCancelled ||
          error instanceof PermanentTaskFailure ||
          retry.except.includes(this.failureOf(error).type);
        if (isFinal) throw error;
        await this.sleep(pauseBeforeMs(retry, attempt + 1), cancellation);
        if (cancellation.isCancelled) throw error;
      } finally {
        host.release();
      }
    }
  }

  async runFlow(call: FlowCall, cancellation: Cancellation): Promise<Json> {
    const definition = this.around.flows?.[call.flow];
    if (definition === undefined) {
      throw new PermanentTaskFailure('UnknownFlow', `Cannot call "${call.flow}": no such flow`);
    }
    const runId = `${this.runId}/${call.address}`;
    const engine = new LocalEngine(this.tasks, runId, this.around, this.sessionId);
    const child = startRun({ definition, input: call.input, engine, runId });
    if (call.isDetached) return { id: runId };
    const stopListening = cancellation.onCancel(() => child.cancel('The flow around it ended'));
    const { state, output = null, failure, reason } = await child.result;
    stopListening();
    if (state === 'done') return output;
    const type = failure?.type ?? 'Cancelled';
    throw new PermanentTaskFailure(type, failure?.message ?? `Cannot finish: ${reason}`);
  }

  async askForApproval(call: ApprovalCall, cancellation: Cancellation): Promise<ApprovalAnswer> {
    const { approve } = this.around;
    if (approve !== undefined) return orCancelled(approve(call), cancellation);
    throw new PermanentTaskFailure('NoAnswer', `Cannot ask "${call.title}": nobody is there`);
  }

  async waitForSignal(name: string, address: string, cancellation: Cancellation): Promise<Json> {
    const { receive } = this.around;
    if (receive !== undefined) return orCancelled(receive(name, address), cancellation);
    throw new PermanentTaskFailure('NoSignal', `Cannot wait for "${name}": nobody sends signals`);
  }

  failureOf(error: unknown): Failure {
    if (error instanceof PermanentTaskFailure) return { type: error.type, message: error.message };
    if (error instanceof Error) return { type: error.name, message: error.message };
    return { type: 'Error', message: String(error) };
  }

  private attempt(
    task: Task,
    call: TaskCall,
    host: AttemptHost,
    timeout: string | undefined,
    cancellation: Cancellation,
  ): Promise<TaskAnswer> {
    const request = {
      input: call.input,
      address: call.address,
      repeat: call.repeat,
      channels: call.readChannels(),
    };
    const running = orCancelled(performTask(task, request, host), cancellation);
    return timeout === undefined ? running : this.inTime(running, call.address, timeout);
  }

  private async inTime<T>(running: Promise<T>, address: string, timeout: string): Promise<T> {
    const timer = new Cancellation();
    try {
      const late = this.sleep(durationMs(timeout), timer).then(() => {
        if (timer.isCancelled) return new Promise<never>(() => {});
        throw new TaskTimeout(`Cannot finish "${address}" within ${timeout}`);
      });
      // The loser of the race may still fail, and nobody waits for it then.
      late.catch(() => {});
      return await Promise.race([late, running]);
    } finally {
      timer.cancel();
    }
  }
}

class TaskTimeout extends Error {
  override readonly name = 'Timeout';
}

/** A task that does not listen to its signal is left behind when it is cancelled. */
function orCancelled<T>(work: Promise<T>, cancellation: Cancellation): Promise<T> {
  return new Promise((resolve, reject) => {
    const stopListening = cancellation.onCancel(() =>
      reject(new Error('Cannot finish: cancelled')),
    );
    work.then(
      (value) => {
        stopListening();
        resolve(value);
      },
      (error: unknown) => {
        stopListening();
        reject(error);
      },
    );
  });
}
