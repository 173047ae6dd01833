/** The task queues, one per domain, as every client and worker knows them. They never change. */
export const taskQueues = {
  automation: 'automation-pipeline-queue',
  ingestion: 'ingestion-task-queue',
  accuracy: 'accuracy-task-queue',
  processor: 'processor-task-queue',
  geolocalization: 'geolocalization-task-queue',
  imaging: 'imaging-task-queue',
  cleanup: 'cleanup-task-queue',
} as const;

/** The queue of a lane of flow tasks that has workers of its own. */
export function laneQueue(lane: string): string {
  return `imaging-${lane}-task-queue`;
}

/** A kind of worker process; each serves one queue and is scaled alone. */
export type WorkerKind = keyof typeof taskQueues;

export const workerKinds = Object.keys(taskQueues) as WorkerKind[];
