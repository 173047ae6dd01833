import type { Json } from '../../contracts/flow-definition.ts';
import type { ChannelWrite, Control, Spawn, TaskAnswer } from '../../contracts/flow-results.ts';
import type { TaskRequest } from './perform-task.ts';
import { PermanentTaskFailure } from './permanent-task-failure.ts';
import type { TaskContext, TaskHost } from './task-context.ts';
import type { Task } from './task.ts';

/** What a task does beside computing its value. */
export class Deeds {
  readonly task: Task;
  readonly request: TaskRequest;
  private writes: ChannelWrite[] | undefined;
  private spawned: Spawn[] | undefined;
  private control: Control | undefined;

  constructor(task: Task, request: TaskRequest) {
    this.task = task;
    this.request = request;
  }

  read(channel: string): Json | undefined {
    this.demand(Object.hasOwn(this.task.facts.reads, channel), `read channel "${channel}"`);
    return this.request.channels[channel];
  }

  write(channel: string, value: unknown): void {
    this.demand(Object.hasOwn(this.task.facts.writes, channel), `write channel "${channel}"`);
    (this.writes ??= []).push({ channel, value: value as Json });
  }

  spawn({ facts: { name } }: Task, input: unknown): void {
    this.demand(this.task.facts.spawns.includes(name), `add "${name}" to the run`);
    (this.spawned ??= []).push({ task: name, input: input as Json });
  }

  decide(control: Control): void {
    const { facts } = this.task;
    const { repeat } = this.request;
    if (control.kind === 'goto') {
      this.demand(facts.routes.includes(control.route), `go to "${control.route}"`);
    }
    if (control.kind === 'again') {
      this.demand(repeat < facts.repeats, `run again after ${repeat} repeats`);
    }
    const { control: earlier } = this;
    this.demand(earlier === undefined, `ask for "${control.kind}" after "${earlier?.kind}"`);
    this.control = control;
  }

  answer(value: Json): TaskAnswer {
    return {
      value,
      ...(this.writes === undefined ? {} : { writes: this.writes }),
      ...(this.control === undefined ? {} : { control: this.control }),
      ...(this.task.facts.spawns.length === 0 ? {} : { spawned: this.spawned ?? [] }),
    };
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

type Lent = { readonly [Name in keyof TaskContext]: TaskContext[Name] };

/**
 * The context of one execution of a task. A task that takes it may pass it on in parts or spread it; one
 * whose function does not name it gets one that is made up as it is asked, which costs next to nothing.
 */
export function lendContext(task: Task, deeds: Deeds, host: TaskHost): Lent {
  const lent = new LentContext(deeds, host);
  if (task.run.length < 2) return lent;
  const whole = {};
  for (const name of contextNames) {
    Object.defineProperty(whole, name, { enumerable: true, get: () => lent[name] });
  }
  return whole as Lent;
}

/** Each function is bound when it is asked for. */
class LentContext implements Lent {
  private readonly deeds: Deeds;
  private readonly host: TaskHost;

  constructor(deeds: Deeds, host: TaskHost) {
    this.deeds = deeds;
    this.host = host;
  }

  get step(): string {
    return this.deeds.request.address;
  }
  get attempt(): number {
    return this.host.attempt;
  }
  get runId(): string {
    return this.host.runId;
  }
  get sessionId(): string {
    return this.host.sessionId;
  }
  get signal(): AbortSignal {
    return this.host.signal;
  }
  get resumeFrom(): unknown {
    return this.host.resumeFrom;
  }
  get heartbeat(): TaskContext['heartbeat'] {
    return (done, total, note) => this.host.heartbeat(done, total, note);
  }
  get log(): TaskContext['log'] {
    return (message, data) => this.host.log(message, data);
  }
  get open(): TaskContext['open'] {
    return (ref) => this.host.open(ref);
  }
  get put(): TaskContext['put'] {
    return (bytes, mediaType) => this.host.put(bytes, mediaType);
  }
  get fileOf(): TaskContext['fileOf'] {
    return (ref) => this.host.fileOf(ref);
  }
  get putFile(): TaskContext['putFile'] {
    return (path, mediaType) => this.host.putFile(path, mediaType);
  }
  get withScratchFile(): TaskContext['withScratchFile'] {
    return (work) => this.host.withScratchFile(work);
  }
  get remove(): TaskContext['remove'] {
    return (refs) => this.host.remove(refs);
  }
  get removeAllBut(): TaskContext['removeAllBut'] {
    return (refs) => this.host.removeAllBut(refs);
  }
  get read(): TaskContext['read'] {
    return (channel) => this.deeds.read(channel) as never;
  }
  get write(): TaskContext['write'] {
    return (channel, value) => this.deeds.write(channel, value);
  }
  get goto(): TaskContext['goto'] {
    return (route) => this.deeds.decide({ kind: 'goto', route });
  }
  get again(): TaskContext['again'] {
    return (data) => this.deeds.decide({ kind: 'again', data: data as Json });
  }
  get spawn(): TaskContext['spawn'] {
    return (task, input) => this.deeds.spawn(task as Task, input);
  }
  get stop(): TaskContext['stop'] {
    return (reason) => this.deeds.decide({ kind: 'stop', reason });
  }
  get cancel(): TaskContext['cancel'] {
    return (reason) => this.deeds.decide({ kind: 'cancel', reason });
  }
}

const contextNames = Object.keys(Object.getOwnPropertyDescriptors(LentContext.prototype)).filter(
  (name) => name !== 'constructor',
) as (keyof TaskContext)[];
