import { CancelledFailure } from '@temporalio/common';
import { waitAtMost } from '../../durable/wait-at-most.ts';
import type { Cancellation } from '../model/cancellation.ts';

/**
 * How long a run that is over waits for tasks that it asked to stop: longer than it takes to see that the
 * worker of one is gone. One that does not listen goes on, and what it stores is removed by its age.
 */
const STOP_PATIENCE = '40 seconds';

/**
 * Tasks that were asked to stop and may still be at work. The scheduler goes on without them, but a run
 * ends, and gives its storage back, only when nothing of it writes any more.
 */
export class StoppingTasks {
  private readonly stopping = new Set<Promise<unknown>>();

  /** The task's own answer, or a failure as soon as it is no longer wanted. */
  whileWanted<Answer>(task: Promise<Answer>, cancellation: Cancellation): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const stopListening = cancellation.onCancel(() => {
        this.stopping.add(task);
        reject(new CancelledFailure('No longer wanted'));
      });
      const end = () => {
        stopListening();
        this.stopping.delete(task);
      };
      task.then(
        (answer) => {
          end();
          resolve(answer);
        },
        (error: unknown) => {
          end();
          reject(error);
        },
      );
    });
  }

  /** Waits until they have stopped, within reason. Call it shielded from cancellation. */
  async allStopped(): Promise<void> {
    if (this.stopping.size === 0) return;
    const all = Promise.allSettled(this.stopping);
    await waitAtMost(STOP_PATIENCE, all, 'wait until cancelled tasks have stopped');
  }
}
