import type { ActivityOptions } from '@temporalio/common';
import { ActivityCancellationType } from '@temporalio/common';

/**
 * The five ways in which an activity may be called: every timeout and every retry of the system is
 * named here, and a domain's `workflows.ts` picks one by what the activity does.
 *
 * `startToCloseTimeout` recovers a lost worker, the heartbeat does so sooner, and
 * `scheduleToCloseTimeout` is the deadline across all attempts. What must not be retried is thrown as
 * a `PermanentFailure`, so no list of types is needed here.
 */

/** Looks something up: listings, small documents. */
export const lookup = {
  startToCloseTimeout: '30 seconds',
  scheduleToCloseTimeout: '10 minutes',
  retry: { initialInterval: '1 second', maximumInterval: '30 seconds', maximumAttempts: 8 },
} satisfies ActivityOptions;

/** Works through a slice of images, heartbeating after each with what it has finished. */
export const batch = {
  startToCloseTimeout: '15 minutes',
  heartbeatTimeout: '15 seconds',
  scheduleToCloseTimeout: '6 hours',
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: { initialInterval: '2 seconds', maximumInterval: '1 minute', maximumAttempts: 10 },
} satisfies ActivityOptions;

/** Works on one large scene. */
export const heavy = {
  startToCloseTimeout: '1 hour',
  heartbeatTimeout: '30 seconds',
  scheduleToCloseTimeout: '12 hours',
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: { initialInterval: '10 seconds', maximumInterval: '5 minutes', maximumAttempts: 5 },
} satisfies ActivityOptions;

/** Turns the documents of many pages into one. */
export const compose = {
  startToCloseTimeout: '10 minutes',
  heartbeatTimeout: '30 seconds',
  scheduleToCloseTimeout: '6 hours',
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: { initialInterval: '1 second', maximumInterval: '1 minute', maximumAttempts: 10 },
} satisfies ActivityOptions;

/** Gives storage back, after success, failure and cancellation alike. */
export const cleanup = {
  startToCloseTimeout: '1 minute',
  scheduleToCloseTimeout: '24 hours',
  retry: { initialInterval: '1 second', maximumInterval: '5 minutes' },
} satisfies ActivityOptions;
