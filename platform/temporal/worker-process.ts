import { hostname } from 'node:os';
import { fileURLToPath } from 'node:url';
import {
  NativeConnection,
  Runtime,
  type TelemetryOptions,
  Worker,
  type WorkerOptions,
} from '@temporalio/worker';
import type { Logger } from 'pino';
import type { WorkerKind } from '../../contracts/task-queues.ts';
import { findFreePort, LOOPBACK } from '../free-port.ts';
import type { ServerAccess } from './connection.ts';
import { waitForRoom } from './full-disk.ts';
import { imageDurationMetric } from './image-meter.ts';
import { startTelemetryServer, type TelemetryServer } from './telemetry-server.ts';
import type { WorkerSpec } from './worker-spec.ts';

/** After SIGTERM an activity may finish its image for this long, then it is told to stop. */
const GRACE = '20 seconds';
/** After this the process ends whatever is still running; Temporal gives the work to another worker. */
export const SHUTDOWN_FORCE = '40 seconds';
/** Checkpoints are at most this old, and cancellation arrives this fast, whatever the heartbeat timeout is. */
const HEARTBEAT_THROTTLE = '2 seconds';
/** About 0.3 MB each. */
const MAX_CACHED_WORKFLOWS = 500;
const MAX_WORKFLOW_TASKS = 40;
const MAX_POLLERS = 20;

/** From a small picture to one at its decoding limit. */
const IMAGE_SECONDS_BUCKETS = [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30];
/** How long the server may take to answer before a worker does not count as ready. */
const READY_LIMIT_MS = 2_000;

export interface WorkerRun {
  kind: WorkerKind;
  spec: WorkerSpec;
  access: ServerAccess;
  logger: Logger;
  /** Where to serve metrics and health; undefined for nowhere. */
  telemetryAddress: string | undefined;
  /** Called when the worker polls its queue. */
  onReady: () => void;
}

/**
 * Runs one worker until the process is told to stop.
 *
 * @throws when the worker cannot go on; the process should then end, and be started anew.
 */
export async function runWorker(run: WorkerRun): Promise<void> {
  const { kind, spec, access, logger, telemetryAddress, onReady } = run;
  const exporterAddress = `${LOOPBACK}:${await findFreePort()}`;
  Runtime.install({
    logger: temporalLogger(logger),
    telemetryOptions: telemetryAddress === undefined ? {} : telemetryOptions(kind, exporterAddress),
  });
  const connection = await NativeConnection.connect(access.connectionOptions);
  let telemetry: TelemetryServer | undefined;
  try {
    // Telemetry comes first: when its address is taken there is no worker to be put away again.
    const running: { worker?: Worker } = {};
    if (telemetryAddress !== undefined) {
      telemetry = await startTelemetryServer(telemetryAddress, {
        exporterAddress,
        isAlive: () => running.worker?.getState() !== 'FAILED',
        isReady: async () =>
          running.worker?.getState() === 'RUNNING' && (await isServing(connection)),
      });
      logger.info({ address: telemetry.address }, 'Serving metrics and health');
    }
    const worker = await Worker.create(workerOptions(kind, spec, access, connection));
    running.worker = worker;
    const ending = worker.run();
    onReady();
    await ending;
  } finally {
    await telemetry?.close();
    await spec.close?.();
    await connection.close();
  }
}

/** Names as in the published dashboards: `_total` for counters, seconds for durations. */
function telemetryOptions(kind: WorkerKind, exporterAddress: string): TelemetryOptions {
  return {
    metrics: {
      globalTags: { worker_kind: kind },
      prometheus: {
        bindAddress: exporterAddress,
        countersTotalSuffix: true,
        unitSuffix: true,
        useSecondsForDurations: true,
        histogramBucketOverrides: { [imageDurationMetric]: IMAGE_SECONDS_BUCKETS },
      },
    },
  };
}

async function isServing(connection: NativeConnection): Promise<boolean> {
  return connection
    .withDeadline(Date.now() + READY_LIMIT_MS, () => connection.workflowService.getSystemInfo({}))
    .then(
      () => true,
      () => false,
    );
}

function workerOptions(
  kind: WorkerKind,
  spec: WorkerSpec,
  { namespace }: ServerAccess,
  connection: NativeConnection,
): WorkerOptions {
  const options: WorkerOptions = {
    connection,
    namespace,
    taskQueue: spec.taskQueue,
    identity: `${kind}@${hostname()}:${process.pid}`,
    activities: spec.activities,
    interceptors: { activity: [waitForRoom] },
    maxConcurrentActivityTaskExecutions: spec.maxConcurrentActivities,
    activityTaskPollerBehavior: { type: 'autoscaling', maximum: MAX_POLLERS },
    maxHeartbeatThrottleInterval: HEARTBEAT_THROTTLE,
    shutdownGraceTime: GRACE,
    shutdownForceTime: SHUTDOWN_FORCE,
  };
  if (spec.workflowBundle === undefined) return options;
  return {
    ...options,
    workflowBundle: { codePath: fileURLToPath(spec.workflowBundle) },
    maxConcurrentWorkflowTaskExecutions: MAX_WORKFLOW_TASKS,
    workflowTaskPollerBehavior: { type: 'autoscaling', maximum: MAX_POLLERS },
    maxCachedWorkflows: MAX_CACHED_WORKFLOWS,
  };
}

function temporalLogger(logger: Logger) {
  type Level = 'TRACE' | 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';
  const log = (level: Level, message: string, meta: object = {}) =>
    logger[level.toLowerCase() as Lowercase<Level>](meta, message);
  return {
    log,
    trace: (message: string, meta?: object) => log('TRACE', message, meta),
    debug: (message: string, meta?: object) => log('DEBUG', message, meta),
    info: (message: string, meta?: object) => log('INFO', message, meta),
    warn: (message: string, meta?: object) => log('WARN', message, meta),
    error: (message: string, meta?: object) => log('ERROR', message, meta),
  };
}
