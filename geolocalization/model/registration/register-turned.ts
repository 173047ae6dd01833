import type { Raster } from '../../../maths/raster.ts';
import { resampleRaster } from '../../../maths/resample.ts';
import { coarseShifts } from './coarse-shift.ts';
import type { Registration } from './conclude-registration.ts';
import { registerRasters } from './register-rasters.ts';
import { unlocated } from './registration-verdict.ts';
import { type AffineMatrix, chain, matrixOf, type Point } from './shift-model.ts';
import { type TurnAndScale, turnAndScaleCandidates } from './turn-and-scale.ts';

export interface TurnedRegistration {
  /** Of the target as turned and scaled onto the grid of the reference; UNLOCATED without a place. */
  registration: Registration | ReturnType<typeof unlocated>;
  /** From a pixel of the reference to that of the target, both counted from pixel centers. */
  matrix: AffineMatrix | null;
}

/**
 * Places a target that states nothing, or nothing right, of its turn, scale and shift: each likely turn
 * and scale is tried on the whole, and the one that fits best is compared window by window. The chance of
 * a false alarm counts each that was tried.
 *
 * Both have to show mostly the same ground: their middles within a third of the shorter side, scales
 * within 2.5 of each other.
 *
 * @param seed such as the hash of both contents.
 */
export function registerTurned(
  reference: Raster,
  target: Raster,
  { seed }: { seed: string },
): TurnedRegistration {
  const candidates = turnAndScaleCandidates(reference, target);
  const best = mostLikely(reference, target, candidates);
  if (best === null) {
    return {
      registration: unlocated('no turn and scale brings it near the reference'),
      matrix: null,
    };
  }
  const registration = registerRasters(reference, seenAs(best, reference, target), {
    offset: { x: 0, y: 0 },
    seed,
    places: candidates.length,
  });
  const shift = registration.model === null ? null : matrixOf(registration.model);
  if (shift === null) {
    return {
      registration: unlocated('it matches the reference at no turn and scale'),
      matrix: null,
    };
  }
  return { registration, matrix: chain(matrixFor(best, reference, target), shift) };
}

/** The turn and scale under which the whole correlates best. */
function mostLikely(
  reference: Raster,
  target: Raster,
  candidates: readonly TurnAndScale[],
): TurnAndScale | null {
  let best: { candidate: TurnAndScale; peak: number } | null = null;
  for (const candidate of candidates) {
    const looks = coarseShifts(reference, seenAs(candidate, reference, target), { x: 0, y: 0 });
    const peak = Math.max(0, ...looks.map(({ ratio }) => ratio));
    if (looks.at(-1)?.isDecisive === true) return candidate;
    if (peak > (best?.peak ?? 0)) best = { candidate, peak };
  }
  return best?.candidate ?? null;
}

/** The target on the grid of the reference. */
export function seenAs(candidate: TurnAndScale, reference: Raster, target: Raster): Raster {
  const [a, b, c, d, e, f] = matrixFor(candidate, reference, target);
  return resampleRaster(target, reference, (x, y) => ({
    x: a * x + b * y + c,
    y: d * x + e * y + f,
  }));
}

/** From a pixel of the reference to that of the target, when both have their middles at the same place. */
export function matrixFor(
  { angleRadians, scale }: TurnAndScale,
  reference: Raster,
  target: Raster,
): AffineMatrix {
  const [a, d] = [scale * Math.cos(angleRadians), scale * Math.sin(angleRadians)];
  const [from, to] = [middleOf(reference), middleOf(target)];
  return [a, -d, to.x - a * from.x + d * from.y, d, a, to.y - d * from.x - a * from.y];
}

function middleOf({ width, height }: Raster): Point {
  return { x: (width - 1) / 2, y: (height - 1) / 2 };
}
