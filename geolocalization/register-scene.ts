import { isCancellation, log, patched, proxyActivities } from '@temporalio/workflow';
import type { ArtifactRef } from '../contracts/artifacts.ts';
import type { AdmittedRequest } from '../contracts/automation.ts';
import type { FetchedScene } from '../contracts/geolocalization.ts';
import { taskQueues } from '../contracts/task-queues.ts';
import { batch, compose, heavy } from '../durable/activity-contracts.ts';
import { cutIntoSlices } from '../durable/batches.ts';
import { mapWindow } from '../durable/map-window.ts';
import { reasonOf } from '../durable/root-cause.ts';
import type {
  JudgedScene,
  RegisteredScene,
  RegistrationActivities,
} from './registration-activities.ts';

const taskQueue = taskQueues.processor;
const { planScene, searchScene, finishScene } = proxyActivities<RegistrationActivities>({
  ...heavy,
  taskQueue,
});
const { measureWindows, checkWindows } = proxyActivities<RegistrationActivities>({
  ...batch,
  taskQueue,
});
const { judgeLook, notFound, refuseScene } = proxyActivities<RegistrationActivities>({
  ...compose,
  taskQueue,
});

/** Windows per batch: a second or two of work. */
const WINDOWS_PER_BATCH = 25;
/** Batches of one scene under way; some scenes are, too. */
const WINDOW_BATCHES = 8;

/** What a scene is compared with. */
interface Comparison {
  reference: ArtifactRef;
  dem: ArtifactRef | null;
  isWarped: boolean;
  searchArea: AdmittedRequest['searchArea'];
  runKey: string;
}

/**
 * Finds where a scene lies against its reference: a plan, then windows in batches around one place after
 * the other until one is sure, then the windows of the corrected scene again. One that is not found where it
 * states is looked for elsewhere, and one that states nothing everywhere. A step that fails for good costs
 * the scene its comparison, and stops no other.
 */
export async function registerScene(
  scene: FetchedScene,
  location: ArtifactRef,
  comparison: Comparison,
): Promise<RegisteredScene> {
  try {
    return await compareScene(scene, location, comparison);
  } catch (error) {
    if (isCancellation(error)) throw error;
    const reason = reasonOf(error);
    log.warn('Gave a scene no comparison', { scene: scene.name, reason });
    return refuseScene.executeWithOptions({ summary: `say why ${scene.name} was not compared` }, [
      { reason, runKey: comparison.runKey },
    ]);
  }
}

async function compareScene(
  scene: FetchedScene,
  location: ArtifactRef,
  { reference, dem, isWarped, searchArea, runKey }: Comparison,
): Promise<RegisteredScene> {
  const { name } = scene;
  const planned = await planScene.executeWithOptions({ summary: `plan ${name}` }, [
    { scene, location, reference, dem, runKey },
  ]);
  const stated = planned.plan === null ? null : await lookThrough(planned.plan, planned.windows);
  const isDone = stated?.status === 'LOCATED' || planned.canSearch !== true;
  if (isDone || !patched('search-elsewhere')) return endAt(planned.plan, stated);
  const found = await searchScene.executeWithOptions({ summary: `search for ${name}` }, [
    { location, reference, dem, runKey, ...(searchArea === undefined ? {} : { searchArea }) },
  ]);
  if (found.plan !== null) {
    const elsewhere = await lookThrough(found.plan, found.windows);
    if (elsewhere.status === 'LOCATED') return endAt(found.plan, elsewhere);
  }
  const { registration } = await endAt(planned.plan, stated);
  return notFound.executeWithOptions({ summary: `say that ${name} was not found` }, [
    { registration, searched: found.searched, runKey },
  ]);

  async function endAt(
    plan: ArtifactRef | null,
    looked: JudgedScene | null,
  ): Promise<RegisteredScene> {
    if (plan === null || looked === null) return planned.ended!;
    const { judged, toCheck } = looked;
    const checks = await inBatches(toCheck, ({ from, count }) =>
      checkWindows.executeWithOptions(
        { summary: `check windows ${from + 1} to ${from + count} of ${name}` },
        [{ plan, judged, from, count, runKey }],
      ),
    );
    return finishScene.executeWithOptions({ summary: `finish ${name}` }, [
      { plan, judged, checks, runKey, ...(isWarped ? { isWarped } : {}) },
    ]);
  }

  /** The surest of the looks of a plan; a plan has one at least. */
  async function lookThrough(plan: ArtifactRef, looks: number[]): Promise<JudgedScene> {
    let best: JudgedScene | null = null;
    for (const [look, windows] of looks.entries()) {
      const judged = await lookAt(plan, look, windows);
      if (best === null || isSurer(judged, best)) best = judged;
      if (best.status === 'LOCATED') break;
    }
    return best!;
  }

  async function lookAt(plan: ArtifactRef, look: number, windows: number): Promise<JudgedScene> {
    const batches = await inBatches(windows, ({ from, count }) =>
      measureWindows.executeWithOptions(
        { summary: `windows ${from + 1} to ${from + count} of ${name}, place ${look + 1}` },
        [{ plan, look, from, count, runKey }],
      ),
    );
    return judgeLook.executeWithOptions({ summary: `judge place ${look + 1} of ${name}` }, [
      { plan, look, batches, runKey },
    ]);
  }
}

function inBatches(
  windows: number,
  work: (slice: { from: number; count: number }) => Promise<ArtifactRef>,
): Promise<ArtifactRef[]> {
  return mapWindow(cutIntoSlices(windows, WINDOWS_PER_BATCH), WINDOW_BATCHES, work);
}

function isSurer(judged: JudgedScene, best: JudgedScene): boolean {
  return (judged.falseAlarms ?? Number.MAX_VALUE) < (best.falseAlarms ?? Number.MAX_VALUE);
}
