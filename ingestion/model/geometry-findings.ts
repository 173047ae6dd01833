import type { Finding } from '../../contracts/findings.ts';
import type { FlightGeometry } from '../../contracts/flight.ts';
import type { FlightThresholds } from '../../contracts/flight-thresholds.ts';
import type { FlightOverlaps, PairOverlap } from './flight-geometry.ts';
import { rounded } from './value-spread.ts';

/** Fewer pairs say nothing about a flight. */
const LEAST_PAIRS = 3;
/** Share of the pairs that may overlap too little: where an image was left out. */
const LOW_SHARE = 0.1;
/** A flight looks down when most of its images are tilted by less, degrees. */
const NADIR_TILT = 15;

export function looksDown({ tiltDegrees }: FlightGeometry): boolean {
  return tiltDegrees !== null && tiltDegrees.median <= NADIR_TILT;
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
  if (looksDown(geometry)) {
    findings.push(
      overlapFinding(flightId, 'forward', overlaps.forward, geometry.forwardOverlap, {
        warning: limits.forwardOverlapWarning,
        error: limits.forwardOverlapError,
      }),
      overlapFinding(flightId, 'side', overlaps.side, geometry.sideOverlap, {
        warning: limits.sideOverlapWarning,
        error: limits.sideOverlapError,
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
  limits: { warning: number; error: number },
): Finding | null {
  if (spread === null || spread.n < LEAST_PAIRS) return null;
  const low = pairs.filter(({ overlap }) => overlap < limits.warning).length;
  const isError = spread.median < limits.error;
  if (!isError && low <= LOW_SHARE * spread.n) return null;
  const worst = pairs.reduce((least, pair) => (pair.overlap < least.overlap ? pair : least));
  const words = direction === 'forward' ? 'consecutive images' : 'images of neighboring lines';
  return {
    code: 'OVERLAP_LOW',
    severity: isError ? 'error' : 'warning',
    scope: 'flight',
    subject: flightId,
    message: `${low} of ${spread.n} pairs of ${words} share less of their ground than the ${percent(limits.warning)} that a sound model needs: ${percent(spread.median)} in the middle, ${percent(worst.overlap)} at the least, of "${worst.first}" and "${worst.second}"`,
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
  { maxHoleShare }: FlightThresholds,
): Finding | null {
  if (holeShare === null || holeShare <= maxHoleShare) return null;
  return {
    code: 'COVERAGE_HOLE',
    severity: 'warning',
    scope: 'flight',
    subject: flightId,
    message: `${percent(holeShare)} of the ground below the flight are seen by fewer than three images: ${percent(maxHoleShare)} may be`,
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
    message: `A pixel covers ${least} to ${most} cm of the ground, ${ratio} times as much: at most ${maxGsdRatio} times are usual`,
    values: { minimum: gsd.minimum, maximum: gsd.maximum, ratio, limit: maxGsdRatio },
  };
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}

function centimeters(meters: number): string {
  return (meters * 100).toFixed(1);
}
