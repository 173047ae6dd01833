import { type ArtifactRef, mediaTypes } from '../../contracts/artifacts.ts';
import type {
  JudgedLook,
  MeasuredWindow,
  RegistrationPlan,
} from '../../contracts/scene-registration-plan.ts';
import type { SceneRegistration } from '../../contracts/scene-registration.ts';
import type { ArtifactStore } from '../../platform/artifact-store.ts';
import { canonicalJson } from '../../maths/canonical-json.ts';
import { bothWays, isGeographic } from '../../platform/coordinate-systems.ts';
import { type Geotransform, toMap } from '../model/affine.ts';
import { describeRegistration, hasModel } from '../model/registration/describe-registration.ts';
import { groundDisplacement } from '../model/registration/ground-displacement.ts';
import { displacementAt, type ShiftModel } from '../model/registration/shift-model.ts';
import { checkedVerdict } from '../model/registration/self-check.ts';
import { tiePointFeatures } from '../model/registration/tie-point-features.ts';
import { worldFileText } from '../model/world-file.ts';
import { type Correction, correctedGeoreference } from './corrected-georeference.ts';
import { correctedOutline, foundElsewhere } from './found-elsewhere.ts';
import { readSceneHeader, UnreadableHeader } from './read-scene-header.ts';
import { distortionMap } from './distortion-map.ts';
import { registrationOverlays } from './registration-overlays.ts';
import { warpedCopy } from './warped-copy.ts';
import { withGeoreference } from './rewrite-georeference.ts';

/** The document of a compared scene with all that it leads to: tie points, corrected files, pictures. */
export async function finishRegistration(
  {
    plan,
    judged,
    again,
    isWarped = false,
  }: {
    plan: RegistrationPlan;
    judged: JudgedLook;
    again: MeasuredWindow[];
    /** Whether a copy with resampled pixels is wanted. */
    isWarped?: boolean;
  },
  { store, runKey, beat }: { store: ArtifactStore; runKey: string; beat: () => void },
): Promise<SceneRegistration> {
  const pathOf = (ref: ArtifactRef) => store.fileOf(ref);
  const ways = await bothWays(plan.grid.map);
  const toGround = (x: number, y: number) =>
    ways?.toGround(...toMap(plan.grid.transform, x + 0.5, y + 0.5)) ?? null;
  const described: SceneRegistration = {
    ...describeRegistration(plan, judged),
    tiePoints: await store.addBytes(
      runKey,
      mediaTypes.geoJson,
      Buffer.from(JSON.stringify(tiePointFeatures(judged.tiePoints, toGround))),
    ),
  };
  if (!hasModel(judged)) return described;
  const middle = middleOf(judged);
  const off = displacementAt(judged.model, middle);
  const [truth, stated] = [
    toGround(middle.x, middle.y),
    toGround(middle.x + off.x, middle.y + off.y),
  ];
  const placed: SceneRegistration =
    plan.search === undefined
      ? {
          ...described,
          displacement:
            truth === null || stated === null ? null : groundDisplacement(truth, stated),
        }
      : await foundElsewhere(described, {
          plan,
          judged,
          truth,
          seen: { x: middle.x + off.x, y: middle.y + off.y },
          pathOf,
        });
  if (judged.status !== 'LOCATED') return placed;
  const checked = { ...placed, ...checkedVerdict(placed, again, plan.seed) };
  // What lies at a place that a search found first is no state of the scene.
  if (plan.search !== undefined) checked.similarityBefore = null;
  beat();
  const overlays = await registrationOverlays(plan, judged, pathOf);
  beat();
  const shown: SceneRegistration = {
    ...checked,
    overlays:
      overlays === null
        ? null
        : {
            before: await store.addBytes(runKey, mediaTypes.jpeg, overlays.before),
            after: await store.addBytes(runKey, mediaTypes.jpeg, overlays.after),
            caption: `${overlays.window.width} x ${overlays.window.height} pixels of the reference from column ${plan.grid.origin.x + overlays.window.x * plan.grid.reduction}, row ${plan.grid.origin.y + overlays.window.y * plan.grid.reduction}${plan.search === undefined ? '' : '; before is where the search found it first'}`,
          },
  };
  // A place that did not hold when it was tried corrects nothing, and proves nothing wrong.
  if (shown.status !== 'LOCATED') return { ...shown, ...(shown.findings ? { findings: [] } : {}) };
  const corrected = await correctedGeoreference(plan, judged, pathOf);
  const outline = await correctedOutline(plan, corrected);
  const footprint = outline.correctedFootprint;
  return {
    ...shown,
    ...corrected,
    ...correctedMapOf(plan),
    ...outline,
    ...(await filesOf(corrected)),
    ...(await distortionOf(judged)),
    ...(isWarped && footprint ? { warpedFile: await warped(judged.model, footprint) } : {}),
  };

  async function warped(
    model: ShiftModel,
    outline: NonNullable<typeof footprint>,
  ): Promise<ArtifactRef | null> {
    const copy = await warpedCopy(plan, model, outline, { pathOf, beat });
    return copy === null ? null : store.addStream(runKey, mediaTypes.geoTiff, copy);
  }

  async function distortionOf(
    located: JudgedLook & { model: ShiftModel },
  ): Promise<Pick<SceneRegistration, 'distortion'>> {
    const map = await distortionMap(plan, located, toGround);
    if (map === null) return {};
    const { bytes, ...figures } = map;
    const file = await store.addBytes(runKey, mediaTypes.geoTiff, bytes);
    return { distortion: { file, ...figures } };
  }

  function worldFileOf(transform: Geotransform): Promise<ArtifactRef> {
    return store.addBytes(runKey, mediaTypes.text, Buffer.from(worldFileText(transform)));
  }

  async function filesOf({ correctedTransform, correctedControl }: Correction) {
    const georeference = correctedTransform ?? correctedControl?.points;
    if (georeference === undefined) return {};
    const names = await mapToName(plan, pathOf);
    const body =
      names === 'nothing'
        ? null
        : await withGeoreference(await pathOf(plan.target.file), georeference, names);
    let told = 0;
    return {
      ...(correctedTransform === null ? {} : { worldFile: await worldFileOf(correctedTransform) }),
      correctedFile:
        body === null
          ? null
          : await store.addStream(runKey, mediaTypes.geoTiff, body, {
              onBytes: (bytes) => {
                if (bytes - told < 1e6) return;
                told = bytes;
                beat();
              },
            }),
    };
  }
}

