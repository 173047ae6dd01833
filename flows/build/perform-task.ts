import { z } from 'zod';
import type { Json } from '../../contracts/flow-definition.ts';
import type { TaskAnswer } from '../../contracts/flow-results.ts';
import { Deeds, lendContext } from './lent-context.ts';
import { PermanentTaskFailure } from './permanent-task-failure.ts';
import type { TaskHost } from './task-context.ts';
import type { Task } from './task.ts';

/** What a task is called with, as it travels to a worker. */
export interface TaskRequest {
  readonly input: Json;
  readonly address: string;
  readonly repeat: number;
  readonly channels: Readonly<Record<string, Json>>;
}

/**
 * Runs a task once, in whatever place: checks its input and output, and collects what it did beside
 * its value. The worker and the run in memory both come here.
 *
 * @throws {PermanentTaskFailure} when a value does not fit, or the task asks for what it did not declare.
 */
export async function performTask(
  task: Task,
  request: TaskRequest,
  host: TaskHost,
): Promise<TaskAnswer> {
  const { facts } = task;
  const input = fitting('input', facts.name, () => task.parseInput(request.input));
  const beside = new Deeds(task, request);
  const lent = lendContext(task, beside, host);
  const made: unknown = await task.run(input as never, lent as never);
  const value = fitting('output', facts.name, () => task.parseOutput(made));
  return beside.answer(value);
}

function fitting<T>(side: 'input' | 'output', name: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const [issue] = error.issues;
    const place = issue?.path.length ? ` at "${issue.path.join('.')}"` : '';
    const type = side === 'input' ? 'InvalidInput' : 'InvalidOutput';
    throw new PermanentTaskFailure(
      type,
      `Cannot use the ${side} of "${name}"${place}: ${issue?.message ?? 'it does not fit'}`,
    );
  }
}
