import { isCancellation, log, proxyActivities } from '@temporalio/workflow';
import type { ArtifactRef } from '../contracts/artifacts.ts';
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
const { planScene, finishScene } = proxyActivities<RegistrationActivities>({ ...heavy, taskQueue });
const { measureWindows, checkWindows } = proxyActivities<RegistrationActivities>({
  ...batch,
  taskQueue,
});
const { judgeLook, refuseScene } = proxyActivities<RegistrationActivities>({
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
  runKey: string;
}

/**
 * Finds where a scene lies against its reference: a plan, then windows in batches around one place after
 * the other until one is sure, then the windows of the corrected scene again. A step that fails for good
 * costs the scene its comparison, and stops no other.
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
  { reference, dem, runKey }: Comparison,
): Promise<RegisteredScene> {
  const { name } = scene;
  const planned = await planScene.executeWithOptions({ summary: `plan ${name}` }, [
    { scene, location, reference, dem, runKey },
  ]);
  if (planned.ended !== null) return planned.ended;
  const plan = planned.plan!;
  let best: JudgedScene | null = null;
  for (const [look, windows] of planned.windows.entries()) {
    const judged = await lookAt(look, windows);
    if (best === null || isSurer(judged, best)) best = judged;
    if (best.status === 'LOCATED') break;
  }
  const { judged, toCheck } = best!;
  const checks = await inBatches(toCheck, ({ from, count }) =>
    checkWindows.executeWithOptions(
      { summary: `check windows ${from + 1} to ${from + count} of ${name}` },
      [{ plan, judged, from, count, runKey }],
    ),
  );
  return finishScene.executeWithOptions({ summary: `finish ${name}` }, [
    { plan, judged, checks, runKey },
  ]);

  async function lookAt(look: number, windows: number): Promise<JudgedScene> {
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
