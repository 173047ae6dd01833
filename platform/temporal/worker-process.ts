import { hostname } from 'node:os';
import { fileURLToPath } from 'node:url';
import { NativeConnection, Runtime, Worker, type WorkerOptions } from '@temporalio/worker';
import type { Logger } from 'pino';
import type { WorkerKind } from '../../contracts/task-queues.ts';
import type { ServerAccess } from './connection.ts';
import type { WorkerSpec } from './worker-spec.ts';

/** After SIGTERM an activity may finish its image for this long, then it is told to stop. */
const GRACE = '20 seconds';
/** After this the process ends whatever is still running; Temporal gives the work to another worker. */
const FORCE = '40 seconds';
/** Checkpoints are at most this old, and cancellation arrives this fast, whatever the heartbeat timeout is. */
const HEARTBEAT_THROTTLE = '2 seconds';
/** About 0.3 MB each. */
const MAX_CACHED_WORKFLOWS = 500;
const MAX_WORKFLOW_TASKS = 40;
const MAX_POLLERS = 20;

/**
 * Runs one worker until the process is told to stop.
 *
 * @param onReady is called when the worker polls its queue.
 * @throws when the worker cannot go on; the process should then end, and be started anew.
 */
export async function runWorker(
  kind: WorkerKind,
  spec: WorkerSpec,
  access: ServerAccess,
  logger: Logger,
  onReady: () => void,
): Promise<void> {
  Runtime.install({ logger: temporalLogger(logger), telemetryOptions: {} });
  const connection = await NativeConnection.connect(access.connectionOptions);
  try {
    const worker = await Worker.create(workerOptions(kind, spec, access, connection));
    const running = worker.run();
    onReady();
    await running;
  } finally {
    await spec.close?.();
    await connection.close();
  }
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
    maxConcurrentActivityTaskExecutions: spec.maxConcurrentActivities,
    activityTaskPollerBehavior: { type: 'autoscaling', maximum: MAX_POLLERS },
    maxHeartbeatThrottleInterval: HEARTBEAT_THROTTLE,
    shutdownGraceTime: GRACE,
    shutdownForceTime: FORCE,
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
