import type { Finding } from '../../contracts/findings.ts';
import type { FlightThresholds } from '../../contracts/flight-thresholds.ts';
import type { Exposure, FlightTrack } from './flight-track.ts';
import { imageError, imageWarning } from './finding.ts';
import { bend } from './strips.ts';
import type { Neighbors } from './track-neighbors.ts';
import { rounded } from './value-spread.ts';

/** Makers of aircraft that hover, and fly slower than those with wings. */
const MULTIROTOR_MAKERS = /^(?:dji|hasselblad|autel|skydio|yuneec)\b/i;
/** Clocks that write whole seconds may be a second off between two images. */
const CLOCK_STEP_SECONDS = 1;
/** A line of fewer exposures has no sure direction. */
const LEAST_OF_LINE = 3;
/** Closer exposures than this have no sure direction either, meters. */
const LEAST_STEP = 0.5;

export function isMultirotor(make: string | null): boolean {
  return make !== null && MULTIROTOR_MAKERS.test(make);
}

/** What is remarkable about single exposures on the way of a flight, by image name. */
export function exposureFindings(
  track: FlightTrack,
  neighbors: readonly Neighbors[],
  limits: FlightThresholds,
  isNadirFlight: boolean,
): Map<string, Finding[]> {
  const findings = new Map<string, Finding[]>();
  track.exposures.forEach((exposure, index) => {
    const before = track.exposures[index - 1];
    const around = neighbors[index]!;
    const found = [
      before === undefined ? null : speedFinding(before, exposure, limits),
      motionBlurFinding(exposure, speedAt(track, index, around), limits),
      isNadirFlight ? tiltFinding(exposure, limits) : null,
    ].filter((finding) => finding !== null);
    if (found.length > 0) findings.set(exposure.name, found);
  });
  return findings;
}

function speedFinding(
  before: Exposure,
  after: Exposure,
  { maxSpeed, maxSpeedMultirotor }: FlightThresholds,
): Finding | null {
  if (before.time === null || after.time === null) return null;
  const seconds = after.time - before.time + stepOf(after);
  const distance = apart(before, after);
  const speed = distance / seconds;
  const limit = isMultirotor(after.description.make) ? maxSpeedMultirotor : maxSpeed;
  if (!(seconds > 0) || speed <= limit) return null;
  const { name } = after;
  const message = `Image "${name}" lies ${distance.toFixed(0)} m from "${before.name}", taken ${(after.time - before.time).toFixed(1)} s before: at least ${speed.toFixed(0)} m/s, where ${limit} m/s are the most that is flown: state the right place in geo.txt, set the clock right, or leave it out`;
  return imageWarning('GPS_SPEED', name, message, { speed: rounded(speed, 3), limit });
}

function stepOf({ capturedAt }: Exposure): number {
  return capturedAt?.includes('.') === true ? 0 : CLOCK_STEP_SECONDS;
}

/** Meters a second over ground: as recorded, else from the exposures before and after in its line. */
function speedAt(
  { exposures }: FlightTrack,
  index: number,
  { before, after }: Neighbors,
): number | null {
  const { groundSpeed } = exposures[index]!.description;
  if (groundSpeed !== null && groundSpeed !== undefined) return groundSpeed;
  const [from, to] = [exposures[before ?? index]!, exposures[after ?? index]!];
  if (from === to || from.time === null || to.time === null || to.time <= from.time) return null;
  return apart(from, to) / (to.time - from.time);
}

function motionBlurFinding(
  { name, gsd, description }: Exposure,
  speed: number | null,
  { motionBlurWarning, motionBlurError }: FlightThresholds,
): Finding | null {
  const { exposureSeconds = null } = description;
  if (speed === null || exposureSeconds === null || gsd === null) return null;
  const pixels = (speed * exposureSeconds) / gsd;
  if (pixels <= motionBlurWarning) return null;
  const isError = pixels > motionBlurError;
  const limit = isError ? motionBlurError : motionBlurWarning;
  const message = `The ground moved ${pixels.toFixed(1)} pixels while image "${name}" was exposed, at ${speed.toFixed(1)} m/s and ${exposureSeconds.toPrecision(2)} s, where at most ${limit} may be: fly slower, or expose shorter`;
  const values = { pixels: rounded(pixels), speed: rounded(speed, 3), exposureSeconds, limit };
  const finding = isError ? imageError : imageWarning;
  return finding('MOTION_BLUR_PREDICTED', name, message, values);
}

function tiltFinding(
  { name, tiltDegrees }: Exposure,
  { tiltInfo, tiltWarning }: FlightThresholds,
): Finding | null {
  if (tiltDegrees === null || tiltDegrees <= tiltInfo) return null;
  const isHigh = tiltDegrees > tiltWarning;
  const message = `Image "${name}" looks ${tiltDegrees.toFixed(1)} degrees away from the plumb line, in a flight that looks down, where up to ${isHigh ? tiltWarning : tiltInfo} are usual: check the gimbal, or fly with less wind`;
  const values = { tiltDegrees: rounded(tiltDegrees), limit: isHigh ? tiltWarning : tiltInfo };
  const finding = imageWarning('TILT_HIGH', name, message, values);
  return isHigh ? finding : { ...finding, severity: 'info' };
}

/**
 * Whether the top of the images points along the lines that were flown. A multirotor may fly in any
 * direction, so of its flights this is only worth knowing.
 */
export function yawTrackFinding(
  flightId: string,
  { exposures, strips }: FlightTrack,
  { maxCrab, maxCrabShare }: FlightThresholds,
): Finding | null {
  let [compared, away] = [0, 0];
  let multirotors = 0;
  for (const { heading, members } of strips) {
    if (heading === null || members.length < LEAST_OF_LINE) continue;
    for (const member of members) {
      const { topAzimuth, description } = exposures[member]!;
      if (topAzimuth === null) continue;
      compared++;
      if (isMultirotor(description.make)) multirotors++;
      if (Math.abs(bend(topAzimuth, heading)) > maxCrab) away++;
    }
  }
  const share = compared === 0 ? 0 : away / compared;
  if (compared < LEAST_OF_LINE || share <= maxCrabShare) return null;
  return {
    code: 'YAW_TRACK_MISMATCH',
    severity: multirotors * 2 > compared ? 'info' : 'warning',
    scope: 'flight',
    subject: flightId,
    message: `${away} of ${compared} images are turned more than ${maxCrab} degrees from the line that was flown, by their recorded yaw: unless the camera was mounted or flown so, state yawOffsetDegrees in flight.json`,
    values: { away, compared, share: rounded(share), limit: maxCrabShare },
  };
}

function apart(a: Exposure, b: Exposure): number {
  const distance = Math.hypot(a.place[0] - b.place[0], a.place[1] - b.place[1]);
  return distance < LEAST_STEP ? 0 : distance;
}
