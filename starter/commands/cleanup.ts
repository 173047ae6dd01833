import {
  type Client,
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
  WorkflowExecutionAlreadyStartedError,
} from '@temporalio/client';
import type { Expired, ExpiryRequest } from '../../contracts/cleanup.ts';
import { taskQueues } from '../../contracts/task-queues.ts';
import type { Settings } from '../../platform/configuration.ts';
import { WrongUsage } from '../exit-codes.ts';
import { findServer, withClient } from '../find-server.ts';
import { listQueuePollers } from '../queue-pollers.ts';
import type { Terminal } from '../terminal.ts';

/** One at a time: two would only get into each other's way. */
const EXPIRY_ID = 'skyloom-cleanup';
const SCHEDULE_ID = 'skyloom-cleanup-daily';
/** In the small hours, by the server's clock (UTC). */
const DAILY_AT_HOUR = 3;
const DAY_MS = 86_400_000;

export interface CleanupOptions {
  olderThan: number;
  dryRun?: boolean | undefined;
  daily?: boolean | undefined;
  stopDaily?: boolean | undefined;
}

/** Removes runs that are long over: now, or every day from now on. */
export async function cleanup(
  { olderThan, dryRun = false, daily = false, stopDaily = false }: CleanupOptions,
  settings: Settings,
  terminal: Terminal,
): Promise<void> {
  if ([dryRun, daily, stopDaily].filter(Boolean).length > 1) {
    throw new WrongUsage(
      'Cannot clean up as --dry-run, --daily and --stop-daily exclude each other',
    );
  }
  const request: ExpiryRequest = { olderThanMs: olderThan, isDryRun: dryRun };
  const { access } = await findServer(settings);
  await withClient(access, async (client) => {
    if (stopDaily) return stopSchedule(client, terminal);
    if (daily) return schedule(client, request, terminal);
    return expireNow(client, request, terminal);
  });
}

async function expireNow(
  client: Client,
  request: ExpiryRequest,
  terminal: Terminal,
): Promise<void> {
  const [cleaners] = await listQueuePollers(client, ['cleanup']);
  if (cleaners?.identities.length === 0) {
    terminal.warn(
      `No worker serves ${taskQueues.cleanup}: this waits until one is started, by "skyloom worker cleanup"`,
    );
  }
  const expired = await expire(client, request);
  const { runs, files, bytes, remembered } = expired;
  const megabytes = (bytes / 1e6).toFixed(1);
  terminal.answer(
    { ...request, ...expired },
    [
      `${request.isDryRun ? 'Would be removed' : 'Removed'}, older than ${ageWords(request.olderThanMs)}:`,
      `  Runs      ${runs}`,
      `  Files     ${files}, ${megabytes} MB; ${remembered} of them remembered measures`,
    ].join('\n'),
  );
}

async function expire(client: Client, request: ExpiryRequest): Promise<Expired> {
  try {
    return await client.workflow.execute('ExpiryWorkflow', {
      workflowId: EXPIRY_ID,
      taskQueue: taskQueues.cleanup,
      args: [request],
      staticSummary: `expire runs older than ${ageWords(request.olderThanMs)}`,
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    throw new Error(`Cannot clean up as another clean-up is under way: see run "${EXPIRY_ID}"`);
  }
}

async function schedule(client: Client, request: ExpiryRequest, terminal: Terminal): Promise<void> {
  const wanted = {
    spec: { calendars: [{ hour: DAILY_AT_HOUR, minute: 0 }] },
    action: {
      type: 'startWorkflow' as const,
      workflowType: 'ExpiryWorkflow',
      workflowId: EXPIRY_ID,
      taskQueue: taskQueues.cleanup,
      args: [request],
    },
    policies: { overlap: ScheduleOverlapPolicy.SKIP },
  };
  const handle = client.schedule.getHandle(SCHEDULE_ID);
  try {
    await handle.update((previous) => ({ ...previous, ...wanted }));
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
    await client.schedule.create({ scheduleId: SCHEDULE_ID, ...wanted });
  }
  terminal.answer(
    { scheduleId: SCHEDULE_ID, ...request },
    `Every day at ${DAILY_AT_HOUR}:00 UTC runs older than ${ageWords(request.olderThanMs)} are removed (schedule ${SCHEDULE_ID})`,
  );
}

async function stopSchedule(client: Client, terminal: Terminal): Promise<void> {
  let isStopped = true;
  try {
    await client.schedule.getHandle(SCHEDULE_ID).delete();
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
    isStopped = false;
  }
  terminal.answer(
    { scheduleId: SCHEDULE_ID, isStopped },
    isStopped ? 'Runs are no longer removed every day' : 'There was no daily clean-up',
  );
}

function ageWords(ms: number): string {
  return ms > 0 && ms % DAY_MS === 0
    ? `${ms / DAY_MS} days`
    : `${Math.round(ms / 3_600_000)} hours`;
}
