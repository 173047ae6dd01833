import { availableParallelism } from 'node:os';
import { createAssessmentActivities } from './accuracy/activities.ts';
import { accuracyWorker } from './accuracy/worker.ts';
import { cleanupWorker } from './cleanup/worker.ts';
import { laneQueue, taskQueues, type WorkerKind } from './contracts/task-queues.ts';
import { createFlowActivities, createPageActivities } from './flows/activities.ts';
import { createTaskRegistry } from './flow-tasks.ts';
import { createSceneViewActivities } from './geolocalization/activities.ts';
import { createRegistrationActivities } from './geolocalization/registration-activities.ts';
import { closeWindowThreads } from './geolocalization/io/window-threads.ts';
import { geolocalizationWorker } from './geolocalization/worker.ts';
import { createExaminationActivities } from './ingestion/activities.ts';
import { closeCutoutPools } from './imaging/tasks/cutout.ts';
import { closePixelThreads } from './ingestion/io/pixel-threads.ts';
import { ingestionWorker } from './ingestion/worker.ts';
import { orchestratorWorker } from './orchestrator/worker.ts';
import { closeDownloads } from './platform/download.ts';
import type { WorkerServices, WorkerSpec } from './platform/temporal/worker-spec.ts';

/** Batches in work at a time per processor worker; each keeps as many images in work as there are threads. */
const PROCESSOR_BATCHES = 2;

/** Tasks that wait for the network stand beside those that compute. */
const IMAGING_TASKS_PER_CORE = 2;

type CreateSpec = (services: WorkerServices) => WorkerSpec | Promise<WorkerSpec>;

/** Every kind of worker process of the system. */
export const workers: Record<WorkerKind, CreateSpec> = {
  automation: automationWorker,
  ingestion: ingestionWorker,
  accuracy: accuracyWorker,
  processor: processorWorker,
  geolocalization: geolocalizationWorker,
  imaging: imagingWorker,
  cleanup: cleanupWorker,
};

/** Decides for requests and for flows, and reads the small files that this takes. */
function automationWorker(services: WorkerServices): WorkerSpec {
  const spec = orchestratorWorker(services);
  return { ...spec, activities: { ...spec.activities, ...createPageActivities(services) } };
}

/** The pixel work of all domains: no workflow code, so that a busy processor delays no decision. */
function processorWorker(services: WorkerServices): WorkerSpec {
  const pixelThreads = services.settings.SKYLOOM_PIXEL_THREADS ?? availableParallelism();
  return {
    taskQueue: taskQueues.processor,
    activities: {
      ...createExaminationActivities({ ...services, pixelThreads }),
      ...createAssessmentActivities(services),
      ...createSceneViewActivities(services),
      ...createRegistrationActivities({ ...services, pixelThreads }),
    },
    maxConcurrentActivities: PROCESSOR_BATCHES,
    close: async () => {
      await Promise.all([closePixelThreads(), closeWindowThreads(), closeDownloads()]);
    },
  };
}

/** The tasks of flows, built in and of your own, and the check of a flow against them. */
async function imagingWorker(services: WorkerServices): Promise<WorkerSpec> {
  const { settings } = services;
  const registry = await createTaskRegistry(settings);
  return {
    taskQueue: services.lane === undefined ? taskQueues.imaging : laneQueue(services.lane),
    activities: createFlowActivities(services, registry),
    maxConcurrentActivities: availableParallelism() * IMAGING_TASKS_PER_CORE,
    close: async () => {
      await Promise.all([closeDownloads(), closeCutoutPools(), closePixelThreads()]);
    },
  };
}
