import { taskQueues } from '../contracts/task-queues.ts';
import type { WorkerServices, WorkerSpec } from '../platform/temporal/worker-spec.ts';
import { createOrchestratorActivities } from './activities.ts';

/** Checks requests and writes reports: short, and mostly waiting for the disk. */
const MAX_ACTIVITIES = 20;

export const orchestratorWorker = (services: WorkerServices): WorkerSpec => ({
  taskQueue: taskQueues.automation,
  workflowBundle: new URL('./workflow-bundle.js', import.meta.url),
  activities: createOrchestratorActivities(services),
  maxConcurrentActivities: MAX_ACTIVITIES,
});
