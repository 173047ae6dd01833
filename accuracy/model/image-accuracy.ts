import type { ImageAccuracy } from '../../contracts/accuracy.ts';
import type { Finding } from '../../contracts/findings.ts';
import type { FlightImage, ImageDescription } from '../../contracts/flight.ts';
import type { ImageControl } from '../../contracts/image-control.ts';
import type { Camera, Pose } from '../../maths/camera.ts';
import { footprintOf, groundSampleDistances, tiltOf } from '../../maths/footprint.ts';
import { enuToGeodetic } from '../../maths/geodesy.ts';
import { type Ground, planeGround } from '../../maths/ground.ts';
import { gimbalRotation, type Vector3 } from '../../maths/rotation.ts';
import type { AssessmentPlan } from './assessment-plan.ts';
import { assumed, expectedError, MOST_NORMALIZED } from './expected-error.ts';
import { cameraOf, isKnown, poseOf } from './image-camera.ts';
import { compareWithControl } from './image-residuals.ts';
import { missing } from './missing-records.ts';
import { sumResiduals } from './residual-sums.ts';

/** Digits that are kept of a longitude or latitude: a tenth of a millimeter. */
const DEGREE_DIGITS = 9;
/** Without distortion the edges of a footprint are straight, and its corners say all. */
const POINTS_PER_SIDE = 4;

/** What an image is assessed by beside its own record. */
export interface Surroundings {
  plan: AssessmentPlan;
  /** The ground model of the flight; null where there is none. */
  terrain: Ground | null;
}

/**
 * What is known of one image: its ground sample distance, tilt, footprint, the error to be expected of its
 * direct georeferencing, and how far surveyed points in it lie from where it puts them. What cannot be
 * given is null, and `reasons` says why.
 *
 * @param surroundings null where nothing is known of the flight: level ground, and no control.
 */
export function assessImage(
  image: FlightImage,
  surroundings: Surroundings | null = null,
): ImageAccuracy {
  const { description } = image;
  const unknown: ImageAccuracy = {
    name: image.name,
    usable: image.usable,
    gsd: null,
    heightAboveGround: null,
    tiltDegrees: null,
    footprint: null,
    expectedSigma: null,
    blur: description?.measures?.blur ?? null,
    meanLuminance: description?.measures?.meanLuminance ?? null,
    reasons: [],
  };
  if (!image.usable || description === null) {
    return { ...unknown, reasons: ['the image was left out at ingestion'] };
  }
  const camera = cameraOf(description, surroundings?.plan.camera ?? {});
  const pose = surroundings === null ? { reason: 'no frame' } : poseOf(image, surroundings.plan);
  const geometry = geometryOf(description, camera, pose, surroundings);
  const control =
    surroundings === null
      ? null
      : controlOf(image.name, camera, pose, geometry.expectedSigma, surroundings.plan);
  const groundSpeed = description.groundSpeed ?? null;
  return {
    ...unknown,
    ...geometry,
    ...(control === null
      ? {}
      : { control: { ...control, groundSpeed }, ...findingsOf(image.name, control) }),
  };
}

type Geometry = Pick<
  ImageAccuracy,
  'gsd' | 'heightAboveGround' | 'tiltDegrees' | 'footprint' | 'expectedSigma' | 'reasons'
>;

function geometryOf(
  description: ImageDescription,
  camera: Camera | { reason: string },
  pose: Pose | { reason: string },
  surroundings: Surroundings | null,
): Geometry {
  const { attitude, position } = description;
  const height = heightAboveGround(description, pose, surroundings);
  const rotation = attitude === null ? null : gimbalRotation(attitude);
  const reasons = [
    ...(height === null ? ['no height above ground'] : []),
    ...(isKnown(camera) ? [] : [camera.reason]),
    ...(attitude === null ? [missing.attitude] : []),
    ...(position === null ? [missing.position] : []),
  ];
  const tiltDegrees = rotation === null ? null : tiltOf(rotation);
  const nothing = { gsd: null, footprint: null, expectedSigma: null, reasons };
  if (height === null || !isKnown(camera)) {
    return { ...nothing, heightAboveGround: height, tiltDegrees };
  }
  // Without a place in the frame of the flight the camera stands above its own ground.
  const stand = isKnown(pose)
    ? pose
    : rotation === null
      ? null
      : { center: [0, 0, height] as const, rotation };
  const ground = isKnown(pose)
    ? (surroundings?.terrain ?? planeGround(pose.center[2] - height))
    : planeGround(0);
  const outline = stand === null ? null : footprintOf(camera, stand, ground);
  if (stand !== null && outline === null) reasons.push('a corner looks at the horizon');
  const nominal = height / Math.sqrt(camera.focalX * camera.focalY);
  const gsd =
    stand === null ? { nominal, mean: null } : groundSampleDistances(camera, stand, ground, height);
  const sigma = surroundings?.plan.camera.attitudeSigmaDegrees ?? assumed.attitudeDegrees;
  return {
    gsd,
    heightAboveGround: height,
    tiltDegrees,
    footprint:
      outline === null ? null : footprintOnGlobe(outline, camera, pose, description, surroundings),
    expectedSigma:
      position === null || attitude === null
        ? null
        : expectedError({
            height,
            gsd: gsd.mean ?? nominal,
            sdHorizontal: position.sdHorizontal,
            attitudeDegrees: sigma,
          }),
    reasons,
  };
}

