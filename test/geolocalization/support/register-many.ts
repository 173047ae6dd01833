import { registerRasters } from '../../../geolocalization/model/registration/register-rasters.ts';
import type { Raster } from '../../../maths/raster.ts';
import type { PairOfKnownShift } from './known-pairs.ts';

const STILL = { x: 0, y: 0 };

/** How many pairs of known shifts were located, and how far off in pixels the worst of those is. */
export function locateMany(pairs: Iterable<PairOfKnownShift>): {
  of: number;
  located: number;
  worst: number;
} {
  let [of, located, worst] = [0, 0, 0];
  for (const { reference, target, truth } of pairs) {
    of++;
    const found = registerRasters(reference, target, { offset: STILL, seed: String(of) });
    if (found.status !== 'LOCATED') continue;
    located++;
    worst = Math.max(worst, Math.hypot(found.shift!.x - truth.x, found.shift!.y - truth.y));
  }
  return { of, located, worst };
}

/** How many pairs were located that show nothing in common. */
export function falselyLocated(pairs: Iterable<{ reference: Raster; target: Raster }>): number {
  let [of, located] = [0, 0];
  for (const { reference, target } of pairs) {
    of++;
    const found = registerRasters(reference, target, { offset: STILL, seed: String(of) });
    if (found.status === 'LOCATED') located++;
  }
  return located;
}

/** One after the other, as many at once would not fit into memory. */
export function* several<Pair>(
  count: number,
  create: (index: number) => Pair,
): Generator<Pair, void> {
  for (let index = 0; index < count; index++) yield create(index);
}
