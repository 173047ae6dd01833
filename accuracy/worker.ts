import { taskQueues } from '../contracts/task-queues.ts';
import type { WorkerServices, WorkerSpec } from '../platform/temporal/worker-spec.ts';
import { createAccuracyActivities } from './activities.ts';

/** Each reads documents of at most one page at a time. */
const MAX_ACTIVITIES = 20;

export const accuracyWorker = (services: WorkerServices): WorkerSpec => ({
  taskQueue: taskQueues.accuracy,
  workflowBundle: new URL('./workflow-bundle.js', import.meta.url),
  activities: createAccuracyActivities(services),
  maxConcurrentActivities: MAX_ACTIVITIES,
});
