import { cutRaster, type Raster } from '../../../maths/raster.ts';
import { resampleFinely } from '../../../maths/fine-resample.ts';
import { structuralSimilarity } from '../../../maths/structural-similarity.ts';
import { coarseShifts } from './coarse-shift.ts';
import { concludeRegistration, type Registration } from './conclude-registration.ts';
import { placesToLook, SEARCH_RADIUS, searchedPlaces } from './places-to-look.ts';
import {
  isWithoutRivals,
  likenessAround,
  patchAround,
  rivalryOf,
  verdictAmongRivals,
  windowsWithRivals,
} from './rival-places.ts';
import { displacementAt, type Point, type ShiftModelKind } from './shift-model.ts';
import { measureTiePoint } from './tie-points.ts';
import { windowGrid } from './window-grid.ts';

/** Windows that are compared again in the check. */
const CHECKED_WINDOWS = 100;
/** Pixels that may be left when the correction is applied and the pair is compared again. */
const MAX_REMAINING = 0.1;

export interface RegistrationOptions {
  /** Pixel (x, y) of the reference is (x + offset.x, y + offset.y) of the target, as both files state. */
  offset: Point;
  /** Such as the hash of both contents. */
  seed: string;
  kinds?: readonly ShiftModelKind[];
  /** How many ways of placing the target are tried, of which this is one. */
  places?: number;
}

/** A registration, and what the pair looks like when the correction is applied. */
export interface CheckedRegistration extends Registration {
  /** Pixels by which the corrected target is still off; null when it was not located or matches no more. */
  remaining: number | null;
  /** Structural similarity to the reference as the target states its place, and as corrected. */
  similarityBefore: number | null;
  similarityAfter: number | null;
}

/**
 * Finds where a target lies against a reference: a coarse look at the whole, windows around what it found,
 * a model that they agree on, and a check of the corrected target.
 *
 * @param target one band with pixels of the same size and direction as those of the reference.
 */
export function registerRasters(
  reference: Raster,
  target: Raster,
  options: RegistrationOptions,
): CheckedRegistration {
  const coarse = coarseShifts(reference, target, options.offset);
  const places = (options.places ?? 1) * searchedPlaces(coarse);
  let best: Registration | null = null;
  for (const expected of placesToLook(coarse)) {
    const around = registerAround(reference, target, { ...options, expected, places });
    const found = isWithoutRivals(coarse)
      ? around
      : amongRivals(reference, target, around, options.offset);
    if (best === null || isBetter(found, best)) best = found;
    if (best.status === 'LOCATED') return checkItself(reference, target, best, options);
  }
  return { ...best!, remaining: null, similarityBefore: null, similarityAfter: null };
}

function isBetter(found: Registration, best: Registration): boolean {
  return (found.falseAlarms ?? Number.MAX_VALUE) < (best.falseAlarms ?? Number.MAX_VALUE);
}

function registerAround(
  reference: Raster,
  target: Raster,
  { offset, expected, seed, kinds, places = 1 }: RegistrationOptions & { expected: Point },
): Registration {
  const whole = { x: offset.x + expected.x, y: offset.y + expected.y };
  const grid = windowGrid(reference, target, whole);
  const searchRadius = Math.min(SEARCH_RADIUS, (grid?.side ?? 0) / 4);
  const plan = { offset, expected, searchRadius };
  return concludeRegistration(
    (grid?.windows ?? []).map((window) => measureTiePoint(reference, target, window, plan)),
    {
      seed,
      searchRadius,
      overlap: grid?.overlap ?? 1,
      places,
      ...(kinds === undefined ? {} : { kinds }),
    },
  );
}

function amongRivals(
  reference: Raster,
  target: Raster,
  found: Registration,
  offset: Point,
): Registration {
  const { status, model, tiePoints } = found;
  if (status !== 'LOCATED' || model === null) return found;
  const likenesses = windowsWithRivals(tiePoints).map((point) =>
    likenessAround(
      cutRaster(reference, point.window),
      cutRaster(target, patchAround(point, model, offset)),
    ),
  );
  return verdictAmongRivals(found, rivalryOf(likenesses));
}

/** Applies the correction and looks again: a place that does not hold is not LOCATED. */
function checkItself(
  reference: Raster,
  target: Raster,
  found: Registration,
  { offset, seed }: RegistrationOptions,
): CheckedRegistration {
  const model = found.model!;
  const still = { x: 0, y: 0 };
  const corrected = resampleFinely(target, reference, (x, y) => {
    const off = displacementAt(model, { x, y });
    return { x: x + offset.x + off.x, y: y + offset.y + off.y };
  });
  const inliers = found.tiePoints.filter(({ isInlier }) => isInlier);
  const every = Math.ceil(inliers.length / CHECKED_WINDOWS);
  const plan = { offset: still, expected: still, searchRadius: SEARCH_RADIUS };
  const again = concludeRegistration(
    inliers
      .filter((_, index) => index % every === 0)
      .map(({ window }) => measureTiePoint(reference, corrected, window, plan)),
    { seed, searchRadius: SEARCH_RADIUS, overlap: 1, kinds: ['translation'] },
  );
  const remaining = again.shift === null ? null : Math.hypot(again.shift.x, again.shift.y);
  const stated = resampleFinely(target, reference, (x, y) => ({
    x: x + offset.x,
    y: y + offset.y,
  }));
  const checked = {
    ...found,
    remaining,
    similarityBefore: structuralSimilarity(reference, stated),
    similarityAfter: structuralSimilarity(reference, corrected),
  };
  if (remaining !== null && remaining <= MAX_REMAINING) return checked;
  return {
    ...checked,
    status: 'WEAK',
    reason: `${found.reason}; but corrected by that, ${remaining === null ? 'it matches no more' : `it still lies ${remaining.toFixed(2)} px off`}`,
  };
}
