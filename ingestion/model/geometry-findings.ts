import type { Finding } from '../../contracts/findings.ts';
import type { FlightGeometry } from '../../contracts/flight.ts';
import type { FlightThresholds } from '../../contracts/flight-thresholds.ts';
import type { FlightOverlaps, PairOverlap } from './flight-geometry.ts';
import { rounded } from './value-spread.ts';

/** Fewer pairs say nothing about a flight. */
const LEAST_PAIRS = 3;

/** Whether most images of a flight are tilted by little. */
export function looksDown(
  { tiltDegrees }: FlightGeometry,
  { nadirTilt }: FlightThresholds,
): boolean {
  return tiltDegrees !== null && tiltDegrees.median <= nadirTilt;
}

/**
 * What the footprints of a flight say about it. Overlap and coverage are judged only of flights that look
 * down: the ground that others see does not lie below them.
 */
export function geometryFindings(
  flightId: string,
  geometry: FlightGeometry,
  overlaps: FlightOverlaps,
  limits: FlightThresholds,
): Finding[] {
  const findings: (Finding | null)[] = [gsdFinding(flightId, geometry, limits)];
  if (looksDown(geometry, limits)) {
    findings.push(
      overlapFinding(flightId, 'forward', overlaps.forward, geometry.forwardOverlap, {
        warning: limits.forwardOverlapWarning,
        error: limits.forwardOverlapError,
        lowShare: limits.lowOverlapShare,
      }),
      overlapFinding(flightId, 'side', overlaps.side, geometry.sideOverlap, {
        warning: limits.sideOverlapWarning,
        error: limits.sideOverlapError,
        lowShare: limits.lowOverlapShare,
      }),
      holeFinding(flightId, geometry, limits),
    );
  }
  return findings.filter((finding) => finding !== null);
}

function overlapFinding(
  flightId: string,
  direction: 'forward' | 'side',
  pairs: readonly PairOverlap[],
  spread: FlightGeometry['forwardOverlap'],
  limits: { warning: number; error: number; lowShare: number },
): Finding | null {
  if (spread === null || spread.n < LEAST_PAIRS) return null;
  const low = pairs.filter(({ overlap }) => overlap < limits.warning).length;
  const isError = spread.median < limits.error;
  if (!isError && low <= limits.lowShare * spread.n) return null;
  const worst = pairs.reduce((least, pair) => (pair.overlap < least.overlap ? pair : least));
  const words = direction === 'forward' ? 'consecutive images' : 'images of neighboring lines';
  return {
    code: 'OVERLAP_LOW',
    severity: isError ? 'error' : 'warning',
    scope: 'flight',
    subject: flightId,
    message: `${low} of ${spread.n} pairs of ${words} share less of their ground than the ${percent(limits.warning)} that a sound model needs: ${percent(spread.median)} in the middle, ${percent(worst.overlap)} at the least, of "${worst.first}" and "${worst.second}": fly ${direction === 'forward' ? 'slower or trigger more often' : 'the lines closer together'}`,
    values: {
      direction,
      median: spread.median,
      minimum: spread.minimum,
      pairs: spread.n,
      low,
      limit: isError ? limits.error : limits.warning,
    },
  };
}

function holeFinding(
  flightId: string,
  { holeShare }: FlightGeometry,
  { maxHoleShare, minImagesOnGround }: FlightThresholds,
): Finding | null {
  if (holeShare === null || holeShare <= maxHoleShare) return null;
  return {
    code: 'COVERAGE_HOLE',
    severity: 'warning',
    scope: 'flight',
    subject: flightId,
    message: `${percent(holeShare)} of the ground below the flight are seen by fewer than ${minImagesOnGround} images, where ${percent(maxHoleShare)} may be: fly what is missing, or do not rely on the ground there`,
    values: { share: holeShare, limit: maxHoleShare },
  };
}

function gsdFinding(
  flightId: string,
  { gsd }: FlightGeometry,
  { maxGsdRatio }: FlightThresholds,
): Finding | null {
  if (gsd === null || !(gsd.minimum > 0) || gsd.maximum / gsd.minimum <= maxGsdRatio) return null;
  const ratio = rounded(gsd.maximum / gsd.minimum, 3);
  const [least, most] = [centimeters(gsd.minimum), centimeters(gsd.maximum)];
  return {
    code: 'GSD_SPREAD',
    severity: 'warning',
    scope: 'flight',
    subject: flightId,
    message: `A pixel covers ${least} to ${most} cm of the ground, ${ratio} times as much, where at most ${maxGsdRatio} times are usual: fly along the ground, or add a ground model if the heights are not those above the ground`,
    values: { minimum: gsd.minimum, maximum: gsd.maximum, ratio, limit: maxGsdRatio },
  };
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}

function centimeters(meters: number): string {
  return (meters * 100).toFixed(1);
}
