import { ApplicationFailure } from '@temporalio/common';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';

/** Time for a person to free space: with what attempts an activity has, minutes and not seconds. */
const RETRY_DELAY = '1 minute';

/** What the system says when there is no room, as a code or, from a library or a child process, in a text. */
const noRoom = /\b(ENOSPC|EDQUOT)\b|no space left on device/i;

/** Says of activities that failed for want of room what to do, and gives the operator time to do it. */
export const waitForRoom: ActivityInterceptorsFactory = () => ({
  inbound: {
    async execute(input, next) {
      try {
        return await next(input);
      } catch (error) {
        throw asFullDisk(error);
      }
    },
  },
});

/** The failure itself when it is of another kind. */
export function asFullDisk(error: unknown): unknown {
  if (!(error instanceof Error) || !noRoom.test(`${codeOf(error)} ${error.message}`)) return error;
  return ApplicationFailure.create({
    type: 'DiskFull',
    message:
      'Cannot write as the disk of the storage or of scratch files is full: free space there, and the run goes on by itself; "skyloom doctor" names the folders',
    nextRetryDelay: RETRY_DELAY,
    cause: error,
  });
}

function codeOf(error: Error): string {
  return 'code' in error ? String(error.code) : '';
}
