import type { Logger } from 'pino';
import type { ArtifactStore } from '../artifact-store.ts';
import type { Settings } from '../configuration.ts';

/** What every worker is given to make its activities from. */
export interface WorkerServices {
  settings: Settings;
  store: ArtifactStore;
  logger: Logger;
  /** Whether the Temporal server runs on this machine, which decides the default source roots. */
  isServerLocal: boolean;
  /** Lane of flow tasks that the worker serves instead of all those without workers of their own. */
  lane?: string | undefined;
}

/** One kind of worker as a value: importing it starts nothing. */
export interface WorkerSpec {
  taskQueue: string;
  /** File of the bundled workflow code; a worker without one serves activities only. */
  workflowBundle?: URL;
  activities: object;
  /** Activities in work at a time. */
  maxConcurrentActivities: number;
  /** Frees what the activities hold, after the last of them has ended. */
  close?: () => Promise<void>;
}
