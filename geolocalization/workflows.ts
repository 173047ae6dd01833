import { isCancellation, log, proxyActivities } from '@temporalio/workflow';
import type { ArtifactRef } from '../contracts/artifacts.ts';
import type { AdmittedRequest, ImageOrigin } from '../contracts/automation.ts';
import type {
  FetchedScene,
  LocatedScene,
  LocatedScenes,
  SceneAppearance,
} from '../contracts/geolocalization.ts';
import { taskQueues } from '../contracts/task-queues.ts';
import { heavy, lookup } from '../durable/activity-contracts.ts';
import { expectShape, shapes } from '../durable/foreign-input.ts';
import { mapWindow } from '../durable/map-window.ts';
import { keepProgress } from '../durable/progress.ts';
import { asWorkflowFailure, reasonOf } from '../durable/root-cause.ts';
import type { GeolocalizationActivities, SceneViewActivities } from './activities.ts';
import { verdictOf } from './model/scene-verdict.ts';
import { registerScene } from './register-scene.ts';

const { listScenes } = proxyActivities<GeolocalizationActivities>(lookup);
const { fetchScene, locateScene, catalogueFiles } =
  proxyActivities<GeolocalizationActivities>(heavy);
const { viewScene } = proxyActivities<SceneViewActivities>({
  ...heavy,
  taskQueue: taskQueues.processor,
});

/** Catalogues of what the scenes of a request are compared with. */
interface Comparison {
  reference: ArtifactRef | null;
  dem: ArtifactRef | null;
  isWarped: boolean;
  searchArea: AdmittedRequest['searchArea'];
  runKey: string;
}

/** Scenes in work at a time: one may be as large as the disk of a worker allows. */
const SCENE_WINDOW = 4;

/** Finds where each scene of a request lies on the ground. One bad scene stops no other. */
export async function GeolocalizationWorkflow(request: AdmittedRequest): Promise<LocatedScenes> {
  expectShape(request, shapes.admittedRequest);
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
    const comparison = await prepareComparison(request);
    let done = 0;
    const say = () =>
      progress.report({
        done,
        total: scenes.length,
        words: `${done} of ${scenes.length} scenes located`,
      });
    say();
    const located = await mapWindow(scenes, SCENE_WINDOW, async (scene) => {
      const placed = await placeScene(scene, request.runKey, comparison);
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

/** Where the files of the reference and of the height model lie; null when the request gives neither. */
async function prepareComparison({
  reference,
  dem,
  warp,
  searchArea,
  runKey,
}: AdmittedRequest): Promise<Comparison | null> {
  if (reference === undefined && dem === undefined) return null;
  const catalogue = (origin: ImageOrigin, what: 'reference' | 'height model') =>
    catalogueFiles.executeWithOptions({ summary: `read the ${what} ${origin.location}` }, [
      { origin, what, runKey },
    ]);
  return {
    reference: reference === undefined ? null : await catalogue(reference, 'reference'),
    dem: dem === undefined ? null : await catalogue(dem, 'height model'),
    isWarped: warp === true,
    searchArea,
    runKey,
  };
}

/**
 * A step that fails for good, such as one that ends its worker again and again, costs the scene what the
 * step would have given. Only writing down where a scene lies may fail the run: then nothing can be written.
 */
async function placeScene(
  source: Parameters<GeolocalizationActivities['fetchScene']>[0]['source'],
  runKey: string,
  comparison: Comparison | null,
): Promise<LocatedScene> {
  const { name } = source;
  const scene = await orInstead(
    fetchScene.executeWithOptions({ summary: `fetch ${name}` }, [{ source, runKey }]),
    (reason): FetchedScene => ({ name, file: null, reason }),
  );
  const heights = comparison?.dem ? { dem: comparison.dem } : {};
  const [{ preview }, located] = await Promise.all([
    orInstead(
      viewScene.executeWithOptions({ summary: `view ${name}` }, [{ scene, runKey }]),
      (reason): SceneAppearance => ({ preview: null, reason }),
    ),
    orInstead(
      locateScene.executeWithOptions({ summary: `locate ${name}` }, [
        { scene, runKey, ...heights },
      ]),
      (reason) =>
        locateScene.executeWithOptions({ summary: `name ${name} as unreadable` }, [
          { scene: { name, file: null, reason }, runKey },
        ]),
    ),
  ]);
  if (!comparison?.reference) return { ...located, preview };
  const { registration, status } = await registerScene(scene, located.location, {
    ...comparison,
    reference: comparison.reference,
  });
  return { ...located, preview, registration, registrationStatus: status };
}

async function orInstead<Result>(
  step: Promise<Result>,
  substitute: (reason: string) => Result | Promise<Result>,
): Promise<Result> {
  try {
    return await step;
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.warn('Went on without a step of a scene', { reason: reasonOf(error) });
    return substitute(reasonOf(error));
  }
}
