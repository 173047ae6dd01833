import { z } from 'zod';
import { referencesIn } from '../../contracts/artifact-references.ts';
import type { Json } from '../../contracts/flow-definition.ts';
import { canonicalJson } from '../../maths/canonical-json.ts';
import type { ArtifactStore } from '../../platform/artifact-store.ts';
import { ResultMemo } from '../../platform/result-memo.ts';
import { textDigest } from './digest.ts';

const rememberedSchema = z.object({ value: z.unknown() });

/** What cached tasks gave for their inputs, in any run. */
export class TaskMemo {
  private readonly memo: ResultMemo<typeof rememberedSchema>;
  private readonly store: ArtifactStore;

  constructor(home: string, store: ArtifactStore) {
    this.memo = new ResultMemo(home, rememberedSchema);
    this.store = store;
  }

  /**
   * What a task gave for this input before, as long as the files that the value names are there.
   *
   * @param owner the run that owns them, too, from now on; without one they are only looked for.
   */
  async recall(task: string, input: Json, owner?: string): Promise<{ value: Json } | null> {
    const known = await this.memo.recall(keyOf(task, input));
    if (known === null) return null;
    const are = await Promise.all(
      referencesIn(known.value).map((ref) =>
        owner === undefined ? this.store.has(ref) : this.store.adopted(owner, ref),
      ),
    );
    return are.every(Boolean) ? { value: known.value as Json } : null;
  }

  async remember(task: string, input: Json, value: Json): Promise<void> {
    await this.memo.remember(keyOf(task, input), { value });
  }
}

function keyOf(task: string, input: Json) {
  const contentSha256 = textDigest(canonicalJson(input));
  return { step: `flow-task:${task}`, contentSha256, parameters: {} };
}
