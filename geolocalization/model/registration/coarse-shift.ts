import { matchWindow } from '../../../maths/match-window.ts';
import { cutRaster, type Raster } from '../../../maths/raster.ts';
import { reduceRaster } from '../../../maths/resample.ts';
import type { Point } from './shift-model.ts';
import { sharedPart } from './window-grid.ts';

/** Pixels of the longer side of what is compared at once. */
const LONG_SIDE = 512;
/** Below this many pixels a whole scene has too little structure left. */
const SHORT_SIDE = 48;
/** Share of the shorter side that is searched; what is shifted by more shares too little. */
const REACH = 0.35;
const MIN_RATIO = 1.5;
const MIN_PEAK_TO_SIDELOBE = 10;
/** How often both are halved further when no peak stands out. */
const LEVELS = 3;

/** A first look at two whole rasters. */
export interface CoarseShift {
  /** Pixels by which content is off, to some hundredths of `factor`. */
  shift: Point;
  ratio: number;
  peakToSidelobe: number;
  /** How much both were reduced. */
  factor: number;
  /** Pixels along each axis that were searched. */
  reach: number;
  /** Whether the peak stands out so far that it is not worth to look elsewhere. */
  isDecisive: boolean;
}

/**
 * How far content may be off by the target's own georeference, from both rasters reduced to 512 pixels,
 * and reduced further until a peak stands out: what changes between two dates is mostly small. It tells
 * the finer steps where to look, and locates nothing by itself.
 *
 * @param offset see `MatchPlan`.
 * @returns one a level, the last of which may be decisive; nothing when there is nothing to compare.
 */
export function coarseShifts(reference: Raster, target: Raster, offset: Point): CoarseShift[] {
  const part = sharedPart(reference, target, offset);
  const whole = { x: Math.round(offset.x), y: Math.round(offset.y) };
  const from = cutRaster(reference, part);
  const to = cutRaster(target, { ...part, x: part.x + whole.x, y: part.y + whole.y });
  const first = Math.max(1, Math.ceil(Math.max(part.width, part.height) / LONG_SIDE));
  const found: CoarseShift[] = [];
  for (let level = 0; level < LEVELS && found.at(-1)?.isDecisive !== true; level++) {
    const factor = first * 2 ** level;
    if (Math.min(part.width, part.height) / factor < SHORT_SIDE) break;
    const look = compareWhole(reduceRaster(from, factor), reduceRaster(to, factor), factor);
    if (look === null) continue;
    const { x, y } = look.shift;
    found.push({ ...look, shift: { x: x + whole.x - offset.x, y: y + whole.y - offset.y } });
  }
  return found;
}

function compareWhole(from: Raster, to: Raster, factor: number): CoarseShift | null {
  const searchRadius = Math.floor(REACH * Math.min(from.width, from.height));
  const window = { x: 0, y: 0, width: from.width, height: from.height };
  const match = matchWindow(from, to, window, {
    guess: { x: 0, y: 0 },
    searchRadius,
    isRough: true,
  });
  if (typeof match === 'string') return null;
  const { shift, ratio, peakToSidelobe, isAtEdge } = match;
  return {
    shift: { x: shift.x * factor, y: shift.y * factor },
    ratio,
    peakToSidelobe,
    factor,
    reach: searchRadius * factor,
    isDecisive: !isAtEdge && ratio >= MIN_RATIO && peakToSidelobe >= MIN_PEAK_TO_SIDELOBE,
  };
}
