import { defineQuery, setCurrentDetails, setHandler } from '@temporalio/workflow';
import { type Progress, progressQuery } from '../contracts/progress.ts';

export interface ProgressKeeper {
  /** Replaces what is known, and says it in the run's details. */
  report(progress: Partial<Progress>): void;
}

/** Answers the query `progress` and keeps the run's details in words. Call it before the first await. */
export function keepProgress(initial: Progress): ProgressKeeper {
  const current = { ...initial };
  setHandler(defineQuery<Progress>(progressQuery), () => ({ ...current }));
  setCurrentDetails(current.words);
  return {
    report(progress) {
      Object.assign(current, progress);
      setCurrentDetails(current.words);
    },
  };
}
