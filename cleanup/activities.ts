import { log } from '@temporalio/activity';
import { type ArtifactRef, mediaTypes } from '../contracts/artifacts.ts';
import type { Reclaimed, ReclaimRequest } from '../contracts/cleanup.ts';
import type { WorkerServices } from '../platform/temporal/worker-spec.ts';
import { referencesIn } from './model/references.ts';

export function createCleanupActivities({ store }: WorkerServices) {
  /**
   * Takes the run off every file that its result does not lead to; a file that no run needs any more is
   * removed. Safe to repeat, and after an unfinished attempt it goes on where that one stopped.
   */
  async function reclaimRun({ runKey, keep }: ReclaimRequest): Promise<Reclaimed> {
    const kept = await reachableFrom(keep);
    const reclaimed: Reclaimed = { files: 0, bytes: 0 };
    for (const sha256 of await store.owners.listOf(runKey)) {
      if (kept.has(sha256)) continue;
      const bytes = await store.owners.release(runKey, sha256);
      if (bytes > 0) {
        reclaimed.files++;
        reclaimed.bytes += bytes;
      }
    }
    if (kept.size === 0) await store.owners.forget(runKey);
    log.info('Gave storage back', { runKey, ...reclaimed });
    return reclaimed;
  }

  /** Everything that the documents refer to, directly or through other documents. */
  async function reachableFrom(roots: ArtifactRef[]): Promise<Set<string>> {
    const reached = new Set<string>();
    const open = [...roots];
    for (let ref = open.pop(); ref !== undefined; ref = open.pop()) {
      if (reached.has(ref.sha256)) continue;
      reached.add(ref.sha256);
      if (ref.mediaType !== mediaTypes.json) continue;
      open.push(...referencesIn(JSON.parse((await store.readBytes(ref)).toString('utf8'))));
    }
    return reached;
  }

  return { reclaimRun };
}

export type CleanupActivities = ReturnType<typeof createCleanupActivities>;
