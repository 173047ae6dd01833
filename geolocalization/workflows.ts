import { isCancellation, proxyActivities } from '@temporalio/workflow';
import type { AdmittedRequest } from '../contracts/automation.ts';
import type { LocatedScene, LocatedScenes } from '../contracts/geolocalization.ts';
import { taskQueues } from '../contracts/task-queues.ts';
import { heavy, lookup } from '../durable/activity-contracts.ts';
import { mapWindow } from '../durable/map-window.ts';
import { keepProgress } from '../durable/progress.ts';
import { asWorkflowFailure } from '../durable/root-cause.ts';
import type { GeolocalizationActivities, SceneViewActivities } from './activities.ts';
import { verdictOf } from './model/scene-verdict.ts';

const { listScenes } = proxyActivities<GeolocalizationActivities>(lookup);
const { fetchScene, locateScene } = proxyActivities<GeolocalizationActivities>(heavy);
const { viewScene } = proxyActivities<SceneViewActivities>({
  ...heavy,
  taskQueue: taskQueues.processor,
});

/** Scenes in work at a time: one may be as large as the disk of a worker allows. */
const SCENE_WINDOW = 4;

/** Finds where each scene of a request lies on the ground. One bad scene stops no other. */
export async function GeolocalizationWorkflow(request: AdmittedRequest): Promise<LocatedScenes> {
  const progress = keepProgress({
    stage: 'geolocalization',
    done: 0,
    total: 0,
    words: 'Listing the scenes',
  });
  try {
    const { location } = request.origin;
    const { scenes } = await listScenes.executeWithOptions({ summary: `list ${location}` }, [
      request,
    ]);
    let done = 0;
    const say = () =>
      progress.report({
        done,
        total: scenes.length,
        words: `${done} of ${scenes.length} scenes located`,
      });
    say();
    const located = await mapWindow(scenes, SCENE_WINDOW, async (scene) => {
      const placed = await placeScene(scene, request.runKey);
      done++;
      say();
      return placed;
    });
    return { scenes: located, verdict: verdictOf(located) };
  } catch (error) {
    if (isCancellation(error)) throw error;
    throw asWorkflowFailure(error);
  }
}

async function placeScene(
  source: Parameters<GeolocalizationActivities['fetchScene']>[0]['source'],
  runKey: string,
): Promise<LocatedScene> {
  const { name } = source;
  const scene = await fetchScene.executeWithOptions({ summary: `fetch ${name}` }, [
    { source, runKey },
  ]);
  const [{ preview }, located] = await Promise.all([
    viewScene.executeWithOptions({ summary: `view ${name}` }, [{ scene, runKey }]),
    locateScene.executeWithOptions({ summary: `locate ${name}` }, [{ scene, runKey }]),
  ]);
  return { ...located, preview };
}
