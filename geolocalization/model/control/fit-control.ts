import { rootMeanSquare } from '../../../maths/mean.ts';
import type { ControlModel, GroundControl } from '../../../contracts/scene-placement.ts';
import type { Geotransform } from '../affine.ts';
import { fitGeotransform } from '../registration/fit-geotransform.ts';
import { controlToMap, inMovedMap, inPixels, slopeAt } from './control-geometry.ts';
import { fitProjective } from './fit-projective.ts';
import { fitSpline, type SplineFit } from './fit-spline.ts';
import { usableControl } from './usable-control.ts';

/** Pixels: the simpler model is taken when its points are off by less, rms. */
const GOOD_PIXELS = 1;
/** Of the raster's longer side: points that are off by more tell no place. */
const MAX_SHARE = 0.1;
/** Points that are fitted: the others check the fit. A spline costs the third power of them. */
const MAX_POINTS = 200;
/** Of the mean distance of the points, in the square: from through them all to nearly a plane. */
const SMOOTHINGS = [0, 1e-3, 0.03, 1, 30];
/** Places along each side at which a spline must not fold. */
const FOLD_STEPS = 8;

/** How a raster lies in a map by its control points. */
export interface ControlFit {
  /** Six numbers, or a model that six numbers cannot hold. */
  model: { kind: 'affine'; transform: Geotransform } | ControlModel;
  /** Those that it was fitted to. */
  points: GroundControl[];
  rmsPixels: number;
  /** Of points that the fit was made without; null when it needs each of them. */
  leaveOneOutPixels: number | null;
  /** The point that the others agree least with. */
  worst: { column: number; row: number; offPixels: number } | null;
  /** One sentence each. */
  warnings: string[];
}

interface Size {
  width: number;
  height: number;
}

interface Candidate {
  model: ControlModel;
  offs: readonly (readonly [x: number, y: number])[];
}

/**
 * The place of a raster by its ground control points: the six numbers that fit them best when they are off
 * by less than a pixel, rms; else a plane perspective that fits as well; else a perspective or a thin-plate
 * spline, whichever tells better where a point lies that it was not fitted to.
 *
 * Errors are in pixels of the raster: what a point is off in the map, by the slope of the model there.
 *
 * @returns the rest of the sentence `Scene "x" ...` when they tell no place.
 */
export function fitControl(control: readonly GroundControl[], size: Size): ControlFit | string {
  const usable = usableControl(control);
  if (typeof usable === 'string') return usable;
  const points = spreadOver(usable.points, MAX_POINTS);
  const { warnings } = usable;
  const affine = fitGeotransform(
    points.map(({ column, row, x, y }) => ({ place: { column, row }, x, y })),
    size,
  );
  if (affine === null) return unfit(control, 'they span no area');
  const { transform } = affine;
  const asModel = throughMatrix(transform);
  const affineRms = rootMeanSquare(points.map((point) => offOf(asModel, point)));
  if (affineRms < GOOD_PIXELS) {
    return {
      model: { kind: 'affine', transform },
      points,
      rmsPixels: affineRms,
      leaveOneOutPixels: null,
      worst: null,
      warnings: points.length === 3 ? [...warnings, needsAll(3)] : warnings,
    };
  }
  // In pixels of the six numbers, so that degrees and meters, and both axes, count alike.
  const flat = points.map((point) => ({ ...point, ...flattened(transform, point) }));
  const others = usable.points.filter((point) => !points.includes(point));
  const projective = projectiveOf(flat, transform, size);
  const isExact = points.length === 4;
  if (projective !== null && (isExact || rmsOf(projective.model, points) < GOOD_PIXELS)) {
    return described(projective, points, others, warnings);
  }
  const spline = isExact ? null : bestSpline(flat, transform, size);
  const candidates = [projective, spline].filter((candidate) => candidate !== null);
  const [best] = candidates.toSorted((a, b) => leftOutRms(a, points) - leftOutRms(b, points));
  if (best === undefined) return unfit(control, 'every model through them folds the scene');
  const fit = described(best, points, others, warnings);
  const error = fit.leaveOneOutPixels ?? fit.rmsPixels;
  if (!(error <= MAX_SHARE * Math.max(size.width, size.height))) {
    const where =
      fit.worst === null
        ? ''
        : `, most at column ${fit.worst.column}, row ${fit.worst.row} by ${fit.worst.offPixels.toPrecision(3)} px`;
    return unfit(
      control,
      `they contradict each other: each is off from what the others tell by ${error.toPrecision(3)} px rms${where}`,
    );
  }
  return fit;
}

function unfit(control: readonly GroundControl[], fault: string): string {
  return `has ${control.length} ground control points that do not place it as ${fault}`;
}

function needsAll(count: number): string {
  return `its place goes through all ${count} ground control points, and nothing tells how far it is off between them: give one more`;
}

