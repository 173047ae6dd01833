import { getClient, heartbeat, log } from '@temporalio/activity';
import { type ArtifactRef, mediaTypes } from '../contracts/artifacts.ts';
import type { Expired, Reclaimed, ReclaimRequest } from '../contracts/cleanup.ts';
import type { WorkerServices } from '../platform/temporal/worker-spec.ts';
import { amountOf, lastWriteOf, listRunKeys, removeRun } from './io/expired-storage.ts';
import { referencesIn } from '../contracts/artifact-references.ts';
import { runIdOf } from './model/run-id.ts';

/** Runs that one activity removes at most: some seconds of work. */
const RUNS_PER_STEP = 200;
/** Files that a dead process left half-written: no living one works on a file for so long. */
const STRAY_AGE_MS = 86_400_000;

/** Where the removal of old runs stands. */
export interface ExpiryStep extends Expired {
  /** Key of the last run that was looked at; null when there is none after it. */
  after: string | null;
}

/** Whether the engine says that a run is still open. */
export type IsRunOpen = (runId: string) => Promise<boolean>;

export function createCleanupActivities({ store }: WorkerServices) {
  /**
   * Takes the run off every file that its result does not lead to; a file that no run needs any more is
   * removed. Safe to repeat, and after an unfinished attempt it goes on where that one stopped.
   */
  async function reclaimRun({ runKey, keep }: ReclaimRequest): Promise<Reclaimed> {
    const kept = await reachableFrom(keep);
    const reclaimed: Reclaimed = await store.owners.releaseAllBut(runKey, kept);
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

export function createExpiryActivities(
  { store }: WorkerServices,
  isRunOpen: IsRunOpen = askWhetherOpen,
) {
  /**
   * Removes some of the runs that wrote nothing since the cutoff and are over. Safe to repeat.
   *
   * A run that is still open is kept, however long ago it wrote; so is a folder that is no run's.
   */
  async function expireRuns(step: {
    cutoffMs: number;
    isDryRun: boolean;
    after: string | null;
  }): Promise<ExpiryStep> {
    const keys = (await listRunKeys(store)).filter(
      (key) => step.after === null || key > step.after,
    );
    const looked = keys.slice(0, RUNS_PER_STEP);
    const expired = { runs: 0, files: 0, bytes: 0, remembered: 0 };
    for (const key of looked) {
      heartbeat();
      const runId = runIdOf(key);
      if (runId === null || (await lastWriteOf(store, key)) >= step.cutoffMs) continue;
      if (await isRunOpen(runId)) continue;
      const amount = step.isDryRun ? await amountOf(store, key) : await removeRun(store, key);
      expired.runs++;
      expired.files += amount.files;
      expired.bytes += amount.bytes;
      log.info('Expired run', { runKey: key, isDryRun: step.isDryRun, ...amount });
    }
    const after = keys.length > looked.length ? (looked.at(-1) ?? null) : null;
    return { ...expired, after };
  }

  /** Removes remembered results, and what dead processes left half-written. Safe to repeat. */
  async function expireRemembered(step: { cutoffMs: number; isDryRun: boolean }): Promise<Expired> {
    const { cutoffMs, isDryRun } = step;
    const strayCutoffMs = Math.min(cutoffMs, Date.now() - STRAY_AGE_MS);
    const isScratch = (name: string) => name.endsWith('.tmp') || name.endsWith('.unowned');
    const { storage } = store;
    const memos = await storage.removeOld('memo', { cutoffMs, isDryRun, isMeant: () => true });
    heartbeat();
    const old = { cutoffMs: strayCutoffMs, isDryRun };
    const scratch = await storage.removeOld('artifacts/tmp', { ...old, isMeant: () => true });
    heartbeat();
    const strays = await storage.removeOld('artifacts', { ...old, isMeant: isScratch });
    const files = memos.files + scratch.files + strays.files;
    const bytes = memos.bytes + scratch.bytes + strays.bytes;
    log.info('Expired remembered results', { files, bytes, isDryRun });
    return { runs: 0, files, bytes, remembered: memos.files };
  }

  return { expireRuns, expireRemembered };
}

export type ExpiryActivities = ReturnType<typeof createExpiryActivities>;

async function askWhetherOpen(runId: string): Promise<boolean> {
  const query = `RunId = '${runId}' AND ExecutionStatus = 'Running'`;
  return (await getClient().workflow.count(query)).count > 0;
}
