import {
  compareWindow,
  type WindowComparison,
  type WindowRefusal,
} from '../../../maths/match-window.ts';
import type { Orientation } from '../../../maths/orientation-field.ts';
import type { PixelWindow, Raster } from '../../../maths/raster.ts';
import type { Displacement, Point } from './shift-model.ts';

/**
 * One window of the reference and where its content lies in the target, by the target's own
 * georeference: `shift` is 0 when that is right.
 */
export interface TiePoint extends Displacement {
  window: PixelWindow;
  ratio: number;
  peakToSidelobe: number;
  orientation: Orientation;
  /** Pixels between the match from reference to target and that back. */
  roundTrip: number;
  isAccepted: boolean;
}

/** What a window gave when it could not be compared. */
export interface SkippedWindow {
  window: PixelWindow;
  refusal: WindowRefusal;
}

/**
 * How the grids of two rasters with the same pixels lie to each other: pixel (x, y) of the reference is
 * (x + offset.x, y + offset.y) of the target, by what both files state. Whole pixels and a fraction.
 */
export interface MatchPlan {
  offset: Point;
  /** Shift that a coarser look has found already, pixels. */
  expected: Point;
  /** Whole pixels around it. */
  searchRadius: number;
}

/** Calibrated on real scenes of other dates: unrelated windows reach a ratio of 1.5 in 1 % of cases. */
const MIN_RATIO = 1.5;
const MIN_PEAK_TO_SIDELOBE = 7;
const MAX_ROUND_TRIP = 0.3;

/**
 * Compares one window. Which of many are compared first does not matter, so that they can be spread over
 * machines.
 */
export function measureTiePoint(
  reference: Raster,
  target: Raster,
  window: PixelWindow,
  { offset, expected, searchRadius }: MatchPlan,
): TiePoint | SkippedWindow {
  const guess = { x: Math.round(offset.x + expected.x), y: Math.round(offset.y + expected.y) };
  const compared = compareWindow(reference, target, window, { guess, searchRadius });
  if (typeof compared === 'string') return { window, refusal: compared };
  const { shift, ratio, peakToSidelobe, orientation, isAtEdge } = compared.match;
  const standsOut = !isAtEdge && (ratio >= MIN_RATIO || peakToSidelobe >= MIN_PEAK_TO_SIDELOBE);
  const roundTrip = standsOut ? roundTripOf(compared, guess) : Number.MAX_VALUE;
  return {
    window,
    at: { x: window.x + (window.width - 1) / 2, y: window.y + (window.height - 1) / 2 },
    shift: { x: shift.x - offset.x, y: shift.y - offset.y },
    ratio,
    peakToSidelobe,
    orientation,
    roundTrip,
    isAccepted: standsOut && roundTrip <= MAX_ROUND_TRIP,
  };
}

export function isTiePoint(measured: TiePoint | SkippedWindow): measured is TiePoint {
  return 'shift' in measured;
}

/** Without a whole-pixel shift the way back compares the very same pixels: it is the opposite. */
function roundTripOf({ match: { shift }, matchBack }: WindowComparison, guess: Point): number {
  const isCentered = Math.round(shift.x) === guess.x && Math.round(shift.y) === guess.y;
  if (isCentered) return 0;
  const back = matchBack();
  return Math.hypot(shift.x + back.x, shift.y + back.y);
}
