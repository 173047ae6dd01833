import { crossSpectrum } from '../../../maths/cross-correlation.ts';
import {
  complexPlane,
  type ComplexPlane,
  fourier,
  inverseFourier,
  fastSideFrom,
} from '../../../maths/fourier.ts';
import { type GradientField, gradientField } from '../../../maths/gradient-field.ts';
import type { Raster } from '../../../maths/raster.ts';
import type { Point } from './shift-model.ts';

/** Looked up once: in a sandbox, such as that of the tests, a global costs more than the sum. */
const { sqrt } = Math;

/** Places that are given. */
const PEAKS = 3;
/** Pixels around a place that belong to it. */
const PEAK_RADIUS = 6;
/** Share of the target's data that has to lie on data of the reference. */
const MIN_SHARE = 0.6;

export interface LikelyShift {
  /** What is at (x, y) of the target is at (x + shift.x, y + shift.y) of the reference. */
  shift: Point;
  /** Correlation of the two orientation fields there, -1 to 1. */
  correlation: number;
}

/**
 * Where in a larger reference a whole target lies most likely, both with pixels of the same size and
 * direction: the highest correlations of their doubled gradient angles, each by the energy of what the
 * target lies on, so that ground with much structure wins nothing by that. It locates nothing by itself.
 *
 * @returns the likeliest first, at least 6 pixels apart; nothing where either shows no structure.
 */
export function likelyShifts(reference: Raster, target: Raster): LikelyShift[] {
  const size = {
    width: fastSideFrom(reference.width + target.width),
    height: fastSideFrom(reference.height + target.height),
  };
  const [from, to] = [gradientField(reference), gradientField(target)];
  if (from.medianMagnitude === 0 || to.medianMagnitude === 0) return [];
  const [ground, seen] = [axisField(from, size), axisField(to, size)];
  const energies = complexPlane(size.width, size.height);
  forEachPixel(from, size, (pixel, index) => {
    const [real, imaginary] = [ground.values[index]!, ground.values[index + 1]!];
    energies.values[index] = real * real + imaginary * imaginary;
    energies.values[index + 1] = from.valid[pixel]!;
  });
  const mask = complexPlane(size.width, size.height);
  let [targetEnergy, targetPixels] = [0, 0];
  forEachPixel(to, size, (pixel, index) => {
    mask.values[index] = to.valid[pixel]!;
    targetPixels += to.valid[pixel]!;
    targetEnergy += seen.values[index]! ** 2 + seen.values[index + 1]! ** 2;
  });
  const products = inverseFourier(crossSpectrum(fourier(seen), fourier(ground), false));
  // Real part: energy of the reference under the target; imaginary part: how many of its pixels hold data.
  const under = inverseFourier(crossSpectrum(fourier(mask), fourier(energies), false));
  const at = (x: number, y: number): number => {
    const index = 2 * (wrap(y, size.height) * size.width + wrap(x, size.width));
    if (under.values[index + 1]! < MIN_SHARE * targetPixels) return 0;
    const energy = under.values[index]! * targetEnergy;
    return energy > 0 ? products.values[index]! / sqrt(energy) : 0;
  };
  return highest(at, reference, target);
}

/** How many places as large as one search radius such a search tries. */
export function searchedShifts(reference: Raster, target: Raster, searchRadius: number): number {
  const width = reference.width + target.width;
  const height = reference.height + target.height;
  return Math.max(1, (width * height) / (2 * searchRadius) ** 2);
}

function highest(
  at: (x: number, y: number) => number,
  reference: Raster,
  target: Raster,
): LikelyShift[] {
  const columns = reference.width + target.width - 1;
  const rows = reference.height + target.height - 1;
  const values = new Float64Array(columns * rows);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      values[row * columns + column] = at(column - target.width + 1, row - target.height + 1);
    }
  }
  const found: LikelyShift[] = [];
  while (found.length < PEAKS) {
    let [best, value] = [-1, 0];
    for (let index = 0; index < values.length; index++) {
      if (values[index]! > value) [best, value] = [index, values[index]!];
    }
    if (best < 0) break;
    const [column, row] = [best % columns, Math.floor(best / columns)];
    found.push({
      shift: { x: column - target.width + 1, y: row - target.height + 1 },
      correlation: value,
    });
    for (let y = Math.max(0, row - PEAK_RADIUS); y <= Math.min(rows - 1, row + PEAK_RADIUS); y++) {
      const [left, right] = [Math.max(0, column - PEAK_RADIUS), column + PEAK_RADIUS + 1];
      values.fill(0, y * columns + left, y * columns + Math.min(columns, right));
    }
  }
  return found;
}

/** See `orientationField`: the same without a window, as a whole is compared with a part of another. */
function axisField(field: GradientField, size: { width: number; height: number }): ComplexPlane {
  const plane = complexPlane(size.width, size.height);
  const { alongX, alongY, magnitude, valid, medianMagnitude } = field;
  forEachPixel(field, size, (pixel, index) => {
    const length = magnitude[pixel]!;
    if (valid[pixel] === 0 || length === 0) return;
    const [gx, gy] = [alongX[pixel]!, alongY[pixel]!];
    const weight = 1 / (length * (length + medianMagnitude));
    plane.values[index] = weight * (gx * gx - gy * gy);
    plane.values[index + 1] = weight * 2 * gx * gy;
  });
  return plane;
}

function forEachPixel(
  { width, height }: { width: number; height: number },
  plane: { width: number },
  visit: (pixel: number, index: number) => void,
): void {
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) visit(y * width + x, 2 * (y * plane.width + x));
  }
}

function wrap(value: number, length: number): number {
  return (value + length) % length;
}
