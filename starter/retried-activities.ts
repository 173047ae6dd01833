import type { Client, WorkflowExecutionDescription } from '@temporalio/client';

/** Executions of a run that are looked at; children are many, and what holds one up holds up the others, too. */
const MAX_EXECUTIONS = 20;
/** Failures that are told apart. */
const MAX_LINES = 3;

/** An activity that failed and waits for its next attempt, or is in it. */
export interface RetriedActivity {
  activity: string;
  /** Why the attempt before failed. */
  message: string;
}

/** Activities of an open run and of its children that fail at present: nobody else tells of them before the last attempt. */
export async function retriedActivities(
  client: Client,
  run: { workflowId: string; runId?: string | undefined },
): Promise<RetriedActivity[]> {
  const found: RetriedActivity[] = [];
  const line = [run];
  for (let looked = 0; looked < MAX_EXECUTIONS; looked++) {
    const next = line.shift();
    if (next === undefined) break;
    const { raw } = await client.workflow.getHandle(next.workflowId, next.runId).describe();
    found.push(...retriedIn(raw));
    for (const child of raw.pendingChildren ?? []) {
      if (child.workflowId)
        line.push({ workflowId: child.workflowId, runId: child.runId ?? undefined });
    }
  }
  return found;
}

function retriedIn({ pendingActivities }: WorkflowExecutionDescription['raw']): RetriedActivity[] {
  return (pendingActivities ?? []).flatMap(({ activityType, lastFailure }) =>
    lastFailure
      ? {
          activity: activityType?.name ?? 'unknown',
          message: lastFailure.message ?? 'for an unknown reason',
        }
      : [],
  );
}

/** A line for each failure that differs; the same one of many activities is told once. */
export function retriedWords(retried: readonly RetriedActivity[]): string {
  const lines = new Set(
    retried.map(({ activity, message }) => `${activity} failed and is tried again: ${message}`),
  );
  const shown = [...lines].slice(0, MAX_LINES);
  const rest = lines.size - shown.length;
  return [...shown, ...(rest === 0 ? [] : [`${rest} more failed in other words`])].join('\n');
}
