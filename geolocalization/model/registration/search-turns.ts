import { cornersOf, cutRaster, type PixelWindow, type Raster } from '../../../maths/raster.ts';
import { reduceRaster, resampleRaster } from '../../../maths/resample.ts';
import { inverse } from './corrected-geotransform.ts';
import { registerRasters } from './register-rasters.ts';
import { matrixFor, seenAs } from './register-turned.ts';
import { likelyShifts } from './search-shifts.ts';
import { type AffineMatrix, chain, matrixOf, type ShiftModelKind } from './shift-model.ts';
import { turnAndScaleCandidates } from './turn-and-scale.ts';

/** Pixels of the shorter side of what is compared at once. */
export const SEARCH_SIDE = 256;
/** Windows smaller than this show too little. */
const LEAST_SIDE = 128;
/** A reference of so many windows is too large to search: the time goes with them. */
const MAX_WINDOWS = 64;
/** Turns and scales that are tried of each window, with the opposite turns among them. */
const CANDIDATES = 4;
/** How much less is looked at to find the likeliest. */
const LOOK_FACTOR = 2;
/** Share of its size around a place that was found, as its scale is not known to a hundredth. */
const AROUND = 0.1;
/** The likeliest of each size, that are compared in earnest. */
const TRIED = 3;

/** What a search through windows of a reference came to. */
export interface TurnSearch {
  /** Windows, turns and scales that were tried. */
  places: number;
  /** The least number of false alarms of all that were compared, counted for all places. */
  falseAlarms: number | null;
  /** From a pixel of the reference to that of the target, both from pixel centers; null without a place. */
  matrix: AffineMatrix | null;
}

/**
 * Places a target that states nothing in a reference that may be larger: it is compared with windows of the
 * whole, of halves and of quarters, at every turn and up to 2.5 times larger or smaller than each. The few
 * likeliest of each size are compared in earnest.
 *
 * @param target its shorter side about 256 pixels.
 * @param options.beforeEach such as a heartbeat; it may throw to stop the work.
 */
export function searchTurns(
  reference: Raster,
  target: Raster,
  { seed, beforeEach }: { seed: string; beforeEach: () => void },
): TurnSearch {
  const windows = searchWindows(reference);
  const places = windows.length * CANDIDATES;
  let least: number | null = null;
  for (const side of new Set(windows.map(({ width }) => width))) {
    const same = windows.filter(({ width }) => width === side);
    for (const { matrix } of likeliest(reference, target, same, beforeEach)) {
      beforeEach();
      const first = compareThrough(reference, target, matrix, {
        seed,
        places,
        kinds: ['translation', 'similarity', 'affine'],
      });
      if (first.falseAlarms !== null)
        least = Math.min(least ?? first.falseAlarms, first.falseAlarms);
      if (first.matrix === null) continue;
      // What is left of turn and scale shows at the edges, however few windows there are to tell.
      const again = compareThrough(reference, target, first.matrix, {
        seed,
        places,
        kinds: ['similarity'],
      });
      return { places, ...(again.matrix === null ? first : again) };
    }
  }
  return { places, falseAlarms: least, matrix: null };
}

interface Part {
  raster: Raster;
  /** From a pixel of the whole reference to one of the part. */
  fromReference: AffineMatrix;
}

interface Likely {
  /** From a pixel of the reference to that of the target. */
  matrix: AffineMatrix;
  correlation: number;
}

/** Compares a target, turned and scaled as a matrix says, with all of the reference that it covers then. */
function compareThrough(
  reference: Raster,
  target: Raster,
  matrix: AffineMatrix,
  options: { seed: string; places: number; kinds: readonly ShiftModelKind[] },
): Pick<TurnSearch, 'falseAlarms' | 'matrix'> {
  const part = partOf(reference, boxOf(target, inverse(matrix)));
  const intoTarget = chain(matrix, inverse(part.fromReference));
  const { falseAlarms, status, model } = registerRasters(
    part.raster,
    seenThrough(target, part.raster, intoTarget),
    { offset: { x: 0, y: 0 }, ...options },
  );
  const moved = status !== 'LOCATED' || model === null ? null : matrixOf(model);
  const found = moved === null ? null : chain(intoTarget, chain(moved, part.fromReference));
  return { falseAlarms, matrix: found };
}

