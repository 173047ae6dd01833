import type { ArtifactRef } from './artifacts.ts';
import type { FlowDefinition, Json, TaskSettings } from './flow-definition.ts';
import type { Failure } from './flow-results.ts';

/** A request to run a flow: one that a worker knows by name, or a definition. */
export interface FlowRequest {
  /** `name@major` of a flow that workers know. */
  flow?: string;
  definition?: unknown;
  input?: Json;
  tenant?: string;
  /** Only this step and those after it run; for debugging. */
  start?: string;
  /** Executions after which nothing more starts; for debugging. */
  stopAfter?: number;
  /** Document of a run that failed: what it had done is not done again. */
  resume?: ArtifactRef;
  /** Of the run that calls this flow; a run that nobody calls opens a session of its own. */
  sessionId?: string;
}

/** A flow that was checked, with all that the run has to know of its tasks. */
export interface AdmittedFlow {
  definition: FlowDefinition;
  digest: string;
  /** Fits the schema of the flow, with its defaults filled in. */
  input: Json;
  /** What each task says about how it is run. */
  tasks: Record<string, TaskSettings>;
  /** Lanes that have a queue of their own. */
  lanes?: string[];
  /** The same in a run, in those that it calls, and in those that resume it; runs of older versions have none. */
  sessionId?: string;
}

/** What a run of a flow gives back. */
export interface FlowRunResult {
  state: 'done' | 'stopped';
  flow: string;
  version: string;
  digest: string;
  output: Json;
  /** Why a task ended the run early. */
  reason: string | null;
  /** Steps that were left out of a run that stopped. */
  leftOut: string[];
  /** What failed where a policy allowed for it, the first of many; absent in runs of an older version. */
  failures?: { step: string; message: string }[];
  /** The result as a document of the artifact store. */
  document: ArtifactRef;
  runKey: string;
}

/** What is written down at the end of a run, whatever it was. */
export interface FlowRunDocument {
  schemaVersion: 1;
  flow: string;
  version: string;
  digest: string;
  /** Absent in documents of older versions. */
  sessionId?: string;
  state: string;
  /** Whole, with every list in it. */
  output: Json;
  /** The same for people, as a page. Absent in documents of older versions. */
  report?: ArtifactRef;
  /** Files of the long lists that the result, or a run that resumes this one, needs. */
  lists: ArtifactRef[];
  failure: Failure | null;
  states: Record<string, string>;
  channels: Record<string, Json>;
  /** Of a run that failed: what it had done, for one that resumes it. */
  snapshot: Json;
}

/** An answer to a step that asks a person; the argument of the update `answer`. */
export interface FlowAnswer {
  /** Address of the step, as the query `waiting` gives it. */
  step: string;
  approved: boolean;
  by: string;
  /** As whom the person answers; needed where the step names roles. */
  role?: string;
  note?: string;
  form?: Record<string, Json>;
}

/** A step that waits for a person, as the query `waiting` answers. */
export interface WaitingStep {
  step: string;
  title: string;
  show: readonly Json[];
  roles: readonly string[];
  form: Json;
  deadline: string | null;
}

/** `document` is that of a run that has ended, however it did; null before. */
export const flowQueries = { states: 'states', waiting: 'waiting', document: 'document' } as const;
export const answerUpdate = 'answer';