/** A search may have placed the scene in the map of the reference, which the scene does not name. */
function correctedMapOf({ search, target: { placement } }: RegistrationPlan) {
  return search === undefined || placement.kind === 'rpc' ? {} : { correctedMap: placement.map };
}

/**
 * The map that a corrected file has to name: null when it goes on with the one that it names, or that a file
 * beside it names without a code; `nothing` when a search placed it in a map that has no code to name it by.
 */
async function mapToName(
  { search, target: { file, placement } }: RegistrationPlan,
  pathOf: (ref: ArtifactRef) => Promise<string>,
) {
  if (placement.kind === 'rpc') return null;
  const { map } = placement;
  if ('epsg' in map) {
    const names = await namedBy(await pathOf(file));
    if (names?.kind === 'epsg' && names.code === map.epsg) return null;
    return { epsg: map.epsg, isGeographic: await isGeographic(map) };
  }
  const stated = search === undefined ? placement : search.stated;
  const isStated =
    stated !== null && stated.kind !== 'rpc' && canonicalJson(stated.map) === canonicalJson(map);
  return isStated ? null : 'nothing';
}

/** The map that a file names in its own header; null for a picture, which names none and is not rewritten. */
async function namedBy(path: string) {
  try {
    return (await readSceneHeader(path)).crs;
  } catch (error) {
    if (error instanceof UnreadableHeader) return null;
    throw error;
  }
}

function middleOf({ tiePoints }: JudgedLook): { x: number; y: number } {
  const inliers = tiePoints.filter(({ isInlier }) => isInlier);
  const mean = (values: number[]) =>
    values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  return { x: mean(inliers.map(({ at }) => at.x)), y: mean(inliers.map(({ at }) => at.y)) };
}
