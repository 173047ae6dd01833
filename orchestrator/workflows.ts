import {
  CancellationScope,
  executeChild,
  isCancellation,
  ParentClosePolicy,
  proxyActivities,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { AccuracyWorkflow } from '../accuracy/workflows.ts';
import type { AdmittedRequest, AutomationResult } from '../contracts/automation.ts';
import { searchAttributes, type Stage } from '../contracts/search-attributes.ts';
import { taskQueues, type WorkerKind } from '../contracts/task-queues.ts';
import { compose, lookup } from '../durable/activity-contracts.ts';
import { expectReadable } from '../durable/foreign-input.ts';
import { giveStorageBack } from '../durable/give-storage-back.ts';
import { keepProgress } from '../durable/progress.ts';
import { asWorkflowFailure, reasonOf } from '../durable/root-cause.ts';
import type { GeolocalizationWorkflow } from '../geolocalization/workflows.ts';
import type { IngestionWorkflow } from '../ingestion/workflows.ts';
import type { OrchestratorActivities } from './activities.ts';
import { runKeyOf } from '../durable/run-key.ts';

const { admitRequest } = proxyActivities<OrchestratorActivities>(lookup);
const { reportFlight, reportScenes } = proxyActivities<OrchestratorActivities>(compose);

/**
 * Takes one request from its images to its report. Only here is the order of the stages known.
 *
 * The input is whatever a client sent: nothing is believed before `admitRequest` has checked it.
 */
export async function AutomationWorkflow(input: unknown): Promise<AutomationResult> {
  const run = new RunRecord();
  const { workflowId, runId } = workflowInfo();
  const runKey = runKeyOf(workflowId, runId);
  let result: AutomationResult | undefined;
  try {
    run.enter('checking', 'Checking the request');
    expectReadable(input);
    const request = await admitRequest.executeWithOptions({ summary: 'check the request' }, [
      { request: input, workflowId, runKey },
    ]);
    run.admit(request);
    result = await automate(request, run);
    return result;
  } catch (error) {
    run.fail(error);
    if (isCancellation(error)) throw error;
    throw asWorkflowFailure(error);
  } finally {
    await CancellationScope.nonCancellable(() =>
      giveStorageBack(runKey, Object.values(result?.documents ?? {})),
    );
    if (result !== undefined) run.finish(result);
  }
}

function automate(request: AdmittedRequest, run: RunRecord): Promise<AutomationResult> {
  switch (request.imageType) {
    case 'Navad':
      return automateFlight(request, run);
    case 'Satellite':
      return automateScenes(request, run);
  }
}

async function automateFlight(request: AdmittedRequest, run: RunRecord): Promise<AutomationResult> {
  run.enter('ingestion', `Ingesting ${request.origin.location}`);
  const flight = await runStage<typeof IngestionWorkflow>('ingestion', 'IngestionWorkflow', [
    request,
  ]);
  run.countImages(flight.counts.images, flight.counts.failed, flight.capturedFrom);
  const isWorthAssessing =
    request.checkOnly !== true && (flight.verdict !== 'rejected' || request.force);
  const accuracy = isWorthAssessing ? await assessFlight() : null;
  run.enter('report', 'Writing the report');
  return reportFlight.executeWithOptions({ summary: 'write the report' }, [
    { request, flight, accuracy },
  ]);

  async function assessFlight() {
    run.enter('accuracy', `Assessing ${flight.counts.images} images`);
    return runStage<typeof AccuracyWorkflow>('accuracy', 'AccuracyWorkflow', [
      flight,
      request.runKey,
      request.assessment ?? {},
    ]);
  }
}

async function automateScenes(request: AdmittedRequest, run: RunRecord): Promise<AutomationResult> {
  run.enter('geolocalization', `Locating ${request.origin.location}`);
  const located = await runStage<typeof GeolocalizationWorkflow>(
    'geolocalization',
    'GeolocalizationWorkflow',
    [request],
  );
  const failed = located.scenes.filter(
    ({ status, registrationStatus = 'LOCATED' }) =>
      status !== 'stated' || registrationStatus !== 'LOCATED',
  ).length;
  run.countImages(located.scenes.length, failed, null);
  run.enter('report', 'Writing the report');
  return reportScenes.executeWithOptions({ summary: 'write the report' }, [{ request, located }]);
}

/** One stage as a child on the queue of its domain; its id tells whose child it is. */
function runStage<Workflow extends (...args: never[]) => Promise<unknown>>(
  kind: WorkerKind & Stage,
  workflowType: string,
  args: Parameters<Workflow>,
): Promise<Awaited<ReturnType<Workflow>>> {
  const { workflowId, typedSearchAttributes } = workflowInfo();
  const inherited = [searchAttributes.imageType, searchAttributes.jobId, searchAttributes.tenant];
  return executeChild(workflowType, {
    workflowId: `${workflowId}-${kind}`,
    taskQueue: taskQueues[kind],
    args,
    parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
    staticSummary: `${kind} of ${workflowId}`,
    typedSearchAttributes: inherited.flatMap((key) => {
      const value = typedSearchAttributes.get(key);
      return value === undefined ? [] : [{ key, value }];
    }),
  }) as Promise<Awaited<ReturnType<Workflow>>>;
}

/** What operators see of a run while it goes on: its stage, its counts, its words. */
class RunRecord {
  private readonly progress = keepProgress({
    stage: 'checking',
    done: 0,
    total: 0,
    words: 'Starting',
  });

  enter(stage: Stage, words: string): void {
    const isChildStage =
      stage === 'ingestion' || stage === 'accuracy' || stage === 'geolocalization';
    this.progress.report({
      stage,
      words,
      child: isChildStage ? `${workflowInfo().workflowId}-${stage}` : '',
    });
    upsertSearchAttributes([{ key: searchAttributes.stage, value: stage }]);
  }

  admit({ imageType, jobId, tenant }: AdmittedRequest): void {
    upsertSearchAttributes([
      { key: searchAttributes.imageType, value: imageType },
      { key: searchAttributes.jobId, value: jobId },
      { key: searchAttributes.tenant, value: tenant },
    ]);
  }

  countImages(images: number, failed: number, capturedAt: string | null): void {
    const time = capturedAt === null ? Number.NaN : Date.parse(`${capturedAt}Z`);
    upsertSearchAttributes([
      { key: searchAttributes.imageCount, value: images },
      { key: searchAttributes.imagesFailed, value: failed },
      ...(Number.isNaN(time) ? [] : [{ key: searchAttributes.capturedAt, value: new Date(time) }]),
    ]);
  }

  finish({ verdict, message }: AutomationResult): void {
    this.enter('done', message);
    upsertSearchAttributes([{ key: searchAttributes.verdict, value: verdict }]);
  }

  fail(error: unknown): void {
    if (isCancellation(error)) this.enter('cancelled', 'Cancelled');
    else this.enter('failed', reasonOf(error));
  }
}
