import type { Finding } from '../../contracts/findings.ts';
import type { ControlPoint } from '../../contracts/flight.ts';
import type { FlightThresholds } from '../../contracts/flight-thresholds.ts';
import { convexHull, type Place, signedArea } from '../../maths/polygon.ts';
import { CountedFindings } from './counted-findings.ts';
import { controlError, controlWarning } from './finding.ts';
import { type GroundPoint, isNearWhenExchanged, nearestDistance } from './ground-distance.ts';
import { rounded } from './value-spread.ts';

/** Points that surround anything. */
const LEAST_OF_HULL = 3;
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
  limits: FlightThresholds,
): Finding[] {
  const control = points.filter(({ role }) => role === 'control');
  if (points.length === 0) return [];
  return [
    ...rayFindings(points, limits),
    ...(control.length === 0 ? [] : [countFinding(control, limits), heightFinding(control)]),
    farFinding(points, places, limits) ?? hullFinding(control, places, limits),
  ].filter((finding) => finding !== null);
}

function rayFindings(points: readonly ControlPoint[], limits: FlightThresholds): Finding[] {
  const findings = new CountedFindings();
  for (const point of points) {
    const finding = rayFinding(point, limits);
    if (finding !== null) findings.add(finding);
  }
  return findings.entries();
}

function rayFinding(
  { name, observations }: ControlPoint,
  { controlRaysError: least, controlRaysWarning: enough }: FlightThresholds,
): Finding | null {
  const images = new Set(
    observations.filter(({ doubt }) => doubt === undefined).map(({ image }) => image),
  ).size;
  if (images >= enough && images >= least) return null;
  const message = `Point "${name}" is seen in ${images} images: ${least} are needed to intersect it, ${enough} to check that: mark it in more of them`;
  const finding = images < least ? controlError : controlWarning;
  return finding('GCP_FEW_RAYS', name, message, { images, limit: enough });
}

function countFinding(
  control: readonly ControlPoint[],
  { controlPointsError: least, controlPointsWarning: enough }: FlightThresholds,
): Finding | null {
  const count = control.length;
  if (count >= enough && count >= least) return null;
  const message = `The flight has ${count} control points: ${least} are needed to place it, ${enough} to check that: survey more, and mark them`;
  const finding = count < least ? controlError : controlWarning;
  return finding('GCP_TOO_FEW', 'control', message, { points: count, limit: enough });
}

function heightFinding(control: readonly ControlPoint[]): Finding | null {
  const [first] = control;
  const isFlat = control.length > 1 && control.every(({ z }) => z !== null && z === first!.z);
  if (!isFlat) return null;
  const message = `All ${control.length} control points have the height ${first!.z} m: no survey gives that: state those that were measured, or NaN where none was`;
  return controlWarning('GCP_FLAT_HEIGHT', 'control', message, { height: first!.z });
}

/** Control far from every image: in another system than the file says, or with its axes swapped. */
function farFinding(
  points: readonly ControlPoint[],
  places: readonly GroundPoint[],
  { maxGroundDistance }: FlightThresholds,
): Finding | null {
  if (places.length === 0) return null;
  const distance = nearestDistance(points, places, maxGroundDistance);
  if (distance <= maxGroundDistance) return null;
  const isSwapped = isNearWhenExchanged(points, places, maxGroundDistance);
  const hypothesis = isSwapped
    ? 'with x and y exchanged it lies among them: exchange the first two columns'
    : 'check the system on its first line, and the order of its axes';
  const message = `The control lies ${(distance / 1000).toFixed(0)} km from the nearest image: ${hypothesis}`;
  return controlError('CRS_SUSPECT', 'control', message, {
    distance: rounded(distance, 0),
    limit: maxGroundDistance,
    swapped: isSwapped,
  });
}

function hullFinding(
  control: readonly ControlPoint[],
  places: readonly GroundPoint[],
  { minControlShare }: FlightThresholds,
): Finding | null {
  const [origin] = places;
  if (control.length < LEAST_OF_HULL || origin === undefined) return null;
  const flight = areaOf(places, origin);
  const area = areaOf(control, origin);
  if (!(flight > 0) || area >= minControlShare * flight) return null;
  const share = area / flight;
  const message = `The control surrounds ${(share * 100).toFixed(0)} % of the flight: at least ${(minControlShare * 100).toFixed(0)} % are needed to hold its edges: survey points near its corners`;
  return controlWarning('GCP_HULL_SMALL', 'control', message, {
    share: rounded(share),
    limit: minControlShare,
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
