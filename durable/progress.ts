import { defineQuery, setCurrentDetails, setHandler } from '@temporalio/workflow';
import { type Progress, progressQuery } from '../contracts/progress.ts';

export interface ProgressKeeper {
  /** Replaces what is known, and says it in the run's details. */
  report(progress: Partial<Progress>): void;
}

/**
 * Answers the query `progress` and keeps the run's details in words. Call it before the first await.
 *
 * @param count figures that are worked out when somebody asks, as they cost too much to keep all the time.
 */
export function keepProgress(
  initial: Progress,
  count: () => Partial<Progress> = () => ({}),
): ProgressKeeper {
  const current = { ...initial };
  setHandler(defineQuery<Progress>(progressQuery), () => ({ ...current, ...count() }));
  setCurrentDetails(current.words);
  return {
    report(progress) {
      Object.assign(current, progress);
      setCurrentDetails(current.words);
    },
  };
}
