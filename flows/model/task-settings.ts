import type { Retry, TaskSettings } from '../../contracts/flow-definition.ts';
import { durationMs } from './duration.ts';

/** How a task is retried when nobody says: often enough for a network that hiccups. */
const DEFAULT_RETRY = { attempts: 3, first: '1s', factor: 2, max: '1m' } as const;
const NO_RETRY_SAID: Required<Retry> = { ...DEFAULT_RETRY, except: [] };

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
  const decided: Record<string, unknown> = { retry: decideRetry(defaults, task, step) };
  for (const name of ['queue', 'timeout', 'cache', 'priority'] as const) {
    const value = step[name] ?? task[name] ?? defaults[name];
    if (value !== undefined) decided[name] = value;
  }
  return decided as unknown as DecidedSettings;
}

function decideRetry(...sources: readonly TaskSettings[]): Required<Retry> {
  if (sources.every(({ retry }) => retry === undefined)) return NO_RETRY_SAID;
  const given = sources.flatMap(({ retry }) => (retry === undefined ? [] : [retry]));
  const except = [...new Set(given.flatMap((retry) => retry.except ?? []))];
  const merged: Required<Retry> = Object.assign({}, DEFAULT_RETRY, ...given, { except });
  const { first, max } = merged;
  // The longest pause may come from the defaults, of which a task that says its first pause need not know.
  return durationMs(max) < durationMs(first) ? { ...merged, max: first } : merged;
}

/** The pause before an attempt, in milliseconds; attempts count from 1, and the first has none. */
export function pauseBeforeMs({ first, factor, max }: Required<Retry>, attempt: number): number {
  return Math.min(durationMs(first) * factor ** (attempt - 2), durationMs(max));
}
