import type { MeasuredWindow } from '../../contracts/scene-registration-plan.ts';
import type { PixelWindow } from '../../maths/raster.ts';
import { structuralSimilarity } from '../../maths/structural-similarity.ts';
import { isTiePoint } from '../model/registration/tie-points.ts';
import { SEARCH_RADIUS } from '../model/registration/places-to-look.ts';
import { measureTiePoints } from './measure-tie-points.ts';
import type { OpenPair } from './open-pair.ts';

const STILL = { x: 0, y: 0 };

/** Compares a window of a corrected scene again, and tells how alike it is before and after. */
export async function checkWindow(
  stated: OpenPair,
  corrected: OpenPair,
  window: PixelWindow,
): Promise<MeasuredWindow> {
  const searchRadius = Math.min(SEARCH_RADIUS, window.width / 4);
  const [measured] = await measureTiePoints(corrected, [window], {
    offset: STILL,
    expected: STILL,
    searchRadius,
  });
  if (!isTiePoint(measured!)) return measured!;
  const reference = await corrected.reference.read({ window });
  return {
    ...measured,
    similarityBefore: structuralSimilarity(reference, await stated.target.read({ window })),
    similarityAfter: structuralSimilarity(reference, await corrected.target.read({ window })),
  };
}