/** The turns and scales of some windows under which a target correlates best. */
function likeliest(
  reference: Raster,
  target: Raster,
  windows: readonly PixelWindow[],
  beforeEach: () => void,
): Likely[] {
  const found: Likely[] = [];
  for (const window of windows) {
    beforeEach();
    const part = partOf(reference, window);
    const halved = reduceRaster(part.raster, LOOK_FACTOR);
    for (const candidate of turnAndScaleCandidates(part.raster, target).slice(0, CANDIDATES)) {
      const seen = reduceRaster(seenAs(candidate, part.raster, target), LOOK_FACTOR);
      const [best] = likelyShifts(halved, seen);
      if (best === undefined) continue;
      const { x, y } = best.shift;
      const back: AffineMatrix = [1, 0, -LOOK_FACTOR * x, 0, 1, -LOOK_FACTOR * y];
      const inPart = chain(matrixFor(candidate, part.raster, target), back);
      found.push({ matrix: chain(inPart, part.fromReference), correlation: best.correlation });
    }
  }
  return found.sort((a, b) => b.correlation - a.correlation).slice(0, TRIED);
}

function partOf(reference: Raster, window: PixelWindow): Part {
  const factor = Math.max(1, Math.floor(Math.min(window.width, window.height) / SEARCH_SIDE));
  return {
    raster: reduceRaster(cutRaster(reference, window), factor),
    fromReference: [
      1 / factor,
      0,
      (0.5 - window.x) / factor - 0.5,
      0,
      1 / factor,
      (0.5 - window.y) / factor - 0.5,
    ],
  };
}

/** The whole pixels of the reference that a target covers, and some around it. */
function boxOf(target: Raster, [a, b, c, d, e, f]: AffineMatrix): PixelWindow {
  const corners = cornersOf(target);
  const [xs, ys] = [
    corners.map(([x, y]) => a * x + b * y + c),
    corners.map(([x, y]) => d * x + e * y + f),
  ];
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const [across, down] = [Math.max(...xs) - left, Math.max(...ys) - top];
  return {
    x: Math.floor(left - AROUND * across),
    y: Math.floor(top - AROUND * down),
    width: Math.ceil((1 + 2 * AROUND) * across),
    height: Math.ceil((1 + 2 * AROUND) * down),
  };
}

function seenThrough(target: Raster, size: Raster, matrix: AffineMatrix): Raster {
  const [a, b, c, d, e, f] = matrix;
  return resampleRaster(target, size, (x, y) => ({
    x: a * x + b * y + c,
    y: d * x + e * y + f,
  }));
}

/** The whole, then halves and quarters of the shorter side, each window half over the next. */
export function searchWindows({ width, height }: { width: number; height: number }): PixelWindow[] {
  const windows: PixelWindow[] = [];
  for (let parts = 1; ; parts *= 2) {
    const side = Math.floor(Math.min(width, height) / parts);
    if (side < LEAST_SIDE && parts > 1) return windows;
    const [across, down] = [startsAlong(width, side), startsAlong(height, side)];
    if (windows.length + across.length * down.length > MAX_WINDOWS && parts > 1) return windows;
    for (const y of down) {
      for (const x of across) windows.push({ x, y, width: side, height: side });
    }
  }
}

function startsAlong(length: number, side: number): number[] {
  const steps = Math.ceil((2 * (length - side)) / side);
  if (steps === 0) return [0];
  return Array.from({ length: steps + 1 }, (_, index) =>
    Math.round((index * (length - side)) / steps),
  );
}
