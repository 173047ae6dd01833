import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { constants, setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import { UnsupportedImage } from '../../contracts/failures.ts';
import { PermanentTaskFailure } from '../../flows/build/permanent-task-failure.ts';
import type { AnswerMessage, CutoutRequest, WrittenCutout } from './cutout-messages.ts';

const program = fileURLToPath(new URL('./cutout-process.js', import.meta.url));

/** Unused processes are kept this long, as loading a network takes a part of a second. */
const IDLE_MS = 60_000;

export interface CutoutPoolOptions {
  /** Processes, of one thread each. */
  processes: number;
  /** A process that holds on to more than this after an image is started anew. */
  limitBytes: number;
}

/** A process and what it is doing. */
interface Member {
  process: ChildProcess;
  idle: NodeJS.Timeout | null;
}

/**
 * Child processes that remove backgrounds, started when there is work, one image each at a time.
 *
 * An image that is cancelled takes its process with it, at once: what runs there can't be interrupted.
 */
export class CutoutPool {
  private readonly options: CutoutPoolOptions;
  private readonly free: Member[] = [];
  private readonly all = new Set<Member>();
  private readonly waiting: (() => void)[] = [];
  private busy = 0;

  constructor(options: CutoutPoolOptions) {
    this.options = options;
  }

  /** Process ids of those that live. */
  get pids(): number[] {
    return [...this.all].map((member) => member.process.pid!);
  }

  /**
   * Removes the background of one image, when a process is free.
   *
   * @returns what was seen; with a subject the cut-out lies at the path that the request names.
   * @throws {UnsupportedImage | PermanentTaskFailure} for what no other attempt can mend.
   * @throws the signal's reason once it is aborted.
   */
  async run(request: CutoutRequest, signal: AbortSignal): Promise<WrittenCutout> {
    try {
      return await this.runInTurn(request, signal);
    } catch (error) {
      // Whoever cancels wants the machine back, and loading a network anew takes the others little.
      if (signal.aborted) await Promise.all([...this.free].map((member) => this.end(member)));
      throw error;
    }
  }

  /** Ends every process and waits for it. */
  async close(): Promise<void> {
    await Promise.all([...this.all].map((member) => this.end(member)));
  }

  private async runInTurn(request: CutoutRequest, signal: AbortSignal): Promise<WrittenCutout> {
    await this.turn(signal);
    try {
      const member = this.free.pop() ?? this.start();
      if (member.idle !== null) clearTimeout(member.idle);
      return await this.ask(member, request, signal);
    } finally {
      this.busy--;
      this.waiting.shift()?.();
    }
  }

  /** In the order of asking; whoever is cancelled while waiting leaves the line. */
  private async turn(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    while (this.busy >= this.options.processes) {
      await new Promise<void>((resolve) => {
        const go = () => {
          signal.removeEventListener('abort', leave);
          resolve();
        };
        const leave = () => {
          this.waiting.splice(this.waiting.indexOf(go), 1);
          resolve();
        };
        this.waiting.push(go);
        signal.addEventListener('abort', leave, { once: true });
      });
      if (signal.aborted) {
        // A turn that was given to it goes to the next.
        this.waiting.shift()?.();
        signal.throwIfAborted();
      }
    }
    this.busy++;
  }

  private start(): Member {
    const child = fork(program, [], {
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      // Nothing of the worker's secrets is needed there.
      env: { PATH: process.env['PATH'], NODE_ENV: process.env['NODE_ENV'] },
    });
    // As many as cores compute all the time: whoever answers, beats and hands out work goes first.
    if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
    const member: Member = { process: child, idle: null };
    this.all.add(member);
    child.once('exit', () => this.forget(member));
    return member;
  }

  private async ask(
    member: Member,
    request: CutoutRequest,
    signal: AbortSignal,
  ): Promise<WrittenCutout> {
    let said: AnswerMessage;
    try {
      said = await exchange(member.process, request, signal);
    } catch (error) {
      await this.end(member);
      throw error;
    }
    if (said.residentBytes > this.options.limitBytes) void this.end(member);
    else this.rest(member);
    if ('cutout' in said) return said.cutout;
    const { type, message, isPermanent } = said.failure;
    if (type === 'UnsupportedImage') throw new UnsupportedImage(message);
    throw isPermanent ? new PermanentTaskFailure(type, message) : new Error(message);
  }

  private rest(member: Member): void {
    member.idle = setTimeout(() => void this.end(member), IDLE_MS);
    member.idle.unref();
    this.free.push(member);
    // Neither keeps a process alive that has nothing else to do.
    member.process.unref();
    member.process.channel?.unref();
  }

  private async end(member: Member): Promise<void> {
    this.forget(member);
    const { process: child } = member;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.ref();
    child.kill('SIGKILL');
    await ended;
  }

  private forget(member: Member): void {
    if (member.idle !== null) clearTimeout(member.idle);
    this.all.delete(member);
    const at = this.free.indexOf(member);
    if (at >= 0) this.free.splice(at, 1);
  }
}

/** Sends one image and waits for the answer, the end of the process, or the signal. */
function exchange(
  child: ChildProcess,
  request: CutoutRequest,
  signal: AbortSignal,
): Promise<AnswerMessage> {
  child.ref();
  child.channel?.ref();
  return new Promise<AnswerMessage>((resolve, reject) => {
    const { name } = request.options;
    const done = () => {
      child.off('message', onMessage).off('exit', onExit).off('error', reject);
      signal.removeEventListener('abort', onAbort);
    };
    const onMessage = (received: unknown) => {
      done();
      resolve(received as AnswerMessage);
    };
    const onExit = (code: number | null, by: string | null) => {
      done();
      reject(new Error(`Cannot finish image "${name}" as its process ended: ${by ?? code}`));
    };
    const onAbort = () => {
      done();
      reject(signal.reason);
    };
    child.on('message', onMessage).on('exit', onExit).on('error', reject);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) return onAbort();
    child.send(request, (error) => {
      if (error === null) return;
      done();
      reject(error);
    });
  });
}