/** By the ground model, else as the aircraft recorded it, else above the middle of the surveyed points. */
export function heightAboveGround(
  { relativeAltitude }: ImageDescription,
  pose: Pose | { reason: string },
  surroundings: Surroundings | null,
): number | null {
  const positive = (height: number) => (height > 0 ? height : null);
  const { plan = null, terrain = null } = surroundings ?? {};
  if (terrain !== null && isKnown(pose)) {
    const below = terrain(pose.center, [0, 0, -1]);
    if (below !== null) return positive(pose.center[2] - below.point[2]);
  }
  if (relativeAltitude !== null && relativeAltitude > 0) return relativeAltitude;
  if (plan === null || plan.groundUp === null || !isKnown(pose)) return null;
  return positive(pose.center[2] - plan.groundUp);
}

function controlOf(
  name: string,
  camera: Camera | { reason: string },
  pose: Pose | { reason: string },
  expectedSigma: number | null,
  { points, observations }: AssessmentPlan,
): ImageControl | null {
  const seen = observations[name];
  if (seen === undefined) return null;
  const known = isKnown(camera) && isKnown(pose) ? { camera, pose } : null;
  if (known === null) {
    const reason = isKnown(camera) ? (isKnown(pose) ? '' : pose.reason) : camera.reason;
    return {
      ...nothingCompared,
      unusable: seen.map(({ point }) => ({ point, image: name, reason })),
    };
  }
  const compared = compareWithControl({
    ...known,
    observations: seen.map(({ point, pixel }) => ({ point, image: name, pixel })),
    points: new Map(points.map((point) => [point.name, point])),
    expectedSigma,
  });
  const pixels = new Map(seen.map(({ point, pixel }) => [point, pixel]));
  const { residuals, unusable, sums, sumsWithoutSuspects, figures, normalized } = compared;
  return {
    residuals: residuals.map((residual) => ({ ...residual, pixel: pixels.get(residual.point)! })),
    unusable,
    sums,
    sumsWithoutSuspects,
    figures,
    normalized,
    geometry: known,
  };
}

const nothingCompared: ImageControl = {
  residuals: [],
  unusable: [],
  sums: sumResiduals([]),
  sumsWithoutSuspects: sumResiduals([]),
  figures: null,
  normalized: null,
  geometry: null,
};

function findingsOf(name: string, { normalized }: ImageControl): { findings?: Finding[] } {
  if (normalized === null || normalized <= MOST_NORMALIZED) return {};
  return {
    findings: [
      {
        code: 'IMAGE_ACCURACY_OUTLIER',
        severity: 'warning',
        scope: 'image',
        subject: name,
        message: `Image "${name}" puts surveyed points ${normalized.toFixed(1)} times further off than its record promises`,
        values: { normalized, limit: MOST_NORMALIZED },
      },
    ],
  };
}

/** Brings an outline to WGS84: closed, counter-clockwise (RFC 7946). */
function footprintOnGlobe(
  outline: readonly Vector3[],
  { distortion }: Camera,
  pose: Pose | { reason: string },
  { position }: ImageDescription,
  surroundings: Surroundings | null,
): [number, number][] | null {
  if (position === null) return null;
  const isStraight = Object.values(distortion).every((value) => value === 0);
  const isPlaced = surroundings !== null && isKnown(pose);
  const origin = isPlaced
    ? surroundings.plan.origin
    : {
        latitudeDegrees: position.latitude,
        longitudeDegrees: position.longitude,
        heightMeters: 0,
      };
  const ring = outline
    .filter((_, index) => !isStraight || index % POINTS_PER_SIDE === 0)
    .map((place): [number, number] => {
      const point = enuToGeodetic(isPlaced ? place : [place[0], place[1], 0], origin);
      return [round(point.longitudeDegrees), round(point.latitudeDegrees)];
    });
  // The corners run clockwise in the image, which a camera that looks down turns into clockwise on a map.
  ring.reverse();
  return [...ring, ring[0]!];
}

function round(degrees: number): number {
  return Number(degrees.toFixed(DEGREE_DIGITS));
}
