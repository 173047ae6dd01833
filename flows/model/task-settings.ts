import type { Retry, TaskSettings } from '../../contracts/flow-definition.ts';
import { durationMs } from './duration.ts';

/** How a task is retried when nobody says: often enough for a network that hiccups. */
const DEFAULT_RETRY = { attempts: 3, first: '1s', factor: 2, max: '1m' } as const;

/** Settings with everything decided that has a default. */
export interface DecidedSettings extends TaskSettings {
  readonly retry: Required<Retry>;
}

/**
 * What counts for one execution of a task: field by field the step, then the task itself, then the
 * flow's `defaults`. Types in `except` add up, as each of them knows failures that no retry can mend.
 */
export function decideSettings(
  step: TaskSettings,
  task: TaskSettings,
  defaults: TaskSettings,
): DecidedSettings {
  const except = [defaults, task, step].flatMap(({ retry }) => retry?.except ?? []);
  const { queue, timeout, cache, priority } = { ...defaults, ...task, ...step };
  return {
    ...(queue === undefined ? {} : { queue }),
    ...(timeout === undefined ? {} : { timeout }),
    ...(cache === undefined ? {} : { cache }),
    ...(priority === undefined ? {} : { priority }),
    retry: {
      ...DEFAULT_RETRY,
      ...defaults.retry,
      ...task.retry,
      ...step.retry,
      except: [...new Set(except)],
    },
  };
}

/** The pause before an attempt, in milliseconds; attempts count from 1, and the first has none. */
export function pauseBeforeMs({ first, factor, max }: Required<Retry>, attempt: number): number {
  return Math.min(durationMs(first) * factor ** (attempt - 2), durationMs(max));
}
