import { crossSpectrum } from '../../../maths/cross-correlation.ts';
import { inverseFourier } from '../../../maths/fourier.ts';
import {
  ANGLE_BINS,
  ANGLE_STEP,
  logPolarSpectrum,
  logRadiusStep,
  RADIUS_BINS,
} from '../../../maths/log-polar.ts';
import { cutRaster, type Raster } from '../../../maths/raster.ts';
import { reduceRaster } from '../../../maths/resample.ts';

/** x of the target = scale * turn by angle * x of the reference, from middle to middle. */
export interface TurnAndScale {
  /** From the x axis toward the y axis, which points down: clockwise as one looks at the image. */
  angleRadians: number;
  scale: number;
}

const SIDES = [256, 128, 64];
const MAX_SCALE = 2.5;
const PEAKS = 4;
/** Bins around a peak that belong to it. */
const PEAK_RADIUS = 4;

/**
 * By how much a target may be turned and scaled against a reference, whatever its shift: the most likely
 * first. A spectrum is the same when turned by half a turn, so that each angle comes with its opposite.
 * They are where to look, and locate nothing by themselves.
 *
 * Both are compared in the square in their middle, of up to 256 pixels after reduction by whole factors.
 *
 * @returns nothing when one of them is smaller than 64 pixels.
 */
export function turnAndScaleCandidates(reference: Raster, target: Raster): TurnAndScale[] {
  const shorter = Math.min(reference.width, reference.height, target.width, target.height);
  const side = SIDES.find((candidate) => candidate <= shorter);
  if (side === undefined) return [];
  const [from, to] = [middleSquare(reference, side), middleSquare(target, side)];
  const spectrum = crossSpectrum(logPolarSpectrum(from.square), logPolarSpectrum(to.square), true);
  const step = logRadiusStep(side);
  return peaks(inverseFourier(spectrum).values, Math.ceil(Math.log(MAX_SCALE) / step)).flatMap(
    ({ column, row }) => {
      const angleRadians = row * ANGLE_STEP;
      // Larger content has lower frequencies; a reduced target looks smaller than it is.
      const scale = Math.exp(-column * step) * (to.factor / from.factor);
      const opposite = angleRadians > 0 ? angleRadians - Math.PI : angleRadians + Math.PI;
      return [
        { angleRadians, scale },
        { angleRadians: opposite, scale },
      ];
    },
  );
}

function middleSquare(raster: Raster, side: number): { square: Raster; factor: number } {
  const factor = Math.floor(Math.min(raster.width, raster.height) / side);
  const size = side * factor;
  const [x, y] = [Math.floor((raster.width - size) / 2), Math.floor((raster.height - size) / 2)];
  const square = reduceRaster(cutRaster(raster, { x, y, width: size, height: size }), factor);
  return { square, factor };
}

/** The highest bins that lie apart, refined by a parabola along each axis. */
function peaks(values: Float64Array, reach: number): { column: number; row: number }[] {
  const at = (column: number, row: number) =>
    values[
      2 * (((row + ANGLE_BINS) % ANGLE_BINS) * RADIUS_BINS + ((column + RADIUS_BINS) % RADIUS_BINS))
    ]!;
  const found: { column: number; row: number }[] = [];
  while (found.length < PEAKS) {
    let best = { column: 0, row: 0, value: Number.NEGATIVE_INFINITY };
    for (let row = -ANGLE_BINS / 2; row < ANGLE_BINS / 2; row++) {
      for (let column = -reach; column <= reach; column++) {
        const value = at(column, row);
        if (value > best.value && found.every((peak) => isApart(peak, { column, row }))) {
          best = { column, row, value };
        }
      }
    }
    found.push({ column: best.column, row: best.row });
  }
  return found.map(({ column, row }) => ({
    column: column + vertex(at(column - 1, row), at(column, row), at(column + 1, row)),
    row: row + vertex(at(column, row - 1), at(column, row), at(column, row + 1)),
  }));
}

function isApart(
  peak: { column: number; row: number },
  other: { column: number; row: number },
): boolean {
  const rows = Math.abs(peak.row - other.row);
  return (
    Math.abs(peak.column - other.column) > PEAK_RADIUS ||
    Math.min(rows, ANGLE_BINS - rows) > PEAK_RADIUS
  );
}

function vertex(before: number, here: number, after: number): number {
  const bend = before - 2 * here + after;
  return bend < 0 ? Math.max(-0.5, Math.min(0.5, (before - after) / (2 * bend))) : 0;
}
