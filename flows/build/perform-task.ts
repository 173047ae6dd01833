import { z } from 'zod';
import type { Json } from '../../contracts/flow-definition.ts';
import type { ChannelWrite, Control, Spawn, TaskAnswer } from '../../contracts/flow-results.ts';
import type { TaskContext, TaskHost } from './task-context.ts';
import type { Task } from './task.ts';

/** A failure that no retry can mend. */
export class PermanentTaskFailure extends Error {
  readonly type: string;

  constructor(type: string, message: string) {
    super(message);
    this.name = type;
    this.type = type;
  }
}

/** What a task is called with, as it travels to a worker. */
export interface TaskRequest {
  readonly input: Json;
  readonly address: string;
  readonly repeat: number;
  readonly channels: Readonly<Record<string, Json>>;
}

/**
 * Runs a task once, in whatever place: checks its input and output, and collects what it did beside
 * its value. The worker and the run in memory both come here.
 *
 * @throws {PermanentTaskFailure} when a value does not fit, or the task asks for what it did not declare.
 */
export async function performTask(
  task: Task,
  request: TaskRequest,
  host: TaskHost,
): Promise<TaskAnswer> {
  const { facts } = task;
  const input = fitting('input', facts.name, () => task.parseInput(request.input));
  const beside = new Beside(task, request);
  const made: unknown = await task.run(input as never, beside.context(host));
  const value = fitting('output', facts.name, () => task.parseOutput(made));
  return beside.answer(value);
}

function fitting<T>(side: 'input' | 'output', name: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const [issue] = error.issues;
    const place = issue?.path.length ? ` at "${issue.path.join('.')}"` : '';
    const type = side === 'input' ? 'InvalidInput' : 'InvalidOutput';
    throw new PermanentTaskFailure(
      type,
      `Cannot use the ${side} of "${name}"${place}: ${issue?.message ?? 'it does not fit'}`,
    );
  }
}

/** What a task does beside computing its value. */
class Beside {
  private readonly writes: ChannelWrite[] = [];
  private readonly spawned: Spawn[] = [];
  private control: Control | undefined;
  private readonly task: Task;
  private readonly request: TaskRequest;

  constructor(task: Task, request: TaskRequest) {
    this.task = task;
    this.request = request;
  }

  context(host: TaskHost): TaskContext {
    const { facts } = this.task;
    const { address, repeat, channels } = this.request;
    const methods: Omit<TaskContext, keyof TaskHost | 'step'> = {
      read: (channel: string) => {
        this.demand(Object.hasOwn(facts.reads, channel), `read channel "${channel}"`);
        return channels[channel] as never;
      },
      write: (channel: string, value: unknown) => {
        this.demand(Object.hasOwn(facts.writes, channel), `write channel "${channel}"`);
        this.writes.push({ channel, value: value as Json });
      },
      goto: (route) => {
        this.demand(facts.routes.includes(route), `go to "${route}"`);
        this.decide({ kind: 'goto', route });
      },
      again: (data) => {
        this.demand(repeat < facts.repeats, `run again after ${repeat} repeats`);
        this.decide({ kind: 'again', data: data as Json });
      },
      spawn: (task, input) => {
        const { name } = task.facts;
        this.demand(facts.spawns.includes(name), `add "${name}" to the run`);
        this.spawned.push({ task: name, input: input as Json });
      },
      stop: (reason) => this.decide({ kind: 'stop', reason }),
      cancel: (reason) => this.decide({ kind: 'cancel', reason }),
    };
    // Bound, so that a host may keep its own state.
    const lent: TaskHost = {
      attempt: host.attempt,
      runId: host.runId,
      signal: host.signal,
      resumeFrom: host.resumeFrom,
      heartbeat: (done, total, note) => host.heartbeat(done, total, note),
      log: (message, data) => host.log(message, data),
      open: (ref) => host.open(ref),
      put: (bytes, mediaType) => host.put(bytes, mediaType),
      remove: (refs) => host.remove(refs),
      removeAllBut: (refs) => host.removeAllBut(refs),
    };
    return { ...lent, ...methods, step: address };
  }

  answer(value: Json): TaskAnswer {
    return {
      value,
      ...(this.writes.length === 0 ? {} : { writes: this.writes }),
      ...(this.control === undefined ? {} : { control: this.control }),
      ...(this.task.facts.spawns.length === 0 ? {} : { spawned: this.spawned }),
    };
  }

  private decide(control: Control): void {
    const { control: earlier } = this;
    this.demand(earlier === undefined, `ask for "${control.kind}" after "${earlier?.kind}"`);
    this.control = control;
  }

  private demand(isAllowed: boolean, what: string): void {
    if (isAllowed) return;
    const { name } = this.task.facts;
    throw new PermanentTaskFailure(
      'Undeclared',
      `Cannot let "${name}" ${what}: its declaration does not allow that`,
    );
  }
}
