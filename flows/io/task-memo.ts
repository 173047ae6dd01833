import { z } from 'zod';
import type { ArtifactRef } from '../../contracts/artifacts.ts';
import { referencesIn } from '../../contracts/artifact-references.ts';
import type { Json } from '../../contracts/flow-definition.ts';
import { canonicalJson } from '../../maths/canonical-json.ts';
import { type MemoKey, ResultMemo } from '../../platform/result-memo.ts';
import type { Storage } from '../../platform/storage.ts';
import { textDigest } from './digest.ts';

const keptSchema = z.object({ value: z.unknown() });

/** What cached tasks gave, by task and input: in this run, or in any other of this home folder. */
export class TaskMemo {
  private readonly memo: ResultMemo<typeof keptSchema>;

  constructor(storage: Storage) {
    this.memo = new ResultMemo(storage, keptSchema);
  }

  /**
   * What a task gave for an input, as long as each file that it names is still there.
   *
   * @param isThere asked for each file, as it is the caller who knows whether to keep it.
   */
  async recall(
    task: string,
    input: Json,
    isThere: (file: ArtifactRef) => Promise<boolean>,
  ): Promise<{ value: Json } | null> {
    const kept = await this.memo.recall(keyOf(task, input));
    if (kept === null) return null;
    const areThere = await Promise.all(referencesIn(kept.value).map(isThere));
    return areThere.every(Boolean) ? { value: kept.value as Json } : null;
  }

  remember(task: string, input: Json, value: Json): Promise<void> {
    return this.memo.remember(keyOf(task, input), { value });
  }
}

function keyOf(task: string, input: Json): MemoKey {
  return {
    step: `flow-task:${task}`,
    contentSha256: textDigest(canonicalJson(input)),
    parameters: {},
  };
}
