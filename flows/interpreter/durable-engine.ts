import {
  ActivityCancellationType,
  type ActivityOptions,
  executeChild,
  ParentClosePolicy,
  patched,
  proxyActivities,
  sleep,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import { ApplicationFailure, TimeoutFailure } from '@temporalio/common';
import type { ArtifactRef } from '../../contracts/artifacts.ts';
import type { Json, TaskSettings } from '../../contracts/flow-definition.ts';
import type { Failure, RunFacts, TaskAnswer } from '../../contracts/flow-results.ts';
import type { FlowRunResult } from '../../contracts/flow-run.ts';
import type { StoredList } from '../../contracts/stored-list.ts';
import { laneQueue, taskQueues } from '../../contracts/task-queues.ts';
import { rootCause } from '../../durable/root-cause.ts';
import type { Cancellation } from '../model/cancellation.ts';
import { durationMs } from '../model/duration.ts';
import type {
  ApprovalAnswer,
  ApprovalCall,
  Engine,
  FlowCall,
  MapAnswer,
  MapCall,
  TaskCall,
} from '../model/engine.ts';
import type { BatchInput, FlowHead } from '../model/run-batch.ts';
import { decideSettings } from '../model/task-settings.ts';
import type { Approvals } from './approvals.ts';
import { readStoredList, runLargeMap } from './large-map.ts';
import { inScope } from './scopes.ts';
import type { SignalBox } from './signal-box.ts';
import { StoppingTasks } from './stopping-tasks.ts';

/** Of a task that says nothing of it. */
const DEFAULT_TIMEOUT = '10 minutes';
/** The activity itself says every few seconds that its process lives. */
const HEARTBEAT_TIMEOUT = '30 seconds';
/** All attempts of a task, with the pauses between them and the wait for a worker. */
const DEADLINE = '24 hours';
/** Tasks that run a whole pipeline as a step, a child workflow and not an activity; and what each adds to its input. */
const pipelineTasks: Readonly<Record<string, object>> = {
  'automation@1': {},
  'check@1': { imageType: 'Navad', checkOnly: true },
  'locate@1': { imageType: 'Satellite' },
};

/** An activity that is cancelled counts as ended once it has stopped. */
const stopsFirst = { cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED };

/** What a run has around it, whether whole or a part of a map. */
export interface DurableSurroundings {
  readonly definition: FlowHead;
  readonly tasks: Readonly<Record<string, TaskSettings>>;
  /** Lanes that have a queue of their own. */
  readonly lanes: readonly string[];
  /** Owner of everything that the tasks write. */
  readonly runKey: string;
  readonly sessionId: string;
  readonly facts: () => RunFacts;
  readonly approvals?: Approvals;
  readonly signals?: SignalBox;
  readonly isAdvisedToPause?: () => boolean;
  readonly onTaskEnd?: () => void;
}

/** What a part of a large map is told, as the input of its workflow. */
export interface BatchRequest extends BatchInput {
  /** The items, and what an earlier run knew of them. */
  readonly page: ArtifactRef;
  readonly known?: ArtifactRef;
  readonly count: number;
  readonly tasks: Readonly<Record<string, TaskSettings>>;
  readonly lanes: readonly string[];
  readonly runKey: string;
  readonly sessionId: string;
}

/** Answers the scheduler with activities, timers and child workflows: what it does outlives every process. */
export class DurableEngine implements Engine {
  private readonly around: DurableSurroundings;
  private readonly stopping = new StoppingTasks();
  /** Runs that began before ended without waiting for tasks that they had cancelled. */
  private readonly waitsForTasks = patched('tasks-stop-first');

  constructor(around: DurableSurroundings) {
    this.around = around;
  }

  runTask(call: TaskCall, cancellation: Cancellation): Promise<TaskAnswer> {
    const { tasks, lanes, runKey, sessionId, facts, onTaskEnd } = this.around;
    const pipeline = pipelineTasks[call.task];
    if (pipeline !== undefined) return this.runPipeline(call, pipeline, cancellation);
    const settings = decideSettings(call.settings, tasks[call.task] ?? {}, call.defaults);
    const run = proxyActivities<Record<string, (request: object) => Promise<TaskAnswer>>>({
      ...activityOptions(settings, lanes, call),
      ...(this.waitsForTasks ? stopsFirst : {}),
    })[call.task]!;
    const request = {
      input: call.input,
      address: call.address,
      repeat: call.repeat,
      channels: call.readChannels(),
      runKey,
      runId: facts().id,
      sessionId,
      isCached: settings.cache ?? false,
    };
    const running = inScope(cancellation, () => run(request));
    const answer = this.waitsForTasks ? this.stopping.whileWanted(running, cancellation) : running;
    if (onTaskEnd === undefined) return answer;
    return answer.then((value) => {
      onTaskEnd();
      return value;
    });
  }

  /** Waits until no cancelled task is at work any more. Call it shielded, before a run ends. */
  allStopped(): Promise<void> {
    return this.stopping.allStopped();
  }

  async runFlow(call: FlowCall, cancellation: Cancellation): Promise<Json> {
    const options = {
      workflowId: this.childId(call.address),
      taskQueue: taskQueues.automation,
      args: [{ flow: call.flow, input: call.input, sessionId: this.around.sessionId }],
      staticSummary: `${call.flow} for ${call.address}`,
    };
    return inScope(cancellation, async () => {
      if (call.isDetached) {
        const child = await startChild('FlowWorkflow', {
          ...options,
          parentClosePolicy: ParentClosePolicy.ABANDON,
        });
        return { id: child.workflowId };
      }
      const result: FlowRunResult = await executeChild('FlowWorkflow', {
        ...options,
        parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
      });
      return result.output;
    });
  }

  askForApproval(call: ApprovalCall, cancellation: Cancellation): Promise<ApprovalAnswer> {
    return this.needed('approvals').ask(call, cancellation);
  }

  waitForSignal(name: string, _address: string, cancellation: Cancellation): Promise<Json> {
    return this.needed('signals').take(name, cancellation);
  }

  sleep(milliseconds: number, cancellation: Cancellation): Promise<void> {
    return inScope(cancellation, () => sleep(milliseconds));
  }

  /** Time of the workflow: the same in every replay. */
  nowMs(): number {
    return Date.now();
  }

  failureOf(error: unknown): Failure {
    const cause = rootCause(error);
    if (cause instanceof ApplicationFailure) {
      return { type: cause.type ?? 'Error', message: cause.message };
    }
    if (cause instanceof TimeoutFailure) return { type: 'Timeout', message: cause.message };
    if (cause instanceof Error) return { type: cause.name, message: cause.message };
    return { type: 'Error', message: String(cause) };
  }

  runMap(call: MapCall, cancellation: Cancellation): Promise<MapAnswer> {
    return runLargeMap(this.around, this.childId(call.address), call, cancellation);
  }

  readStored(list: StoredList, rest: readonly (string | number)[]): Promise<{ value?: Json }> {
    return readStoredList({ list, rest });
  }

  isAdvisedToPause(): boolean {
    return this.around.isAdvisedToPause?.() ?? false;
  }

  private async runPipeline(
    call: TaskCall,
    added: object,
    cancellation: Cancellation,
  ): Promise<TaskAnswer> {
    const value: Json = await inScope(cancellation, () =>
      executeChild('AutomationWorkflow', {
        workflowId: this.childId(call.address),
        taskQueue: taskQueues.automation,
        args: [{ ...(call.input as object), ...added }],
        parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
        staticSummary: `the pipeline for ${call.address}`,
      }),
    );
    return { value };
  }

  private childId(address: string): string {
    return `${workflowInfo().workflowId}/${address}`;
  }

  private needed<Name extends 'approvals' | 'signals'>(name: Name) {
    const found = this.around[name];
    if (found !== undefined) return found as NonNullable<DurableSurroundings[Name]>;
    throw ApplicationFailure.nonRetryable(
      'Cannot wait for anybody inside a large map: wait for the whole list',
      'Unsupported',
    );
  }
}

function activityOptions(
  { retry, timeout, priority, queue }: ReturnType<typeof decideSettings>,
  lanes: readonly string[],
  { title, address }: TaskCall,
): ActivityOptions {
  return {
    taskQueue: queue !== undefined && lanes.includes(queue) ? laneQueue(queue) : taskQueues.imaging,
    startToCloseTimeout: timeout === undefined ? DEFAULT_TIMEOUT : durationMs(timeout),
    heartbeatTimeout: HEARTBEAT_TIMEOUT,
    scheduleToCloseTimeout: DEADLINE,
    summary: title === undefined ? address : `${address}: ${title}`,
    ...(priority === undefined ? {} : { priority: { priorityKey: priority } }),
    retry: {
      maximumAttempts: retry.attempts,
      initialInterval: durationMs(retry.first),
      backoffCoefficient: retry.factor,
      maximumInterval: durationMs(retry.max),
      nonRetryableErrorTypes: [...retry.except],
    },
  };
}
