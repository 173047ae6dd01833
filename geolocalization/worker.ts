import { taskQueues } from '../contracts/task-queues.ts';
import { closeDownloads } from '../platform/download.ts';
import type { WorkerServices, WorkerSpec } from '../platform/temporal/worker-spec.ts';
import { createGeolocalizationActivities } from './activities.ts';

/** Mostly copying: some scenes at a time keep disk and network busy. */
const MAX_ACTIVITIES = 8;

export const geolocalizationWorker = (services: WorkerServices): WorkerSpec => ({
  taskQueue: taskQueues.geolocalization,
  workflowBundle: new URL('./workflow-bundle.js', import.meta.url),
  activities: createGeolocalizationActivities(services),
  maxConcurrentActivities: MAX_ACTIVITIES,
  close: closeDownloads,
});