function described(
  { model, offs }: Candidate,
  points: GroundControl[],
  others: readonly GroundControl[],
  warnings: string[],
): ControlFit {
  const leftOut = [
    ...points.map((point, index) => ({ point, off: pixelsOf(model, point, offs[index]!) })),
    ...others.map((point) => ({ point, off: offOf(model, point) })),
  ].filter(({ off }) => Number.isFinite(off));
  const isTold = leftOut.length > 0;
  const worst = leftOut.toSorted((a, b) => b.off - a.off)[0];
  return {
    model,
    points,
    rmsPixels: rmsOf(model, points),
    leaveOneOutPixels: isTold ? rootMeanSquare(leftOut.map(({ off }) => off)) : null,
    worst: worst
      ? { column: worst.point.column, row: worst.point.row, offPixels: worst.off }
      : null,
    warnings: isTold ? warnings : [...warnings, needsAll(points.length)],
  };
}

function projectiveOf(
  flat: readonly GroundControl[],
  transform: Geotransform,
  { width, height }: Size,
): Candidate | null {
  const fitted = fitProjective(flat);
  if (fitted === null) return null;
  const own: ControlModel = { kind: 'projective', matrix: fitted.matrix };
  // A horizon in the picture, or a mirror beyond it.
  const corners = [
    [0, 0],
    [width, 0],
    [0, height],
    [width, height],
  ] as const;
  const isWhole = corners.every(([column, row]) => turnAt(own, column, row) > 0);
  if (!isWhole) return null;
  return {
    model: inMovedMap(own, transform),
    offs: fitted.leaveOneOut.map((off) => unflattened(transform, off)),
  };
}

/** The smoothing under which points that were left out are off least, among those that fold nothing. */
function bestSpline(
  flat: readonly GroundControl[],
  transform: Geotransform,
  size: Size,
): Candidate | null {
  let best: { fit: SplineFit; off: number } | null = null;
  for (const smoothing of SMOOTHINGS) {
    const fit = fitSpline(flat, smoothing);
    if (fit === null || folds(fit.model, size)) continue;
    const off = rootMeanSquare(fit.leaveOneOut.map(([x, y]) => Math.hypot(x, y)));
    if (best === null || off < best.off) best = { fit, off };
  }
  if (best === null) return null;
  return {
    model: inMovedMap(best.fit.model, transform),
    offs: best.fit.leaveOneOut.map((off) => unflattened(transform, off)),
  };
}

/** Whether rows and columns change sides somewhere: two pixels would lie at one place. */
function folds(model: ControlModel, { width, height }: Size): boolean {
  const count = FOLD_STEPS + 1;
  return Array.from({ length: count * count }, (_, index) =>
    turnAt(
      model,
      ((index % count) / FOLD_STEPS) * width,
      (Math.floor(index / count) / FOLD_STEPS) * height,
    ),
  ).some((turn) => !(turn > 0));
}

/** Positive where rows lie on the same side of columns as by the six numbers. */
function turnAt(flatModel: ControlModel, column: number, row: number): number {
  const slope = slopeAt(flatModel, column, row);
  if (slope === null) return Number.NaN;
  return slope[0] * slope[3] - slope[1] * slope[2];
}

function leftOutRms({ model, offs }: Candidate, points: readonly GroundControl[]): number {
  return rootMeanSquare(points.map((point, index) => pixelsOf(model, point, offs[index]!)));
}

function rmsOf(model: ControlModel, points: readonly GroundControl[]): number {
  return rootMeanSquare(points.map((point) => offOf(model, point)));
}

function offOf(model: ControlModel, point: GroundControl): number {
  const place = controlToMap(model, point.column, point.row);
  if (place === null) return Infinity;
  return pixelsOf(model, point, [point.x - place[0], point.y - place[1]]);
}

/** A distance in the map as one in pixels, by the slope of the model at a point. */
function pixelsOf(
  model: ControlModel,
  { column, row }: GroundControl,
  off: readonly [number, number],
): number {
  const slope = slopeAt(model, column, row);
  const pixels = slope === null ? null : inPixels(slope, off);
  return pixels === null ? Infinity : Math.hypot(pixels[0], pixels[1]);
}

function throughMatrix([x, a, b, y, d, e]: Geotransform): ControlModel {
  return { kind: 'projective', matrix: [a, b, x, d, e, y, 0, 0, 1] };
}

/** A place of the map as a pixel by the six numbers. */
function flattened([g0, a, b, g3, d, e]: Geotransform, { x, y }: GroundControl) {
  const [column, row] = inPixels([a, b, d, e], [x - g0, y - g3])!;
  return { x: column, y: row };
}

function unflattened(
  [, a, b, , d, e]: Geotransform,
  [column, row]: readonly [number, number],
): [number, number] {
  return [a * column + b * row, d * column + e * row];
}

/** So many of the points, each as far from those before as can be; the first one first. */
function spreadOver(points: readonly GroundControl[], most: number): GroundControl[] {
  if (points.length <= most) return [...points];
  const distances = points.map(() => Infinity);
  const chosen = new Set([0]);
  for (let last = 0; chosen.size < most;) {
    const from = points[last]!;
    let farthest = 0;
    for (const [index, { column, row }] of points.entries()) {
      const distance = (column - from.column) ** 2 + (row - from.row) ** 2;
      distances[index] = Math.min(distances[index]!, distance);
      if (distances[index]! > distances[farthest]!) farthest = index;
    }
    if (chosen.has(farthest)) break;
    chosen.add(farthest);
    last = farthest;
  }
  return points.filter((_, index) => chosen.has(index));
}
