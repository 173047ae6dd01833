import type { Json } from '../../contracts/flow-definition.ts';
import type { TaskAnswer } from '../../contracts/flow-results.ts';
import type { ArtifactStore } from '../../platform/artifact-store.ts';
import { performTask, type TaskRequest } from '../build/perform-task.ts';
import { PermanentTaskFailure } from '../build/permanent-task-failure.ts';
import type { ArtifactAccess, TaskHost } from '../build/task-context.ts';
import type { Task } from '../build/task.ts';
import { runArtifacts } from './run-artifacts.ts';
import { fetchLists, storeLists } from './stored-lists.ts';
import { TaskMemo } from './task-memo.ts';

/** Characters of JSON that a task may hand on once its long lists are in files. */
const MAX_VALUE_CHARACTERS = 1_000_000;

/** What the workflow sends with a task. */
export interface DurableTaskRequest extends TaskRequest {
  runKey: string;
  /** Absent in what runs of older versions sent. */
  runId?: string;
  sessionId?: string;
  isCached: boolean;
}

/**
 * Runs one task once. A cached task that was run before with the same input, in this run or another,
 * gives what it gave then, as long as the files that its value names are still there.
 *
 * @throws {PermanentTaskFailure} as `performTask`, and when the value is too large to hand on.
 */
export async function performRemembered(
  store: ArtifactStore,
  task: Task,
  { runKey, isCached, ...sent }: DurableTaskRequest,
  host: Omit<TaskHost, keyof ArtifactAccess>,
): Promise<TaskAnswer> {
  const { name } = task.facts;
  const input = await fetchLists(store, sent.input);
  const memo = new TaskMemo(store.storage);
  const known = isCached
    ? await memo.recall(name, input, (file) => store.adopted(runKey, file))
    : null;
  if (known !== null) return { value: await travelling(known.value), isReused: true };
  const request = { ...sent, input };
  const answer = await performTask(task, request, { ...host, ...runArtifacts(store, runKey) });
  const isPlain = answer.control === undefined && answer.writes === undefined;
  if (isCached && isPlain && answer.spawned === undefined) {
    await memo.remember(name, input, answer.value);
  }
  return { ...answer, value: await travelling(answer.value) };

  async function travelling(value: Json): Promise<Json> {
    const small = await storeLists(store, runKey, value);
    const { length } = JSON.stringify(small);
    if (length <= MAX_VALUE_CHARACTERS) return small;
    throw new PermanentTaskFailure(
      'ValueTooLarge',
      `Cannot hand on the value of "${name}" as it has ${length} characters of at most ${MAX_VALUE_CHARACTERS}: put it into an artifact, and hand on its reference`,
    );
  }
}
