import { ApplicationFailure, WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import { CancelledFailure } from '@temporalio/common';
import { type ArtifactRef, artifactRefSchema } from '../contracts/artifacts.ts';
import {
  flowQueries,
  type FlowRequest,
  type FlowRunDocument,
  type FlowRunResult,
} from '../contracts/flow-run.ts';
import { resumable } from '../flows/model/resume.ts';
import type { Snapshot } from '../flows/model/run-flow.ts';
import { openArtifactStore } from '../platform/open-store.ts';
import type { Settings } from '../platform/configuration.ts';
import { WrongUsage } from './exit-codes.ts';
import { findRun } from './find-run.ts';
import { findServer, withClient } from './find-server.ts';

/** What a run of a flow left behind: how it was asked, and what another one can take over from it. */
export interface EndedFlowRun {
  readonly request: FlowRequest;
  readonly digest: string;
  /** Absent when the run was done: its results on the way were given back. */
  readonly snapshot?: Snapshot;
}

/** Reads what a run that has ended left. @throws {WrongUsage} when there is no such run, or it goes on. */
export async function readEndedRun(id: string, settings: Settings): Promise<EndedFlowRun> {
  const { access } = await findServer(settings);
  const { request, document } = await withClient(access, async (client) => {
    const { handle, described } = await findRun(client, id);
    if (described.type !== 'FlowWorkflow' || described.status.name === 'RUNNING') {
      throw new WrongUsage(
        `Cannot take over from "${id}" as a flow that has ended is needed: found ${described.type}, ${described.status.name}`,
      );
    }
    return { request: await requestOf(handle), document: await documentOf(handle) };
  });
  const bytes = await openArtifactStore(settings).readBytes(document);
  const { digest, snapshot }: FlowRunDocument = JSON.parse(bytes.toString('utf8'));
  const taken = snapshot === null ? {} : { snapshot: resumable(snapshot as unknown as Snapshot) };
  return { request, digest, ...taken };
}

/** The request that a run was started with. */
export async function requestOf(handle: WorkflowHandle): Promise<FlowRequest> {
  const { events } = await handle.fetchHistory();
  const started = events?.[0]?.workflowExecutionStartedEventAttributes;
  const payload = started?.input?.payloads?.[0]?.data;
  if (!payload) {
    throw new Error(`Cannot read the request of run "${handle.workflowId}": its history has none`);
  }
  return JSON.parse(Buffer.from(payload).toString('utf8'));
}

/**
 * The document in which a run that failed or was stopped keeps what it had done.
 *
 * @throws {WrongUsage} when it has none.
 */
export async function documentOfUnfinished(handle: WorkflowHandle): Promise<ArtifactRef> {
  const document = await documentOf(handle);
  const { status } = await handle.describe();
  const isDone =
    status.name === 'COMPLETED' && ((await handle.result()) as FlowRunResult).state === 'done';
  if (!isDone) return document;
  throw new WrongUsage(
    `Cannot go on from "${handle.workflowId}" as it is done and kept nothing but its result`,
  );
}

/** The document that a run wrote at its end; one that failed names it in its failure. */
async function documentOf(handle: WorkflowHandle): Promise<ArtifactRef> {
  const end: unknown = await handle.result().catch((caught: unknown) => caught);
  const cause = end instanceof WorkflowFailedError ? end.cause : undefined;
  const [details] = cause instanceof ApplicationFailure ? (cause.details ?? []) : [];
  const holder = (details ?? end) as Partial<FlowRunResult> | undefined;
  // A cancelled run has no result and no failure to name it in.
  const document =
    cause instanceof CancelledFailure
      ? await handle.query<unknown>(flowQueries.document)
      : holder?.document;
  const parsed = artifactRefSchema.safeParse(document);
  if (parsed.success) return parsed.data;
  throw new WrongUsage(
    `Cannot take over from "${handle.workflowId}" as it left no document: it was stopped, or failed before its first step`,
  );
}
