import type { Finding } from '../../contracts/findings.ts';
import type { ControlPoint } from '../../contracts/flight.ts';
import { convexHull, type Place, signedArea } from '../../maths/polygon.ts';
import { CountedFindings } from './counted-findings.ts';
import { controlError, controlWarning } from './finding.ts';
import { type GroundPoint, isNearWhenExchanged, nearestDistance } from './ground-distance.ts';
import { rounded } from './value-spread.ts';

/** Sights and points below which nothing can be said, and below which little can. */
const RAYS = { least: 2, enough: 3 };
const POINTS = { least: 3, enough: 5 };
/** Share of the flight that its control should surround. */
const HULL_SHARE = 0.25;
/** Control farther than this from every image is in another system than it says, meters. */
const FAR_METERS = 20_000;
const METERS_PER_DEGREE = 111_320;

/**
 * What is to be said of the control of a flight.
 *
 * @param points matched with the images of the flight.
 * @param places of its images.
 */
export function controlFindings(
  points: readonly ControlPoint[],
  places: readonly GroundPoint[],
): Finding[] {
  const control = points.filter(({ role }) => role === 'control');
  if (points.length === 0) return [];
  return [
    ...rayFindings(points),
    ...(control.length === 0 ? [] : [countFinding(control), heightFinding(control)]),
    farFinding(points, places) ?? hullFinding(control, places),
  ].filter((finding) => finding !== null);
}

function rayFindings(points: readonly ControlPoint[]): Finding[] {
  const findings = new CountedFindings();
  for (const point of points) {
    const finding = rayFinding(point);
    if (finding !== null) findings.add(finding);
  }
  return findings.entries();
}

function rayFinding({ name, observations }: ControlPoint): Finding | null {
  const images = new Set(
    observations.filter(({ doubt }) => doubt === undefined).map(({ image }) => image),
  ).size;
  if (images >= RAYS.enough) return null;
  const message = `Point "${name}" is seen in ${images} images: ${RAYS.least} are needed to intersect it, ${RAYS.enough} to check that`;
  const finding = images < RAYS.least ? controlError : controlWarning;
  return finding('GCP_FEW_RAYS', name, message, { images, limit: RAYS.enough });
}

function countFinding(control: readonly ControlPoint[]): Finding | null {
  const count = control.length;
  if (count >= POINTS.enough) return null;
  const message = `The flight has ${count} control points: ${POINTS.least} are needed to place it, ${POINTS.enough} to check that`;
  const finding = count < POINTS.least ? controlError : controlWarning;
  return finding('GCP_TOO_FEW', 'control', message, { points: count, limit: POINTS.enough });
}

function heightFinding(control: readonly ControlPoint[]): Finding | null {
  const [first] = control;
  const isFlat = control.length > 1 && control.every(({ z }) => z !== null && z === first!.z);
  if (!isFlat) return null;
  const message = `All ${control.length} control points have the height ${first!.z} m: a survey has not, the heights may be made up`;
  return controlWarning('GCP_FLAT_HEIGHT', 'control', message, { height: first!.z });
}

/** Control far from every image: in another system than the file says, or with its axes swapped. */
function farFinding(
  points: readonly ControlPoint[],
  places: readonly GroundPoint[],
): Finding | null {
  if (places.length === 0) return null;
  const distance = nearestDistance(points, places, FAR_METERS);
  if (distance <= FAR_METERS) return null;
  const isSwapped = isNearWhenExchanged(points, places, FAR_METERS);
  const hypothesis = isSwapped
    ? 'with x and y exchanged it lies among them'
    : 'check the system on its first line, and the order of its axes';
  const message = `The control lies ${(distance / 1000).toFixed(0)} km from the nearest image: ${hypothesis}`;
  return controlError('CRS_SUSPECT', 'control', message, {
    distance: rounded(distance, 0),
    limit: FAR_METERS,
    swapped: isSwapped,
  });
}

function hullFinding(
  control: readonly ControlPoint[],
  places: readonly GroundPoint[],
): Finding | null {
  const [origin] = places;
  if (control.length < POINTS.least || origin === undefined) return null;
  const flight = areaOf(places, origin);
  const area = areaOf(control, origin);
  if (!(flight > 0) || area >= HULL_SHARE * flight) return null;
  const share = area / flight;
  const message = `The control surrounds ${(share * 100).toFixed(0)} % of the flight: at least ${HULL_SHARE * 100} % are needed to hold its edges`;
  return controlWarning('GCP_HULL_SMALL', 'control', message, {
    share: rounded(share),
    limit: HULL_SHARE,
  });
}

function areaOf(places: readonly GroundPoint[], origin: GroundPoint): number {
  const scale = Math.cos((origin.latitude * Math.PI) / 180);
  const flat = places.map(({ latitude, longitude }): Place => {
    const east = (((longitude - origin.longitude + 540) % 360) - 180) * scale;
    return [east * METERS_PER_DEGREE, (latitude - origin.latitude) * METERS_PER_DEGREE];
  });
  return signedArea(convexHull(flat));
}
