import type { ArtifactRef } from '../../contracts/artifacts.ts';
import type { Task } from './task.ts';

type AnyChannels = Readonly<Record<string, unknown>>;

type Named = Pick<ArtifactRef, 'sha256'>;

/** The stored artifacts of a run. */
export interface ArtifactAccess {
  /** The bytes of a stored artifact. */
  open(ref: Named): Promise<Uint8Array>;
  /** Path of a stored artifact on this machine, for what reads files itself; it must not be changed. */
  fileOf(ref: Named): Promise<string>;
  /** Stores bytes under their content, so that a repeat leaves no second copy. */
  put(bytes: Uint8Array, mediaType: string): Promise<ArtifactRef>;
  /** Stores a finished file: one that was written at a path of `withScratchFile`. */
  putFile(path: string, mediaType: string): Promise<ArtifactRef>;
  /** Lends the path of a file that is not there yet, and removes what is there in the end. */
  withScratchFile<Result>(work: (path: string) => Promise<Result>): Promise<Result>;
  /** Lets go of stored artifacts: those that no other run needs are removed; @returns how many. */
  remove(refs: readonly Named[]): Promise<number>;
  /** Lets go of everything that the run has stored so far, but these; @returns how many. */
  removeAllBut(refs: readonly Named[]): Promise<number>;
}

/** What the place where a task runs lends to it. */
export interface TaskHost extends ArtifactAccess {
  /** 1 for the first try of this execution. */
  readonly attempt: number;
  readonly runId: string;
  /** The same in a run, in the flows that it calls, and in the runs that resume it. */
  readonly sessionId: string;
  /** Aborted when the run is cancelled or the time of the step is over. */
  readonly signal: AbortSignal;
  /** Details of the last heartbeat of an attempt that did not end. */
  readonly resumeFrom: unknown;
  /** Says that the task is alive, and how far it is. */
  heartbeat(done: number, total: number, note?: string): void;
  log(message: string, data?: Readonly<Record<string, unknown>>): void;
}

/** What a task can do beside computing its value. */
export interface TaskContext<
  Reads = AnyChannels,
  Writes = AnyChannels,
  Route extends string = string,
> extends TaskHost {
  /** Address of the step in the run, such as `cutouts[3].cut`. */
  readonly step: string;
  /** A channel as it was when the step started: the writes of all steps before it, merged. */
  read<Name extends keyof Reads & string>(channel: Name): Reads[Name];
  /** A write that the run merges once the task has ended well. */
  write<Name extends keyof Writes & string>(channel: Name, value: Writes[Name]): void;
  /** After this task the run goes on where the flow leads the route. */
  goto(route: Route): void;
  /** Runs this step again, with `data` over its input. */
  again(data: Readonly<Record<string, unknown>>): void;
  /** Adds a task to the run; its output joins `spawned` of this step. */
  spawn<Input>(task: Task<Input>, input: NoInfer<Input>): void;
  /** Ends the run early and well: what has not run is skipped. */
  stop(reason: string): void;
  /** Ends the run as failed. */
  cancel(reason: string): void;
}
