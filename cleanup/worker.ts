import { taskQueues } from '../contracts/task-queues.ts';
import type { WorkerServices, WorkerSpec } from '../platform/temporal/worker-spec.ts';
import { createCleanupActivities, createExpiryActivities } from './activities.ts';

/** Removes files one after the other; a few runs at a time are enough. */
const MAX_ACTIVITIES = 4;

export const cleanupWorker = (services: WorkerServices): WorkerSpec => ({
  taskQueue: taskQueues.cleanup,
  workflowBundle: new URL('./workflow-bundle.js', import.meta.url),
  activities: { ...createCleanupActivities(services), ...createExpiryActivities(services) },
  maxConcurrentActivities: MAX_ACTIVITIES,
});
