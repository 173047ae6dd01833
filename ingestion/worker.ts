import { taskQueues } from '../contracts/task-queues.ts';
import type { WorkerServices, WorkerSpec } from '../platform/temporal/worker-spec.ts';
import { closeDownloads } from '../platform/download.ts';
import { createIngestionActivities } from './activities.ts';

/** Waits for disks and networks most of the time, so many may wait at once. */
const MAX_ACTIVITIES = 20;

export const ingestionWorker = (services: WorkerServices): WorkerSpec => ({
  taskQueue: taskQueues.ingestion,
  workflowBundle: new URL('./workflow-bundle.js', import.meta.url),
  activities: createIngestionActivities(services),
  maxConcurrentActivities: MAX_ACTIVITIES,
  close: closeDownloads,
});
