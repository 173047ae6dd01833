import {
  type ActivityOptions,
  executeChild,
  ParentClosePolicy,
  proxyActivities,
  sleep,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import { ApplicationFailure, TimeoutFailure } from '@temporalio/common';
import type { FlowDefinition, Json, TaskSettings } from '../../contracts/flow-definition.ts';
import type { Failure, RunFacts, TaskAnswer } from '../../contracts/flow-results.ts';
import type { FlowRunResult } from '../../contracts/flow-run.ts';
import { taskQueues } from '../../contracts/task-queues.ts';
import { mapWindow } from '../../durable/map-window.ts';
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
import { decideSettings } from '../model/task-settings.ts';
import type { Approvals } from './approvals.ts';
import { inScope } from './scopes.ts';
import type { SignalBox } from './signal-box.ts';

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

/** What a run has around it, whether whole or a part of a map. */
export interface DurableSurroundings {
  readonly definition: FlowDefinition;
  readonly tasks: Readonly<Record<string, TaskSettings>>;
  /** Owner of everything that the tasks write. */
  readonly runKey: string;
  readonly facts: () => RunFacts;
  readonly approvals?: Approvals;
  readonly signals?: SignalBox;
  readonly isAdvisedToPause?: () => boolean;
  readonly onTaskEnd?: () => void;
}

/** Answers the scheduler with activities, timers and child workflows: what it does outlives every process. */
export class DurableEngine implements Engine {
  private readonly around: DurableSurroundings;

  constructor(around: DurableSurroundings) {
    this.around = around;
  }

  async runTask(call: TaskCall, cancellation: Cancellation): Promise<TaskAnswer> {
    const { tasks, runKey, onTaskEnd } = this.around;
    const pipeline = pipelineTasks[call.task];
    if (pipeline !== undefined) return this.runPipeline(call, pipeline, cancellation);
    const settings = decideSettings(call.settings, tasks[call.task] ?? {}, call.defaults);
    const run = proxyActivities<Record<string, (request: object) => Promise<TaskAnswer>>>(
      activityOptions(settings, call),
    )[call.task]!;
    const request = {
      input: call.input,
      address: call.address,
      repeat: call.repeat,
      channels: call.readChannels(),
      runKey,
      isCached: settings.cache ?? false,
    };
    const answer = await inScope(cancellation, () => run(request));
    onTaskEnd?.();
    return answer;
  }

  async runFlow(call: FlowCall, cancellation: Cancellation): Promise<Json> {
    const options = {
      workflowId: this.childId(call.address),
      taskQueue: taskQueues.automation,
      args: [{ flow: call.flow, input: call.input }],
      staticSummary: `${call.flow} for ${call.address}`,
    };
    if (call.isDetached) {
      const child = await startChild('FlowWorkflow', {
        ...options,
        parentClosePolicy: ParentClosePolicy.ABANDON,
      });
      return { id: child.workflowId };
    }
    return inScope(cancellation, async () => {
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

  /** Parts of a large map as child workflows, so that no history grows with the number of items. */
  async runMap(call: MapCall, cancellation: Cancellation): Promise<MapAnswer> {
    const { batch, concurrency, items, address } = call;
    const parts = Array.from({ length: Math.ceil(items.length / batch) }, (_, part) =>
      items.slice(part * batch, (part + 1) * batch),
    );
    const partsAtATime = Math.max(1, Math.floor(concurrency / batch));
    const { definition, tasks, runKey, facts } = this.around;
    const answers = await mapWindow(parts, partsAtATime, (part, index) =>
      inScope(cancellation, (): Promise<MapAnswer> =>
        executeChild('FlowBatchWorkflow', {
          workflowId: `${this.childId(address)}-${String(index + 1).padStart(4, '0')}`,
          taskQueue: taskQueues.automation,
          args: [
            {
              definition,
              // What a body reads of the input travels in `call.outside`, and no more.
              input: null,
              tasks,
              runKey,
              facts: facts(),
              call: { ...call, items: part, concurrency: Math.min(concurrency, batch) },
            },
          ],
          parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
          staticSummary: `${address}: ${part.length} items`,
        }),
      ),
    );
    const ending = answers.find((answer) => answer.ending !== undefined)?.ending;
    return {
      items: answers.flatMap((answer) => answer.items),
      ...(ending === undefined ? {} : { ending }),
    };
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
  { retry, timeout, priority }: ReturnType<typeof decideSettings>,
  { title, address }: TaskCall,
): ActivityOptions {
  return {
    taskQueue: taskQueues.imaging,
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
