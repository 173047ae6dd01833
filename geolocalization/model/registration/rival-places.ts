import { crossSpectrum } from '../../../maths/cross-correlation.ts';
import { complexPlane, type ComplexPlane, fourier, inverseAround } from '../../../maths/fourier.ts';
import { gradientField } from '../../../maths/gradient-field.ts';
import { orientationField, windowWeights } from '../../../maths/orientation-field.ts';
import type { PixelWindow, Raster } from '../../../maths/raster.ts';
import type { CoarseShift } from './coarse-shift.ts';
import type { Registration } from './conclude-registration.ts';
import { displacementAt, type Point, type ShiftModel } from './shift-model.ts';
import { someAgreeing } from './some-agreeing.ts';

/** Windows that are compared with what lies around: what all share is told by few. */
const COMPARED_WINDOWS = 12;
/** Sides of a window that the part of the target around it is wide. */
const PATCH_SIDES = 3;
/** Pixels at the edge of the patch that are left out. */
const EDGE = 4;
/** Pixels around a place that belong to it, and within which its own peak lies. */
const PEAK_RADIUS = 3;
const OWN_RADIUS = 1;
/**
 * How many times more alike a place has to be than any around it. Unrelated grounds on one lattice (squares,
 * hexagons, streets, two scales) reach 1.4; those that are the same 2.5 at least, also where half of a
 * lattice was sown anew or 35 years have passed.
 */
const MIN_RATIO = 2;
/** Reduced by more than this, a coarse look misses lattices that windows cannot tell apart either. */
const MAX_FACTOR = 4;

/** How much more alike a place is than what looks most like it around. */
export interface Rivalry {
  ratio: number;
  /** Pixels from the place to its rival. */
  distance: number;
}

/**
 * Whether a coarse look showed already that no other place is as good: its first peak stands out of all that it
 * searched, in which every lattice would repeat that peak.
 */
export function isWithoutRivals(coarse: readonly CoarseShift[]): boolean {
  const [first] = coarse;
  return first !== undefined && first.isDecisive && first.factor <= MAX_FACTOR;
}

/** Windows to compare with what lies around: all that agree, or some of them in even steps. */
export function windowsWithRivals<Point extends { isInlier: boolean }>(
  tiePoints: readonly Point[],
): Point[] {
  return someAgreeing(tiePoints, COMPARED_WINDOWS);
}

/** The part of the target with the content of a window in its middle. */
export function patchAround(
  { window, at }: { window: PixelWindow; at: Point },
  model: ShiftModel,
  offset: Point,
): PixelWindow {
  const off = displacementAt(model, at);
  const beside = ((PATCH_SIDES - 1) / 2) * window.width;
  return {
    x: window.x + Math.round(offset.x + off.x) - beside,
    y: window.y + Math.round(offset.y + off.y) - beside,
    width: window.width + 2 * beside,
    height: window.height + 2 * beside,
  };
}

/**
 * How alike a window of the reference is to each place of a patch of the target, by the axis of the gradients:
 * row-major, of odd side, the middle of the patch in the middle.
 *
 * @param window square.
 * @param patch see `patchAround`.
 */
export function likenessAround(window: Raster, patch: Raster): Float64Array {
  const inner = gradientField(window);
  const outer = gradientField(patch);
  const around = orientationField(outer, 'axis', Float64Array.from(outer.valid));
  const middle = placedIn(orientationField(inner, 'axis', windowWeights(inner)), window, around);
  const spectrum = crossSpectrum(fourier(middle), fourier(around), true);
  return inverseAround(spectrum, reachOf(window.width));
}

/** What windows have in common: a lattice repeats a match in all of them at the same distances. */
export function rivalryOf(likenesses: readonly Float64Array[]): Rivalry {
  const sums = new Float64Array(likenesses[0]?.length ?? 0);
  for (const likeness of likenesses) {
    for (let place = 0; place < sums.length; place++) sums[place]! += likeness[place]!;
  }
  const side = Math.sqrt(sums.length);
  const reach = (side - 1) / 2;
  let [own, rival, distance] = [0, 0, 0];
  for (let y = -reach, place = 0; y <= reach; y++) {
    for (let x = -reach; x <= reach; x++, place++) {
      const value = sums[place]!;
      if (Math.max(Math.abs(x), Math.abs(y)) <= OWN_RADIUS) own = Math.max(own, value);
      else if (x * x + y * y > PEAK_RADIUS ** 2 && value > rival) {
        [rival, distance] = [value, Math.hypot(x, y)];
      }
    }
  }
  return { ratio: rival === 0 ? Number.MAX_VALUE : own / rival, distance };
}

/**
 * The verdict on a place by what is as much like it around: the number of false alarms takes shifts as evenly
 * spread, and those of unrelated grounds on one lattice, such as of fields or streets, all lie at its points.
 */
export function verdictAmongRivals<Found extends Registration>(
  found: Found,
  { ratio, distance }: Rivalry,
): Found {
  if (found.status !== 'LOCATED' || ratio >= MIN_RATIO) return found;
  const { agreeing, compared } = found;
  const reason = `Ground that repeats itself, such as fields or streets, may have been taken for the same: ${agreeing} of ${compared} windows agree, but ${Math.round(distance)} px from there they look ${ratio <= 1 ? 'as much' : 'nearly as much'} alike`;
  // By chance alone, unrelated ground on that lattice looks as good.
  return { ...found, status: 'WEAK', reason, falseAlarms: Math.max(1, found.falseAlarms ?? 1) };
}

function reachOf(side: number): number {
  return Math.floor(((PATCH_SIDES - 1) / 2) * side) - EDGE;
}

/** A plane in the middle of an empty one that is as large as another. */
function placedIn(
  field: ComplexPlane,
  { width, height }: { width: number; height: number },
  like: ComplexPlane,
): ComplexPlane {
  const plane = complexPlane(like.width, like.height);
  const [left, top] = [((PATCH_SIDES - 1) / 2) * width, ((PATCH_SIDES - 1) / 2) * height];
  for (let row = 0; row < height; row++) {
    const from = 2 * row * field.width;
    const part = field.values.subarray(from, from + 2 * width);
    plane.values.set(part, 2 * ((row + top) * plane.width + left));
  }
  return plane;
}
